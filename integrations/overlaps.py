"""Stretches of time that overlap, where several devices tell of the same walk without saying who they are."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

Stretch = tuple[int, int, int]  # begin and end in milliseconds of a local day, steps

NEARLY = 1e-3  # of a step, by which a sum of shares may miss a whole number


def apart(stretches: Iterable[Stretch]) -> list[Stretch]:
    """What each stretch adds to the shorter ones inside it, so that no walk counts twice.

    A phone's quarter of an hour with 200 steps adds 10 to the 190 that a watch counted in two of its minutes. Together
    there are never more steps than in all of them, nor fewer than in the largest. Their order makes no difference; a
    moment without length stays.
    """
    told = sorted(stretches)
    lasting = [each for each in told if each[0] < each[1]]
    if all(one[1] <= other[0] for one, other in pairwise(lasting)):
        return told
    counted = _Counted(sorted({border for each in lasting for border in each[:2]}))
    found = [each for each in told if each[0] == each[1]]
    for begin, end, steps in sorted(lasting, key=lambda each: (each[1] - each[0], each)):
        more = max(0, steps - int(counted.between(begin, end) + NEARLY))
        counted.add(begin, end, more)
        found.append((begin, end, more))
    return sorted(found)


class _Counted:
    """How many steps lie between two borders, of stretches that are each walked evenly: two Fenwick trees.

    One holds where the pace changes and by how much, the other the same times where: steps up to a moment are then
    moment times pace minus the other's sum, and adding and asking cost the logarithm of the number of borders.
    """

    def __init__(self, borders: Sequence[int]) -> None:
        self._borders = borders
        self._pace = [0.0] * (len(borders) + 1)
        self._place = [0.0] * (len(borders) + 1)

    def add(self, begin: int, end: int, steps: int) -> None:
        pace = steps / (end - begin)
        self._change(begin, pace)
        self._change(end, -pace)

    def between(self, begin: int, end: int) -> float:
        return self._until(end) - self._until(begin)

    def _change(self, at: int, pace: float) -> None:
        node = bisect_left(self._borders, at) + 1
        while node < len(self._pace):
            self._pace[node] += pace
            self._place[node] += pace * at
            node += node & -node

    def _until(self, at: int) -> float:
        node, pace, place = bisect_left(self._borders, at) + 1, 0.0, 0.0
        while node:
            pace += self._pace[node]
            place += self._place[node]
            node -= node & -node
        return at * pace - place
