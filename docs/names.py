"""The pages of the public names: each name of a face stands on the page of its theme."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import mxgw_notebook
from docs.snippets import example_of

# A face, the page of what comes from there, and what that page says first.
THEMES = {
    "mxgw_notebook.gateway": (
        "gateway",
        "Connecting and asking",
        "For notebooks and blocking scripts: `mx.connect(...)` returns a `Gateway`. Its methods return"
        " DataFrames, watches and reviews.",
    ),
    "mxgw_notebook.client": (
        "client",
        "The async clients",
        "For scripts and services: only asyncio and gRPC, no pandas, no notebook.",
    ),
    "mxgw_notebook.live": ("live", "Live parts", "The parts of a watch or a condition."),
    "mxgw_notebook.widgets": (
        "widgets",
        "Widgets",
        "The live parts of a notebook. You get them from `watch(...)`, `alarms()` and `browse()`.",
    ),
    "mxgw_notebook.analysis": (
        "analysis",
        "Analysis",
        "Functions that take and return DataFrames. They need no gateway: a saved file is enough. Import it as"
        " `from mxgw_notebook import analysis`.",
    ),
    "mxgw_notebook.history": (
        "history",
        "Recordings",
        "Past values: what records them, and what reads them.",
    ),
    "mxgw_notebook.analysis.galaxy_review": (
        "galaxy-review",
        "Review of a galaxy",
        "Questions about how a galaxy is engineered, also of a saved one. Import it as"
        " `from mxgw_notebook.analysis import galaxy_review`. [](../tutorials/02_galaxy.md) shows it.",
    ),
    "mxgw_notebook.simulator": (
        "simulator",
        "The embedded gateway",
        "A simulated plant with the same contract, to test your own programs.",
    ),
    "mxgw_notebook.magics": (
        "own-commands",
        "Commands of your own",
        "What a command of `%mxgw` in your own package is made of: see [](../howto/own-command.md). Import these names from"
        " `mxgw_notebook.magics`.",
    ),
    "mxgw_notebook.compat": (
        "compat",
        "For programs of the gateway's own client",
        "The clients that answer with the contract's messages, as the gateway's own client does: see"
        " [](../howto/from-the-gateways-client.md). Here stands only what differs from [](client.md).",
    ),
}
ERRORS = "mxgw_notebook.errors"
COMPAT = "mxgw_notebook.compat"
# What people import from elsewhere than `mxgw_notebook`: of these faces the names beside it, None for all.
OTHER_FACES: Mapping[str, tuple[str, ...] | None] = {
    "mxgw_notebook.analysis": None,
    "mxgw_notebook.analysis.galaxy_review": (
        "alarms_without_limits",
        "areas_by_size",
        "attributes_by_type",
        "equal_priorities",
        "naming_outliers",
        "template_usage",
        "unread_history",
    ),
    "mxgw_notebook.client": ("Samples",),
    "mxgw_notebook.history": ("HistorySource",),
    "mxgw_notebook.simulator": (
        "EmbeddedGateway",
        "GatewayControlError",
        "GatewayStartError",
        "StartSettings",
    ),
    "mxgw_notebook.magics": ("Arguments", "Command", "Parser"),
    COMPAT: ("GalaxyRepositoryClient", "GatewayClient"),
}


def public() -> Iterator[tuple[str, str]]:
    """Every public name as people import it, and the theme's face by whose page it is documented."""
    homes = {name: home for home, names in mxgw_notebook.HOMES.items() for name in names}
    for name in mxgw_notebook.__all__:
        yield f"mxgw_notebook.{name}", homes[name]
    for face, chosen in OTHER_FACES.items():
        for name in chosen or importlib.import_module(face).__all__:
            if name not in mxgw_notebook.__all__ or face == COMPAT:
                yield f"{face}.{name}", face


def found(path: str) -> Any:
    """The object of a name."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def directive(path: str) -> str:
    """How the generator is told to document a name."""
    one = found(path)
    if not inspect.isclass(one):
        kind = "autofunction" if callable(one) else "autodata"
        return f".. {kind}:: {path}\n"
    kind = "autoexception" if issubclass(one, BaseException) else "autoclass"
    inherited = "" if path.startswith(COMPAT) else "   :inherited-members:\n"
    return f".. {kind}:: {path}\n   :members:\n{inherited}"


def section(path: str) -> str:
    """A heading, below it what the docstring says, and an example."""
    name = path.rpartition(".")[2]
    return f"## {name}\n\n```{{eval-rst}}\n{directive(path)}```\n{example_of(path)}"


def theme(home: str) -> tuple[str, str, str]:
    """The page of a face, its title and first words; where `THEMES` has none, by the face's own name and docstring."""
    if home in THEMES:
        return THEMES[home]
    page = home.rpartition(".")[2]
    return page, page.capitalize(), inspect.getdoc(importlib.import_module(home)) or ""


def pages() -> Mapping[str, str]:
    """A page a theme; the errors have theirs in `remedies`."""
    listed = list(public())
    made = {}
    for home in dict.fromkeys([*THEMES, *(face for _, face in listed if face != ERRORS)]):
        page, title, about = theme(home)
        sections = [section(path) for path, face in sorted(listed) if face == home]
        made[f"reference/{page}.md"] = f"# {title}\n\n{about}\n\n" + "\n".join(sections)
    return made
