"""A few real parks that lie close together, so that random walks meet several of them."""

from geo.parks.file import load_parks
from tests.walking import ROOT

NAMES = (
    "hong-kong-park", "kennedy-road-playground", "hong-kong-zoological-botanical-gardens", "tamar-park",
    "bowen-road-tennis-court", "bowen-road-garden", "magazine-gap-service-reservoir-playground",
)  # fmt: skip

_ALL = load_parks(ROOT / "parks.geojson")
PARKS = {name: _ALL[name] for name in NAMES}
