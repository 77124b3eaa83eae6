"""The JavaScript and CSS that a widget sends to the browser, read from `static/`.

Why: DECISIONS.md, "A widget's code goes to the page compressed".
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

from mxgw_notebook.errors import ConfigurationError

LOADER = "loader.js"
STATIC = Path(__file__).with_name("static")
WIDGETS = ("trend", "alarm_table", "value_table", "recorder_panel", "galaxy_tree", "xy_plot")


@cache
def bundle_text(name: str) -> str:
    """The text of one bundled file; ConfigurationError says what to run when it was never built."""
    try:
        return (STATIC / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"The widget bundle {name} is missing from this source checkout",
            hint="Build it once: python -m mxgw_notebook.widgets.bundle",
        ) from None


@cache
def packed_code(widget: str) -> bytes:
    """A widget's JavaScript as `loader.js` unpacks it; ConfigurationError as of `bundle_text`."""
    return gzip.compress(bundle_text(f"{widget}.js").encode(), mtime=0)


def missing_bundles() -> list[str]:
    """The bundled files that are not there: a source checkout has none before its first build."""
    names = [LOADER, *(f"{widget}.{kind}" for widget in WIDGETS for kind in ("js", "css"))]
    return [name for name in names if not (STATIC / name).is_file()]
