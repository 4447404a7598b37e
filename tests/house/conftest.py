"""The source as the house rules read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("challenges_app", "geo", "scoring", "integrations")


@pytest.fixture(scope="session")
def sources() -> dict[Path, ast.Module]:
    """Every Python file of the product with its syntax tree, by path from the root; migrations are history."""
    return {path.relative_to(ROOT): ast.parse(path.read_text("utf-8")) for path in _files()}


def _files() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "versions" not in path.parts:
                yield path
