"""Providers of steps: each tracker is one file in this folder, found by walking it."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from integrations.contract import Provider


@cache
def providers() -> Mapping[str, Provider]:
    """Every provider by name, the generic ones last; raises ValueError for a file whose capabilities name another."""
    modules: dict[str, Any] = {each.name: import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)}
    for name, module in modules.items():
        if module.CAPABILITIES.name != name:
            raise ValueError(f"providers/{name}.py calls itself {module.CAPABILITIES.name}")
    return dict(sorted(modules.items(), key=lambda each: (each[1].CAPABILITIES.generic, each[0])))
