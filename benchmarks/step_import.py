"""How fast and in how little memory an export of steps is read, beside the plain way, and through a running server."""

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.exports import write_export
from benchmarks.served import through_server
from benchmarks.telling import tell

ROOT = Path(__file__).parents[1]
MB = 1024 * 1024


def main() -> None:
    """Make an export, measure, print JSON to standard output and a table to standard error."""
    asked = arguments()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("export.zip" if asked.zip else "export.xml")
        records = write_export(path, asked.mb * MB, all_steps=asked.all_steps, packed=asked.zip)
        export = {"mb": asked.mb, "records": records, "all_steps": asked.all_steps, "zip": asked.zip}
        told: dict[str, Any] = {"export": {**export, "file_mb": path.stat().st_size / MB}}
        told["readers"] = compared(path, asked.mb, asked.runs)
        if asked.server:
            told["server"] = through_server(path)
    tell(told, table(told))


def arguments() -> argparse.Namespace:
    """What to measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.step_import", description=__doc__)
    parser.add_argument("--mb", type=int, default=200, help="size of the XML in MB (default 200)")
    parser.add_argument("--all-steps", action="store_true", help="records of steps alone; else one to three others")
    parser.add_argument("--zip", action="store_true", help="export.zip instead of export.xml")
    parser.add_argument("--runs", type=int, default=3, help="runs of each reader, of which the median counts")
    parser.add_argument("--server", action="store_true", help="also through `eplus serve`")
    return parser.parse_args()


def compared(path: Path, megabytes: int, runs: int) -> dict[str, dict[str, float]]:
    """The median seconds, MB/s, the ratio to the plain way, and peak memory of each reader; all find the same days."""
    readers = ["ours", "etree", *(["lxml"] if importlib.util.find_spec("lxml") else [])]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in readers}
    for _ in range(runs):
        for name in readers:  # in turns, so that a busy minute is shared
            found[name].append(fresh(name, path))
    assert len({each["digest"] for all_runs in found.values() for each in all_runs}) == 1, "the readers differ"
    seconds = {name: statistics.median(each["seconds"] for each in all_runs) for name, all_runs in found.items()}
    return {
        name: {
            "seconds": seconds[name],
            "mb_per_s": megabytes / seconds[name],
            "times_as_fast_as_etree": seconds["etree"] / seconds[name],
            "peak_mb": max(each["peak_mb"] for each in all_runs),
        }
        for name, all_runs in found.items()
    }


def fresh(name: str, path: Path) -> dict[str, Any]:
    """One reader once, in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.readers", name, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def table(told: dict[str, Any]) -> str:
    """The numbers for people."""
    lines = [f"{told['export']['records']} records, {told['export']['file_mb']:.0f} MB"]
    for name, each in told["readers"].items():
        ratio = f"{each['times_as_fast_as_etree']:.2f} × etree"
        lines.append(f"{name:8}{each['seconds']:8.1f} s{each['mb_per_s']:8.1f} MB/s   {ratio}{each['peak_mb']:8.0f} MB")
    lines += [f"{name:24}{value:10.2f}" for name, value in told.get("server", {}).items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
