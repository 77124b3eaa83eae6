"""What can be seen on this machine alone: versions, the loop, the widgets, the contract, room on the disk."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

from mxgw_notebook.client import contract_differences
from mxgw_notebook.gateway.checkup.finding import Finding, Health
from mxgw_notebook.gateway.flight_recorder import flights_folder
from mxgw_notebook.own_protos import VARIABLE
from mxgw_notebook.widgets import missing_bundles
from mxgw_notebook.words import counted

OURS = "mxgw-notebook"
SHOWN = (
    *("grpcio", "protobuf", "numpy", "pandas", "pyarrow", "ptars", "ipython", "ipykernel", "ipywidgets"),
    *("anywidget", "jupyterlab", "jupyterlab_widgets", "notebook"),
)
# A recorder says that it fails where nothing can be written; it is looked for before.
LITTLE, TOO_LITTLE = 2e9, 100e6


def checks() -> dict[str, Callable[[], Finding]]:
    """Every check of this machine, by its name, in the order they are shown."""
    return {
        "versions": versions,
        "what it stands on": requirements,
        "event loop": event_loop,
        "widgets": widgets,
        "contract": contract,
        "disk for recordings": disk,
    }


def versions() -> Finding:
    """The versions, for a report of a mistake."""
    told = [f"Python {platform.python_version()}", f"{OURS} {version(OURS)}"]
    told += [f"{name} {number}" for name in SHOWN if (number := version_of(name))]
    return Finding("versions", Health.GOOD, ", ".join([*told, platform.platform()]))


def version_of(name: str) -> str:
    """An installed package's version; empty where it is not here."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def requirements() -> Finding:
    """Whether what is installed is what this version was made for."""
    check = "what it stands on"
    if find_spec("packaging") is None:
        return Finding(check, Health.UNKNOWN, "packaging is not installed, which reads requirements")
    from packaging.requirements import Requirement

    wrong = []
    for requirement in map(Requirement, requires(OURS) or []):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            number = version_of(requirement.name)
            if not number or not requirement.specifier.contains(number, prereleases=True):
                wrong.append(f"{requirement} is asked for, and {number or 'none'} installed")
    if wrong:
        return Finding(check, Health.BAD, "; ".join(wrong), f"python -m pip install --upgrade {OURS}")
    return Finding(check, Health.GOOD, "all versions are in the required range")


def event_loop() -> Finding:
    """Whether something has changed how asyncio works in this process."""
    check = "event loop"
    policy = type(asyncio.get_event_loop_policy()).__module__
    if not hasattr(asyncio, "_nest_patched"):
        known = policy.partition(".")[0] in ("asyncio", "tornado")
        told = "asyncio is as Python has it" if known else f"loops are those of {policy}"
        return Finding(check, Health.GOOD if known else Health.LOOK, told)
    if "nest_asyncio" not in sys.modules:
        told = "patched by nest_asyncio2, which blocking calls on your own client need"
        return Finding(check, Health.GOOD, told)
    told = "nest_asyncio has patched asyncio: tasks may run inside others, and be cancelled late"
    return Finding(check, Health.LOOK, told, "Remove nest_asyncio.apply(): nothing here needs it.")


def widgets() -> Finding:
    """Whether the browser will be given what it draws by."""
    check = "widgets"
    if missing := missing_bundles():
        remedy = "python -m mxgw_notebook.widgets.bundle, or install a wheel."
        return Finding(check, Health.BAD, f"not built: {', '.join(missing)}", remedy)
    if not (number := version_of("jupyterlab_widgets")):
        told = "the bundles are there; whether JupyterLab shows widgets is not known from this environment"
        remedy = "Where JupyterLab itself is installed: python -m pip install jupyterlab_widgets"
        return Finding(check, Health.UNKNOWN, told, remedy)
    if not number.startswith("3."):
        remedy = "python -m pip install 'jupyterlab_widgets>=3,<4', then start JupyterLab again."
        return Finding(check, Health.BAD, f"jupyterlab_widgets {number} is for another JupyterLab", remedy)
    return Finding(check, Health.GOOD, f"bundles and jupyterlab_widgets {number} are there")


def contract() -> Finding:
    """Whether this process speaks the contract that this version was made with."""
    check = "contract"
    if not (differences := contract_differences()):
        return Finding(check, Health.GOOD, "the built-in one, or an equal one")
    told = f"{counted(len(differences), 'name')} differ from the built-in one: {differences[0].name}"
    more = ", ..." if len(differences) > 1 else ""
    return Finding(check, Health.LOOK, told + more, f"mxgw-py contract lists them; {VARIABLE} chose it.")


def disk() -> Finding:
    """How much room there is where recordings and flights go."""
    check, worst, told = "disk for recordings", Health.GOOD, []
    for name, folder in (("here", Path.cwd()), ("flight recorder", flights_folder())):
        if folder is None:
            told.append(f"{name}: off")
            continue
        there = next((one for one in (folder, *folder.parents) if one.exists()), Path.cwd())
        free = shutil.disk_usage(there).free
        told.append(
            f"{name}: {free / 1e9:,.1f} GB free" + ("" if os.access(there, os.W_OK) else ", read-only")
        )
        if free < TOO_LITTLE or not os.access(there, os.W_OK):
            worst = Health.BAD
        elif free < LITTLE and worst is Health.GOOD:
            worst = Health.LOOK
    remedy = (
        "" if worst is Health.GOOD else "Record elsewhere: %mxgw record --to FOLDER, MXGW_FLIGHTS=FOLDER."
    )
    return Finding(check, worst, "; ".join(told), remedy)
