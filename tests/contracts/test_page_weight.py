"""What the page weighs on the way to a phone, in bytes: packed by the build, sent packed, and within its limits."""

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from challenges_app.app import create_app
from tests.builders import World

WEB = Path(__file__).parents[2] / "webapp" / "dist"
# Bytes as gzip packs them, the least that every browser unpacks. A phone on a weak signal fetches 200,000 a second.
FIRST_SCRIPT, FIRST_STYLE, FIRST_WORDS = 60_000, 12_000, 6_000
LATER_SCRIPT = 16_000
LATER_STYLE = 4_000
PICTURE = 2_500
MAP_ENGINE = 460_000  # with its worker; fetched when a map is opened, by nothing else
BASE_MAP = 125_000  # fetched whole, and not packed: its tiles are packed already
OF_THE_MAP = re.compile(r"maplibre|engine")
# What a phone that has nothing fetches until a screen is there, beside the first script and style: chunks, books.
SCREENS = {
    "sign in": (["Gate", "Offline"], ["", "entry/"], 105_000),
    "today": (["Gate", "Offline", "StepsCard"], ["", "entry/"], 108_500),
    "today in large type": (["Gate", "Offline", "ElderToday"], ["", "entry/", "elder/"], 108_500),
}


@pytest.fixture
def visitor(sqlite_world: World) -> FlaskClient:
    """Somebody who has never been here."""
    return create_app(sqlite_world.here).test_client()


def weight(path: Path) -> int:
    """The bytes in which gzip packs a file."""
    return len(gzip.compress(path.read_bytes(), 9))


def first(pattern: str) -> Path:
    """The file of the first screen that the page names in this way."""
    (name,) = re.findall(pattern, (WEB / "index.html").read_text("utf-8"))
    return WEB / name


def test_the_first_screen_is_light() -> None:
    assert weight(first(r'<script[^>]*src="/(assets/[^"]+)"')) <= FIRST_SCRIPT
    assert weight(first(r'<link rel="stylesheet"[^>]*href="/(assets/[^"]+)"')) <= FIRST_STYLE
    assert weight(first(r'<link rel="modulepreload"[^>]*href="/(assets/[^"]+)"')) <= FIRST_WORDS


def fetched(chunks: list[str], books: list[str], language: str) -> set[str]:
    """The files that the first script fetches for these chunks and books, itself and the first style among them."""
    script, style = (
        first(r'<script[^>]*src="/(assets/[^"]+)"'),
        first(r'<link rel="stylesheet"[^>]*href="/(assets/[^"]+)"'),
    )
    text = script.read_text("utf-8")
    (table,) = re.findall(r"m\.f=\[([^\]]*)\]", text)
    named = re.findall(r'"assets/([^"]+)"', table)
    files = {script.name, style.name}
    for chunk in chunks:
        # Each import names, by their places in a table, its script, what that imports, and their styles.
        (places,) = set(re.findall(rf"import\(.\./{chunk}-[\w-]+\.js.\),__vite__mapDeps\(\[([\d,]+)\]\)", text))
        files |= {named[int(place)] for place in places.split(",")}
    for book in books:
        files |= set(re.findall(rf'"\./{book}{language}\.json":\(\)=>\w+\(\(\)=>import\(.\./([\w-]+\.js)', text))
    return files


@pytest.mark.parametrize("screen", SCREENS)
def test_the_first_visit_to_a_screen_is_light(screen: str) -> None:
    """Many small pieces are heavy together; whichever language is the heaviest counts."""
    chunks, books, limit = SCREENS[screen]
    visits = [fetched(chunks, books, language) for language in ("zh-Hant", "zh-Hans", "en")]
    assert all(sum(name.startswith(("zh-", "en-")) for name in visit) == len(books) for visit in visits)
    weights = [{name: weight(WEB / "assets" / name) for name in visit} for visit in visits]
    heaviest = max(weights, key=lambda each: sum(each.values()))
    assert sum(heaviest.values()) <= limit, f"{sum(heaviest.values())} bytes: {heaviest}"


