"""Build hook: puts the built web app and the parks into the wheel; an editable install needs neither."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PARKS = ("parks.geojson", "parks-openstreetmap.geojson")


class WebAppAndParks(BuildHookInterface):  # type: ignore[type-arg]
    """Builds webapp/dist out of the repository; a source distribution already carries it built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        dist = root / "webapp" / "dist"
        if not (root / "PKG-INFO").exists():
            _build(root)
        if self.target_name == "sdist":
            build_data["artifacts"].append("/webapp/dist/")
            return
        for name in PARKS:
            build_data["force_include"][str(root / name)] = f"challenges_app/packaged/{name}"
        for path in sorted(dist.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                target = f"challenges_app/packaged/web/{path.relative_to(dist).as_posix()}"
                build_data["force_include"][str(path)] = target


def _build(root: Path) -> None:
    spec = importlib.util.spec_from_file_location("web_build", root / "bin" / "workshop" / "web_build.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("bin/workshop/web_build.py")
    web_build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(web_build)
    web_build.build(root)
