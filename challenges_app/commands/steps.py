"""Commands on files of steps."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from challenges_app.commands import as_json, print_json


@click.group()
def steps() -> None:
    """Steps from files of trackers."""


@steps.command(epilog="Example: eplus steps preview export.zip --json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--provider", default="auto", show_default=True, help="Whose file it is; its content tells.")
@click.option("--tz", default="Asia/Hong_Kong", show_default=True, help="The zone of times without an offset.")
@as_json
def preview(file: Path, provider: str, tz: str, as_json: bool) -> None:
    """Print what FILE would count and what not; keeps nothing. Exit code 1 when nothing in it can be read."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from integrations.preview import preview as look
    from integrations.providers import providers

    if provider != "auto" and provider not in providers():
        raise click.ClickException(f"There is no provider {provider}; there are {', '.join(providers())} and auto.")
    try:
        zone = ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError):
        raise click.ClickException(f"There is no time zone {tz}; one is Asia/Hong_Kong.") from None
    begun = (datetime.now(UTC) + timedelta(hours=14)).date()  # the last day that has begun anywhere on Earth
    try:
        with file.open("rb") as stream:
            found = _worded(look(stream, zone, begun, None if provider == "auto" else provider))
    except OSError as problem:
        raise click.ClickException(f"{file} cannot be read: {problem.strerror}.") from None
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(_lines(found)))
    sys.exit(found["provider"] is None)


def _worded(found: dict[str, Any]) -> dict[str, Any]:
    problems = [
        {"where": f"line {each.line}" if each.line else "file", "why": _why(each.why, each.seen), "code": each.why}
        for each in found["problems"]
    ]
    if found["more_problems"]:
        more = f"{found['more_problems']:,} more problems are not listed."
        problems.append({"where": "file", "why": more, "code": "more"})
    not_counted = [
        {"on": each["on"], "steps": each["steps"], "why": _why(each["why"]), "code": each["why"],
         "source": each["source"]}
        for each in found["not_counted"]
    ]  # fmt: skip
    return {
        "provider": found["provider"],
        "days": found["days"],
        "problems": problems,
        "not_counted": not_counted,
    }


def _why(code: str, seen: str = "") -> str:
    from challenges_app.kit.words import say

    text = say(f"why.{code}", "en")
    return f"{text} Here it says: {seen}" if seen else text


def _lines(found: dict[str, Any]) -> list[str]:
    days = [
        f"{each['on']}  {each['steps']:>7,}   "
        + ", ".join(f"{source or 'the file'} {steps:,}" for source, steps in each["sources"].items())
        for each in found["days"]
    ]
    total = sum(each["steps"] for each in found["days"])
    return [
        f"{found['provider'] or 'Not recognised'}: {len(days)} days, {total:,} steps",
        *days,
        *(f"not counted: {each['on']}  {each['steps']:>7,}   {each['why']}" for each in found["not_counted"]),
        *(f"problem: {each['where']}: {each['why']}" for each in found["problems"]),
    ]
