"""The contract of providers, held by every one that is found: whoever adds a tracker adds an example of its files."""

import io
import json
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Capabilities, DayCount, Problem, Reading, Sample
from integrations.days import collect
from integrations.preview import preview
from integrations.providers import providers
from integrations.upload import Unreadable
from tests.integrations.files import HONG_KONG, outcome, part

EXAMPLES = Path(__file__).parents[1] / "data" / "steps"
FILES = [path for path in sorted(EXAMPLES.glob("*/*")) if not path.name.endswith(".truth.json")]
ALL = [(path.parent.name, path.read_bytes()) for path in FILES]
each_example = pytest.mark.parametrize(("name", "content"), ALL, ids=[path.name for path in FILES])
each_provider = pytest.mark.parametrize("name", sorted(providers()))


def said(name: str, content: bytes) -> list[Reading]:
    """All that a provider yields; where it refuses to go on, the reason comes last."""
    found: list[Reading] = []
    try:
        for batch in providers()[name].read(part(content), io.BytesIO(content), HONG_KONG):
            found += batch
    except Unreadable as refused:
        found.append(Problem(None, refused.why))
    return found


def test_every_provider_has_an_example() -> None:
    assert {name for name, _ in ALL} == set(providers())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_example_gives_exactly_its_truth(path: Path) -> None:
    truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))["days"]
    found = preview(io.BytesIO(path.read_bytes()), HONG_KONG, date(2099, 1, 1))
    assert found["provider"] == path.parent.name
    assert {str(day["on"]): day["steps"] for day in found["days"]} == {on: day["steps"] for on, day in truth.items()}


@each_provider
def test_capabilities_are_checked_when_they_are_made(name: str) -> None:
    said = providers()[name].CAPABILITIES
    assert isinstance(said, Capabilities)
    assert said.name == name


@pytest.mark.parametrize(
    "wrong", [{"name": "no name"}, {"roads": ("pigeon",)}, {"grains": ()}, {"local_day": "guessed"}]
)
def test_capabilities_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "name": "x", "roads": ("file",), "grains": ("days",), "local_day": "asked", "by_hand": True, "corrects": True,
    }  # fmt: skip
    Capabilities(**right)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"name of a provider|must be some of"):
        Capabilities(**{**right, **wrong})  # type: ignore[arg-type]


@each_example
def test_capabilities_hold(name: str, content: bytes) -> None:
    able = providers()[name].CAPABILITIES
    for reading in said(name, content):
        if isinstance(reading, Sample):
            assert "samples" in able.grains
            assert reading.starts.tzinfo is not None
            assert reading.ends.tzinfo is not None
        elif isinstance(reading, DayCount):
            assert "days" in able.grains
            assert reading.revised_at is None or able.corrects
        if not isinstance(reading, Problem):
            assert able.by_hand or not reading.by_hand


@each_example
def test_each_recognises_its_own_files_and_no_others(name: str, content: bytes) -> None:
    known = [each for each in providers() if providers()[each].recognises(part(content))]
    assert [each for each in known if each == name or not providers()[each].CAPABILITIES.generic] == [name]
    assert outcome(content).provider == name


@each_provider
def test_the_examples_of_a_tracker_hold_steps_of_several_days(name: str) -> None:
    found = [outcome(content, provider=name) for whose, content in ALL if whose == name]
    assert sum(each.readings for each in found) > 300
    assert len({on for each in found for _, on, _ in each.days}) >= 10


@each_example
def test_reading_twice_is_the_same(name: str, content: bytes) -> None:
    assert said(name, content) == said(name, content)


@each_example
def test_shuffled_and_repeated_readings_are_the_same_days(name: str, content: bytes) -> None:
    found = said(name, content)
    again = found * 2
    random.Random(7).shuffle(again)
    assert collect(again)[0] == collect(found)[0]


@each_example
@pytest.mark.parametrize("share", [0.001, 0.3, 0.5, 0.77, 0.999])
def test_a_part_of_a_file_is_no_exception_and_keeps_the_readings_before(
    name: str, content: bytes, share: float
) -> None:
    cut = content[: int(len(content) * share)]
    whole = said(name, content)
    got = said(name, cut)
    kept = [each for each in got if not isinstance(each, Problem)]
    # The last row may have been cut in two, and can still look like one.
    assert kept[:-1] == [each for each in whole if not isinstance(each, Problem)][: len(kept[:-1])]
    if providers()[name].CAPABILITIES.piecewise:
        assert len(kept) >= (len(whole) - 1) * share - 20
    else:
        assert got  # something was read, or it is said why not
    assert len(got) - len(kept) <= 2


@each_example
def test_changed_bytes_raise_nothing(name: str, content: bytes) -> None:
    chance = random.Random(11)
    head = content[:20_000]
    for _ in range(30):
        broken = bytearray(head)
        for _ in range(chance.randrange(1, 40)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        outcome(bytes(broken))
        said(name, bytes(broken))


@each_provider
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_garbage_raises_nothing(name: str, content: bytes) -> None:
    providers()[name].recognises(part(content))
    said(name, content)
    assert outcome(content).days == []


def test_the_first_bytes_decide_and_never_raise() -> None:
    for head in (b"", b"\xff", b"\xfe\xff\xd8", b"\xff\xfe\0", b"<", b"\0" * 4096, "日期,步數".encode("utf-16")[:-1]):
        for each in providers().values():
            each.recognises(part(head))
