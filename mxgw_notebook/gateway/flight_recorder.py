"""The flight recorder: the last hours of whatever is watched, for the kernel that comes after this one.

Each connection records to a slot of its own in the user's cache folder, which a later one takes over. Nothing
of a plant is written unasked: it is on for the simulated plant, and where a person has switched it on.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import gives_table
from mxgw_notebook.gateway.recorders import Recorders
from mxgw_notebook.history import (
    Hold,
    Keep,
    Recorder,
    Recording,
    cache_folder,
    plant_folder,
    plant_of,
    recorded_in,
    take_slot,
)
from mxgw_notebook.live import Hub

# Where flights are kept instead; "off" for nowhere.
VARIABLE: Final = "MXGW_FLIGHTS"
DEMO: Final = "demo"
# A restart loses no more than it must, and the newest segment counts against the bound in whole.
MOST_ROWS = 200_000
ON = "on"
HOURS, MEGABYTES = 8.0, 500.0


def flights_folder() -> Path | None:
    """Where flights are kept; None where they are not to be."""
    said = os.environ.get(VARIABLE, "")
    if said == "off":
        return None
    if said:
        return Path(said)
    return cache_folder() / "flights"


class Flight:
    """The flight recorder of one connection. `begin` is called with each watch, on the loop thread."""

    def __init__(self, hub: Hub, recorders: Recorders, endpoint: str, *, simulated: bool) -> None:
        self.recorder: Recorder | None = None
        self._hub, self._recorders = hub, recorders
        recorders.when_watched.append(self.begin)
        # The next kernel's demo goes on where this one's was, though its port is another.
        self._plant = DEMO if simulated else endpoint
        self._simulated = simulated
        self._hold: Hold | None = None
        self._failure = ""

    @property
    def is_on(self) -> bool:
        """Whether what is watched is recorded, by default or because a person said so."""
        place = self._place()
        if place is None or (place / "off").exists():
            return False
        return self._simulated or (place / ON).exists()

    @property
    def status(self) -> str:
        """on, off, or in words why it does not record."""
        if self.recorder is not None and not self.recorder.stopped:
            return f"{self.recorder.status}: {self.recorder.folder}"
        return self._failure or ("on, from the first watch on" if self.is_on else "off")

    def switch(self, on: bool) -> None:
        """Has this plant's values recorded, from now on and in kernels to come; or not any more."""
        place = self._place()
        if place is None:
            raise ConfigurationError(f"{VARIABLE} says that no flight is recorded", hint="Unset it.")
        try:
            place.mkdir(parents=True, exist_ok=True)
            for name, wanted in ((ON, on), ("off", not on)):
                (place / name).touch() if wanted else (place / name).unlink(missing_ok=True)
        except OSError as error:
            raise ConfigurationError(f"{place} cannot be written: {reason_of(error)}") from None
        if not on:
            self.end()

    def begin(self) -> None:
        """Records, and remembers what a kernel before this one has recorded; harmless while it does."""
        if self.recorder is not None or not self.is_on:
            return
        try:
            slot = self._slot()
            self.recorder = Recorder(
                self._hub,
                slot,
                plant=self._plant,
                chosen=lambda: self._hub.subscriptions,
                feeds=[feed() for feed in self._recorders.feeds],
                keep=Keep(HOURS, MEGABYTES),
                most_rows=MOST_ROWS,
            )
        except (OSError, ConfigurationError) as error:  # a watch does without
            self._failure = f"off: {error}"
            return
        self.recorder.start()
        others = () if self._simulated else slots_of(slot.parent)
        for folder in dict.fromkeys([slot, *others]):
            self._recorders.sources.append(recorded_in(folder, self._plant))

    def end(self) -> None:
        """Records no more; what was recorded stays. Harmless the second time."""
        recorder, self.recorder = self.recorder, None
        if recorder is not None:
            recorder.stop()
        if self._hold is not None:
            self._hold.release()

    def _place(self) -> Path | None:
        folder = flights_folder()
        return None if folder is None else folder / plant_folder(self._plant)

    def _slot(self) -> Path:
        """The first slot that no other kernel records to. Raises OSError where there is none."""
        place = self._place()
        assert place is not None
        slot, self._hold = take_slot(place)
        return slot


def slots_of(place: Path) -> list[Path]:
    """The slots of a plant that hold a recording."""
    return sorted(path.parent for path in place.glob("*/recording.json"))


def recorded_flights() -> Iterator[tuple[str, Path]]:
    """Every flight that is kept, with its plant."""
    folder = flights_folder()
    for place in sorted(folder.glob("plant=*")) if folder is not None else ():
        yield from ((plant_of(place.name), slot) for slot in slots_of(place))


@gives_table
def flights(*, remove: Callable[[str], bool] | None = None) -> pd.DataFrame:
    """What the flight recorders have kept: `plant`, `start`, `end` (UTC), `tags`, `size`, `folder`.

    `size` is in megabytes. `open_recording(folder)` reads one. `remove` is called with each plant's name; if
    it returns True, that plant's flights are deleted.
    """
    rows = []
    for plant, slot in list(recorded_flights()):
        if remove is not None and remove(plant):
            shutil.rmtree(slot, ignore_errors=True)
            continue
        found = Recording(recorded_in(slot, plant))
        size = sum(path.stat().st_size for path in slot.rglob("*") if path.is_file()) / 1e6
        rows.append((plant, *found.span, len(found.tags), round(size, 1), str(slot)))
    table = pd.DataFrame(rows, columns=["plant", "start", "end", "tags", "size", "folder"])
    return table.astype({"start": "datetime64[ns, UTC]", "end": "datetime64[ns, UTC]"})
