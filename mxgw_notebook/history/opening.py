"""Opening a recording: a folder, a capsule, or a URL."""

from __future__ import annotations

import json
import shutil
import weakref
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs

from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.history.capsule import ZIP, unpacked
from mxgw_notebook.history.folder import MARK, check_format, plant_of
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.recording import Recording
from mxgw_notebook.history.sql import needed
from mxgw_notebook.history.store import FRESH, place_given

HINT = "A recording is made by watch.record(folder), or mxgw-py record."


@checks_arguments
def open_recording(folder: str | Path, *, plant: str | None = None) -> Recording:
    """The recording in a folder, also while it grows. It reads values only when you ask for them.

    Args:
        folder: A folder, a capsule from `Recording.cut` (`incident.zip`), or any URL that fsspec knows
            (`s3://...`, `memory://...`; needs `mxgw-notebook[history]`).
        plant: The plant, if the folder has several.

    Raises:
        ConfigurationError: There is no recording, there are several plants, or the package for the URL is not
            installed.
    """
    return opened_at(folder, plant)


def open_recording_for(folder: str | Path, plant: str) -> Recording:
    """The same of a plant that was perhaps recorded under another name: one alone in its folder is meant."""
    return opened_at(folder, plant, or_alone=True)


def opened_at(folder: str | Path, plant: str | None, *, or_alone: bool = False) -> Recording:
    """The recording in a folder or URL, or of a capsule, which is unpacked as long as it is read."""
    named = place_given(folder, HINT)
    if not named.endswith(ZIP) or "://" in named or Path(named).is_dir():
        return opened(named, named, plant, or_alone)
    place = unpacked(Path(named))
    try:
        found = opened(str(place), named, plant, or_alone)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    weakref.finalize(found.source, shutil.rmtree, place, ignore_errors=True)
    return found


def opened(place: str, folder: str, plant: str | None, or_alone: bool) -> Recording:
    """The recording at a place, called by the folder that was named."""
    filesystem, root = located(place)
    try:
        with filesystem.open_input_stream(f"{root}/{MARK}") as file:
            told = json.loads(file.read())
    except FileNotFoundError:
        check_reached(filesystem, f"{root}/{MARK}", folder)
        message = f"{folder} holds no recording: there is no {MARK} in it"
        raise ConfigurationError(message, hint=HINT) from None
    except (OSError, ValueError) as error:
        message = f"{folder} holds no recording: {reason_of(error)}"
        raise ConfigurationError(message, hint=HINT) from None
    check_format(told, folder)
    chosen = plant_in(filesystem, root, plant, folder, or_alone)
    return Recording(RecordedSource(filesystem, root, chosen, folder))


def check_reached(filesystem: Any, path: str, folder: str) -> None:
    """Raises ConfigurationError where a store did not say that there is no such file, but nothing of it."""
    if not isinstance(filesystem, pa.fs.PyFileSystem):
        return
    try:
        filesystem.handler.fs.info(path)  # Arrow takes any trouble of a store for a file that is not there
    except FileNotFoundError:
        return
    except Exception as error:
        hint = "Is it reachable, and are its credentials those of this computer?"
        raise ConfigurationError(f"{folder} could not be read: {reason_of(error)}", hint=hint) from None


def recorded_in(folder: Path, plant: str) -> RecordedSource:
    """What stands in a folder of one plant, or will: a recorder may just have begun."""
    return RecordedSource(pa.fs.LocalFileSystem(), str(folder.absolute()), plant, str(folder))


def located(folder: str) -> tuple[Any, str]:
    """What reads a folder or URL, and its path there."""
    if "://" not in folder:
        return pa.fs.LocalFileSystem(), str(Path(folder).absolute())
    core = needed("fsspec.core", "fsspec", f"To read {folder}")
    try:
        found, root = core.url_to_fs(folder, **FRESH)
    except (ImportError, ValueError) as error:
        raise ConfigurationError(f"{folder} cannot be read: {error}", hint=HINT) from None
    return pa.fs.PyFileSystem(pa.fs.FSSpecHandler(found)), str(root).rstrip("/")


def plant_in(filesystem: Any, root: str, plant: str | None, folder: str, or_alone: bool) -> str:
    """The plant that is meant, of those that were recorded."""
    selector = pa.fs.FileSelector(f"{root}/runs", allow_not_found=True)
    journals = pa.fs.FileSelector(f"{root}/journal", allow_not_found=True)
    infos = [*filesystem.get_file_info(selector), *filesystem.get_file_info(journals)]
    known = sorted({plant_of(info.base_name) for info in infos if info.base_name.startswith("plant=")})
    if or_alone and plant not in known:
        plant = None
    if plant is None and len(known) > 1:
        message = f"{folder} has several plants: {', '.join(known)}"
        raise ConfigurationError(message, hint="Say whose values: plant=...")
    if plant is not None and plant not in known:
        others = f"It has {', '.join(known)}." if known else "Nothing is recorded in it yet."
        raise ConfigurationError(f"{folder} has nothing of {plant}", hint=others)
    return plant or (known[0] if known else "")
