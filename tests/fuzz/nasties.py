"""Values that no honest page would send: texts, numbers, moments, headers and addresses."""

from datetime import timedelta

from tests.builders import CHALLENGE, MORNING
from tests.fuzz.doors import SCHOOL

LONG = "9" * 5000  # more digits than Python reads
TEXTS = [
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\U0010ffff", "\u202e", "\ufeff", "e\u0301", "ß", "İ", "１",
    "公園", "'", '"', "';--", "%s%n", "{0}", "{code}", "../../etc/passwd", "..\\..", "\r\nSet-Cookie: a=b",
    "<script>", "null", "NaN", "-1", "x" * 64, "x" * 65, "x" * 201, "x" * 100_000, LONG,
]  # fmt: skip
NUMBERS = [0, -0.0, 1, -1, 89.999, 90, 90.0000001, 180, -180, 1e6, 1e308, 5e-324, 2**31, 2**63, 2**64, 10**400, True]
# What a JSON library would not write.
RAW = [
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", LONG, f"-{LONG}", "0x10", "1_0", "01", ".5", '"', "'x'",
    "undefined", '"\\ud800"', '"\\u0000"', '"\x00"', '"\x1f"', "\udcff",
    "[" * 500 + "]" * 500, "[" * 60_000, '{"a":' * 20_000,
]  # fmt: skip
MOMENTS = [
    "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999Z",
    "2026-11-21T02:00:00", "2026-11-21", "2026-11-21T02:00:60Z", "2026-02-30T00:00:00Z", "now", "1763690400", "",
    0, 1e12, -1e300,
    *((MORNING + timedelta(seconds=by)).isoformat() for by in (-86_400, -601, -599, -60, -1, 0, 119, 121, 86_400)),
]  # fmt: skip

TYPES = [
    "application/json", "application/json; charset=utf-16", "application/json;charset=\xff", "application/vnd.api+json",
    "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x",
    "application/msgpack", "text/plain", "", "x" * 5000, ";;;", "*/*",
]  # fmt: skip
HEADERS = {
    "Accept-Language": [
        "zh-HK", "zh_HK", "zh-", "-zh", "-", "*", ",,,;;;=", ";q=1", "en;q=0", "en;q=nan", "en;q=1e999", "en;q=-1",
        "en;q=0.5;q=0.9", "en-" * 2000, "x" * 8000, "\xff\xfe",
    ],
    "Accept": ["text/html", "*/*;q=", "application/xml", ";"],
    "Origin": [
        "null", "http://[", "http://[::1", "http://[x]", "//", "http://localhost:99999", "http://a b",
        "http://localhost", "https://evil.example", "\xff",
    ],
    "Sec-Fetch-Site": ["cross-site", "same-origin", "none", "", "\xff"],
    "Cookie": [
        "__Host-session=", "__Host-session=\xff", '__Host-session="\\000"', "=;=;",
        "__Host-session=" + "x" * 9000, ";" * 4000,
    ],
    "Host": ["", "localhost:99999999", "[::1", "a b", "\xff.hk", "localhost:abc", "evil.example"],
    "Content-Length": ["-1", "x", "99999999999999999999", "0"],
    "Transfer-Encoding": ["chunked", "gzip", "identity"],
    "Content-Encoding": ["gzip", "br"],
    "Range": ["bytes=0-", "bytes=-1", "bytes=9-1", "x"],
    "If-None-Match": ['"', "*", "W/"],
    "If-Modified-Since": ["x", "Thu, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 99999 23:59:59 GMT"],
    "X-Forwarded-For": ["\xff", "1.1.1.1, " * 500],
    "X-Http-Method-Override": ["DELETE", "\xff"],
    "Expect": ["100-continue", "x"],
    "Connection": ["upgrade"],
    "Upgrade": ["websocket", "h2c"],
}  # fmt: skip

# From these the ids of boards and parks are put together, true ones and others.
PIECES = [
    CHALLENGE, "all", "2026-W47", "player", "household", "school", SCHOOL, "city", "hong-kong-park", "nobody",
    "members", "__class__", "total", "",
]  # fmt: skip
PATHS = [
    "/%00", "/api/%00", "/%ff%fe", "/%", "/%zz", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
    "/api", "/api/", "/api//session", "/api/boards", "/api/boards/", "/api/parks/", "/api/parks/hong-kong-park%00",
    "/api/parks/%ed%a0%80", "/api/openapi.json", "/assets/", "/assets/../index.html", "/assets/%00.js", "/index.html/",
    "/static/x", "/.env", "/C:/x", "/\\x", "/socket.io/", "/socket.io/?EIO=4&transport=polling", "/" + "a/" * 2000,
    "/" + "x" * 9000,
]  # fmt: skip
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X" * 300]
