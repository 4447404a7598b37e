"""QR codes: what is drawn is what was meant."""

import re

from hypothesis import given
from hypothesis import strategies as st
from segno import make

from challenges_app.kit.qr import QUIET, qr

LINE = re.compile(r"M(\d+) (\d+)\.5h(\d+)")


@given(st.text(min_size=1, max_size=120))
def test_the_path_draws_exactly_the_dark_modules(text: str) -> None:
    code = qr(text)
    drawn = {(int(x) + step, int(y)) for x, y, length in LINE.findall(code.path) for step in range(int(length))}
    rows = list(make(text, error="m", micro=False).matrix_iter(border=QUIET))
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    assert code.size == len(rows)


def test_there_is_a_quiet_zone_around_it() -> None:
    code = qr("https://eplus.example/#/card/0123456789")
    xs = [int(x) for x, _, _ in LINE.findall(code.path)]
    assert min(xs) >= QUIET
    assert all(int(x) + int(length) <= code.size - QUIET for x, _, length in LINE.findall(code.path))
