"""Hatchling's hook: a wheel, an editable install and an sdist each carry the browser bundles."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _load_bundle() -> ModuleType:
    # By path: while the wheel is built, the package itself is not importable.
    path = Path(__file__).with_name("bundle.py")
    spec = importlib.util.spec_from_file_location("mxgw_widget_bundle", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class WidgetBundles(BuildHookInterface[Any]):
    """Builds the bundles unless they are there and current, as they are in an sdist."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, asked for only where there is something to build and no npm to do it."""
        bundle = _load_bundle()
        if bundle.is_current() or bundle.npm_command() is not None:
            return []
        return [bundle.NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build into `static/`, which the wheel includes as an artifact."""
        bundle = _load_bundle()
        if bundle.is_current():
            return
        try:
            bundle.build()
        except bundle.BundleError as error:
            self.app.abort(str(error))