def test_the_page_names_one_script_and_one_style(visitor: FlaskClient) -> None:
    """Each more is another wait for the network, or bytes that the limit of the first does not see."""
    text = visitor.get("/").get_data(as_text=True)
    named = re.findall(r'(?:src|href)="/(assets/[^"]+\.(?:js|css))"', text)
    assert sorted(Path(name).suffix for name in named) == [".css", ".js", ".js"]


def test_what_comes_later_comes_in_small_pieces() -> None:
    heavy = {".js": LATER_SCRIPT, ".css": LATER_STYLE, ".svg": PICTURE}
    found = [path for path in (WEB / "assets").iterdir() if path.suffix in heavy]
    found = [path for path in found if not path.name.startswith("first-") and not OF_THE_MAP.match(path.name)]
    assert len(found) > 50
    assert {path.name: size for path in found if (size := weight(path)) > heavy[path.suffix]} == {}


def test_the_map_is_bounded_too() -> None:
    engine = [path for path in (WEB / "assets").glob("*.js") if OF_THE_MAP.match(path.name)]
    assert sum(weight(path) for path in engine) <= MAP_ENGINE
    assert sum(path.stat().st_size for path in WEB.rglob("*.pmtiles")) <= BASE_MAP


@pytest.mark.parametrize(("asked", "sent"), [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0", None)])
def test_texts_are_sent_packed_to_whom_unpacks_them(visitor: FlaskClient, asked: str, sent: str | None) -> None:
    path = first(r'<script[^>]*src="/(assets/[^"]+)"')
    answer = visitor.get(f"/assets/{path.name}", headers={"Accept-Encoding": asked})
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, sent)
    assert answer.mimetype == "text/javascript"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) <= (FIRST_SCRIPT if sent else path.stat().st_size)
    if sent != "br":
        whole = answer.get_data()
        assert (gzip.decompress(whole) if sent else whole) == path.read_bytes()


@pytest.mark.parametrize(
    ("ending", "kind", "sent"),
    [
        (".geojson", "application/geo+json", "br"),
        (".pmtiles", "application/vnd.pmtiles", None),
        (".webmanifest", "application/manifest+json", None),
    ],
)
def test_kinds_are_named_where_the_machine_knows_none(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, ending: str, kind: str, sent: str | None
) -> None:
    monkeypatch.setattr("challenges_app.app.guess_type", lambda name: (None, None))
    (path,) = WEB.rglob(f"*{ending}")
    answer = visitor.get(f"/{path.relative_to(WEB).as_posix()}", headers={"Accept-Encoding": "gzip, br"})
    assert (answer.status_code, answer.mimetype, answer.headers.get("Content-Encoding")) == (200, kind, sent)


def test_a_part_that_a_file_does_not_have_is_refused(visitor: FlaskClient) -> None:
    past = (WEB / "sw.js").stat().st_size
    answer = visitor.get("/sw.js", headers={"Range": f"bytes={past}-"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (416, "http.no_such_part")
    assert visitor.get("/sw.js", headers={"Range": f"bytes={past - 1}-"}).status_code == 206


def test_each_packing_has_an_entity_tag_of_its_own(visitor: FlaskClient) -> None:
    """With one for both, a browser would be told that its copy is still good when it holds another packing."""
    tags = {each: visitor.get("/sw.js", headers={"Accept-Encoding": each}).headers["ETag"] for each in ("br", "gzip")}
    assert len(set(tags.values())) == 2
    again = visitor.get("/sw.js", headers={"Accept-Encoding": "br", "If-None-Match": tags["br"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")


def test_the_service_worker_that_is_packed_is_the_one_that_names_its_files() -> None:
    """Packed before the build wrote the names of its files into it, it would keep nothing."""
    assert gzip.decompress((WEB / "sw.js.gz").read_bytes()) == (WEB / "sw.js").read_bytes()
    assert b'"/assets/first-' in (WEB / "sw.js").read_bytes()
