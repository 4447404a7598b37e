"""What a build of the park files made and left out, as data and as lines to read."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from geo.parks.file import PARKS_FILE, ParkFileError, collection_of
from geo.parks.geojson import Json
from geo.parks.match import MatchReport


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The files as bytes, and what went into them."""

    parks: bytes
    openstreetmap: bytes | None  # None where no park has a boundary from OpenStreetMap
    districts: bytes | None  # None where fences were upgraded and no facts were read
    faults: list[ParkFileError] = field(default_factory=list)  # rows that were left out, and why
    kept: list[str] = field(default_factory=list)  # parks whose government boundary was not replaced
    match: MatchReport | None = None  # None where no polygon file was given

    def counts(self) -> dict[str, int]:
        """How many parks there are, and of which kind."""
        made = [feature["properties"] for feature in collection_of(self.parks, PARKS_FILE)["features"]]
        government = sum(not properties["approximate"] for properties in made)
        others = len(collection_of(self.openstreetmap, "")["features"]) if self.openstreetmap else 0
        return {
            "parks": len(made),
            "grade_a": sum(properties["grade"] == "A" for properties in made),
            "confirmed": sum(properties["confirmed"] for properties in made),
            "government_boundaries": government,
            "openstreetmap_boundaries": others,
            "approximate": len(made) - government - others,
            "hours_assumed": sum(properties["hours_assumed"] for properties in made),
        }

    def lines(self) -> Iterator[str]:
        """The report to read, a fact a line, what went wrong last."""
        counts = self.counts()
        yield f"{counts['parks']} parks, {counts['grade_a']} of grade A, {counts['confirmed']} confirmed."
        yield (
            f"Boundaries: {counts['government_boundaries']} from the government, "
            f"{counts['openstreetmap_boundaries']} from OpenStreetMap; {counts['approximate']} parks are approximate."
        )
        yield f"Hours are assumed for {counts['hours_assumed']} parks."
        if self.match is not None:
            yield from _match_lines(self.match, self.kept)
        for fault in self.faults:
            yield f"Left out: {fault}"

    def as_json(self) -> Json:
        """The same for a program."""
        return {
            "counts": self.counts(),
            "left_out": [{"id": fault.feature, "reason": fault.reason} for fault in self.faults],
            "kept": self.kept,
            "match": None if self.match is None else _match_json(self.match),
        }


def _match_lines(match: MatchReport, kept: list[str]) -> Iterator[str]:
    yield f"{match.polygons} features read: {len(match.matches)} are parks, {len(match.unmatched)} are doubtful."
    for reason, number in sorted(match.passed_over.items()):
        yield f"Passed over {number}: {reason}."
    for found in match.matches:
        how = "" if found.same_name else ", spelled differently"
        where = f", {found.distance_m:.0f} m from its point" if found.distance_m else ""
        mended = f" (mended: {found.mended})" if found.mended else ""
        yield f"Matched {found.boundary.park_id}: {found.ref}{how}{where}{mended}"
    for park_id in kept:
        yield f"Kept {park_id}: its government boundary stays."
    for left in match.unmatched:
        yield f"Doubtful {left.ref} “{left.name}” ({', '.join(left.park_ids) or 'no park'}): {left.reason}"


def _match_json(match: MatchReport) -> Json:
    return {
        "features": match.polygons,
        "matched": [
            {
                "park_id": found.boundary.park_id,
                "ref": found.ref,
                "distance_m": found.distance_m,
                "same_name": found.same_name,
                "mended": found.mended,
                "licence": found.boundary.licence,
            }
            for found in match.matches
        ],
        "doubtful": [
            {"ref": left.ref, "name": left.name, "park_ids": list(left.park_ids), "reason": left.reason}
            for left in match.unmatched
        ],
        "passed_over": dict(sorted(match.passed_over.items())),
    }
