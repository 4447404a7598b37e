"""Recordings as files: what is read, in which order, and what is refused where."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from geo import trace
from geo.trace import TraceError, read_trace
from tests.geo.places import REPOSITORY

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
GPX = "http://www.topografix.com/GPX/1/1"


def json_of(*fixes: object) -> bytes:
    return msgspec.json.encode({"fixes": fixes})


def fix_at(minute: int, **other: object) -> dict[str, object]:
    return {"t": f"2026-11-22T12:{minute:02}:00+08:00", "lat": 22.28, "lon": 114.16} | other


def gpx_of(*points: str, head: str = "", space: str = f' xmlns="{GPX}"') -> bytes:
    track = f"<trk><trkseg>{''.join(points)}</trkseg></trk>"
    return f'<?xml version="1.0"?>{head}<gpx version="1.1"{space}>{track}</gpx>'.encode()


def point(minute: int = 0, inner: str = "", lat: str = "22.28") -> str:
    return f'<trkpt lat="{lat}" lon="114.16"><time>2026-11-22T04:{minute:02}:00Z</time>{inner}</trkpt>'


def refusal_of(content: bytes) -> tuple[str, str]:
    with pytest.raises(TraceError) as refused:
        read_trace(content)
    return refused.value.where, refused.value.why


def test_json_with_and_without_accuracy() -> None:
    fixes = read_trace(json_of(fix_at(0, accuracy_m=7.5), fix_at(1, accuracy_m=None), fix_at(2)))
    assert [fix.accuracy_m for fix in fixes] == [7.5, None, None]
    assert [fix.at for fix in fixes] == [NOON + timedelta(minutes=turn) for turn in range(3)]


def test_json_may_tell_more_than_is_asked() -> None:
    content = b'\xef\xbb\xbf {"case": "x", "fixes": [{"t":"2026-11-22T04:00:00Z","lat":22,"lon":114,"floor":3}]}'
    assert len(read_trace(content)) == 1


@pytest.mark.parametrize("space", [f' xmlns="{GPX}"', "", ' xmlns="http://www.topografix.com/GPX/1/0"'])
def test_gpx_with_any_namespace_or_none(space: str) -> None:
    fixes = read_trace(gpx_of(point(0), point(1), space=space))
    assert [(fix.at, fix.lat, fix.lon, fix.accuracy_m) for fix in fixes] == [
        (NOON, 22.28, 114.16, None),
        (NOON + timedelta(minutes=1), 22.28, 114.16, None),
    ]


def test_gpx_of_several_tracks_and_segments_is_one_recording() -> None:
    content = (
        f'<gpx xmlns="{GPX}"><metadata><time>2026-01-01T00:00:00Z</time></metadata><wpt lat="1" lon="1"/>'
        f"<trk><trkseg>{point(0)}</trkseg><trkseg>{point(1)}</trkseg></trk>"
        f"<trk><!-- pause --><trkseg>{point(2)}</trkseg></trk></gpx>"
    )
    assert len(read_trace(content.encode())) == 3


@pytest.mark.parametrize("name", ["hAcc", "accuracy", "horizontalAccuracy"])
def test_gpx_accuracy_is_found_among_the_extensions(name: str) -> None:
    inner = f'<extensions><speed>1.25</speed><x:all xmlns:x="urn:x"><x:{name}>6.5</x:{name}></x:all></extensions>'
    (fix,) = read_trace(gpx_of(point(0, inner)))
    assert (fix.accuracy_m, fix.speed_mps) == (6.5, 1.25)


def test_gpx_dilution_is_not_metres_and_a_negative_accuracy_is_none() -> None:
    (fix,) = read_trace(gpx_of(point(0, "<hdop>1.2</hdop><extensions><hAcc>-1</hAcc></extensions>")))
    assert fix.accuracy_m is None


def test_gpx_times_without_an_offset_are_utc() -> None:
    (fix,) = read_trace(gpx_of('<trkpt lat="22" lon="114"><time>2026-11-22T04:00:00</time></trkpt>'))
    assert fix.at == NOON


def test_fixes_are_put_in_order() -> None:
    fixes = read_trace(json_of(fix_at(2), fix_at(0), fix_at(1)))
    assert [fix.at.minute for fix in fixes] == [0, 1, 2]


def test_of_several_at_one_instant_the_most_accurate_is_kept() -> None:
    fixes = read_trace(
        json_of(
            fix_at(0, lat=22.1),
            fix_at(0, lat=22.2, accuracy_m=9),
            fix_at(0, lat=22.3, accuracy_m=4),
            fix_at(0, lat=22.4, accuracy_m=4),
        )
    )
    assert [(fix.lat, fix.accuracy_m) for fix in fixes] == [(22.3, 4)]


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        (b"", "", "empty"),
        (b" \n", "", "empty"),
        (b"lat,lon\n1,2", "", "neither JSON nor GPX"),
        (b'{"fixes": [', "", "neither JSON nor GPX"),
        (b'{"fixes": []}', "", "no fixes"),
        (b"{}", "", "missing required field `fixes`"),
        (json_of({"lat": 1, "lon": 2}), "fixes[0]", "missing required field `t`"),
        (json_of(fix_at(0), fix_at(1, lat="x")), "fixes[1].lat", "Expected `float`"),
        (json_of(fix_at(0, lat=91)), "fixes[0].lat", "not between"),
        (json_of(fix_at(0, accuracy_m=-2)), "fixes[0].accuracy_m", "not a distance"),
        (json_of(fix_at(0, t="yesterday")), "fixes[0].t", "not a time"),
        (json_of(fix_at(0), fix_at(0, t="2026-11-22T12:00:00")), "fixes[1].t", "no offset"),
        (b"<kml/>", "", "root is <kml>"),
        (gpx_of(), "", "no fixes"),
        (gpx_of(point(0), '<trkpt lat="1" lon="2"/>'), "trk[0].trkseg[0].trkpt[1]", "no time"),
        (gpx_of('<trkpt lat="1" lon="2"><time> </time></trkpt>'), "trk[0].trkseg[0].trkpt[0]", "no time"),
        (gpx_of('<trkpt lat="1"><time>2026-11-22T04:00:00Z</time></trkpt>'), "trk[0].trkseg[0].trkpt[0]", "no lon"),
        (gpx_of(point(0, lat="north")), "trk[0].trkseg[0].trkpt[0].lat", "not a number"),
        (gpx_of(point(0, lat="nan")), "trk[0].trkseg[0].trkpt[0].lat", "not between"),
        (gpx_of(point(0, lat="95")), "trk[0].trkseg[0].trkpt[0].lat", "not between"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(content: bytes, where: str, why: str) -> None:
    said_where, said_why = refusal_of(content)
    assert said_where == where
    assert why in said_why


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE gpx [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE gpx SYSTEM "http://127.0.0.1/gpx.dtd">',
    ],
)
def test_document_types_and_entities_are_refused(head: str) -> None:
    assert "refused" in refusal_of(gpx_of(point(0), head=head))[1]


@pytest.mark.parametrize("of", [json_of, gpx_of])
def test_a_recording_may_have_only_so_many_fixes(of: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "MOST_FIXES", 2)
    rows = [fix_at(turn) if of is json_of else point(turn) for turn in range(3)]
    assert "more than 2" in refusal_of(of(*rows))[1]


def test_a_recording_may_be_only_so_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "MOST_BYTES", 100)
    assert "larger" in refusal_of(json_of(*[fix_at(turn) for turn in range(9)]))[1]


def test_the_walk_in_hong_kong_park_is_read() -> None:
    fixes = read_trace((REPOSITORY / "tests/data/walk-hong-kong-park.json").read_bytes())
    assert len(fixes) == 218
    assert fixes[0].at.isoformat() == "2024-11-02T10:00:00+08:00"
