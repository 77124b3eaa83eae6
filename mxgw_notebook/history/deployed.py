"""The galaxies that a recording kept, and what its deploys did to the plant."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pyarrow.fs

from mxgw_notebook.analysis import Snapshot, deploy_impact, diff
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import moment_ns, stretch
from mxgw_notebook.history.folder import plant_folder
from mxgw_notebook.history.readable import Readable
from mxgw_notebook.history.recorded import RecordedSource


def galaxies_in(source: RecordedSource) -> list[tuple[int, str]]:
    """When each recorded galaxy was deployed (nanoseconds since 1970 UTC) and its file, oldest first."""
    place = f"{source.root}/galaxy/{plant_folder(source.plant)}"
    infos = source.filesystem.get_file_info(pyarrow.fs.FileSelector(place, allow_not_found=True))
    # Hidden is what is being written.
    whole = [info for info in infos if not info.base_name.startswith(".")]
    return sorted((int(info.base_name.partition(".")[0]), info.path) for info in whole)


def deployed_ns(galaxy: Snapshot, stamp: int) -> int:
    """When a galaxy was deployed; files are named by whole seconds, the galaxy itself knows better."""
    return moment_ns(galaxy.deployed) if galaxy.deployed[:1].isdigit() else stamp


def recorded_impact(recording: Readable, until_ns: int, window: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the newest deploy by a time did, and the samples by which that was found."""
    stamps = [time_ns for time_ns, _ in galaxies_in(recording.source) if time_ns <= until_ns]
    if len(stamps) < 2:
        hint = "analysis.deploy_impact takes snapshots of your own."
        raise ConfigurationError("No deploy was seen by then", hint=hint)
    before, after = (recording.galaxy(pd.Timestamp(one, tz="UTC")) for one in stamps[-2:])
    at = pd.Timestamp(deployed_ns(after, stamps[-1]), tz="UTC")
    start, end = at - stretch(window), at + stretch(window)
    samples, alarms = recording.frame(start=start, end=end), recording.alarms(end=end)
    known = recording.span[1]
    found = deploy_impact(
        samples, before, after, deployed=at, until=known, window=window, alarms=alarms
    )  # fmt: skip
    return found, samples


def recorded_deploys(recording: Readable, start_ns: int, end_ns: int) -> pd.DataFrame:
    """What the deploys of a time changed, as `analysis.diff` has it, and `deployed` (UTC)."""
    stamps = [time_ns for time_ns, _ in galaxies_in(recording.source)]
    found = []
    for old, new in pairwise(stamps):
        if start_ns <= new <= end_ns:
            galaxies = (recording.galaxy(pd.Timestamp(one, tz="UTC")) for one in (old, new))
            found.append(diff(*galaxies).assign(deployed=pd.Timestamp(new, tz="UTC")))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame({"deployed": [], "change": []})
