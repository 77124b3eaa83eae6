"""A recording that is played again: the embedded gateway serves it as it would a plant."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

import pandas as pd

from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.history import Recording, instant_ns, open_recording, write_tape

if TYPE_CHECKING:
    from mxgw_notebook.simulator import EmbeddedGateway

# What `connect` is given for one: recording:FOLDER.
RECORDING: Final = "recording:"
SPEED_HINT: Final = "60 plays a minute in a second."
BARRED: Final = "this is a replay, of which nothing can be changed any more"


class ReplaySettings(TypedDict, total=False):
    """What `connect` takes by keyword for a recording."""

    start: Any
    end: Any
    tags: Any
    paused: bool
    plant: str


@checks_all_arguments
class Replay:
    """Controls a replay; `gateway.replay`. All times are those of the recording.

    Raises:
        GatewayError: From any method: the gateway of the replay does not run any more.
    """

    def __init__(self, embedded: EmbeddedGateway, source: str) -> None:
        self._embedded, self.source = embedded, source

    def __repr__(self) -> str:
        told = self._told()
        state = "over" if told["over"] else "playing" if told["playing"] else "paused"
        return f"<Replay of {self.source}: {state} at {shown(self.at)}, {told['speed']:g} x>"

    @property
    def at(self) -> pd.Timestamp:
        """The present time of the replay, UTC."""
        return moment(self._told()["at"])

    @property
    def span(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The first and the last time that can be played, UTC."""
        told = self._told()
        return moment(told["begin"]), moment(told["end"])

    @property
    def speed(self) -> float:
        """How many seconds of the recording are played in one second."""
        return float(self._told()["speed"])

    @property
    def playing(self) -> bool:
        """Whether the replay is running."""
        return bool(self._told()["playing"])

    @property
    def over(self) -> bool:
        """Whether it has reached the end."""
        return bool(self._told()["over"])

    def play(self, speed: float | None = None) -> None:
        """Continues, `speed` times as fast as the recorded plant was. Default: as fast as before."""
        if speed is not None and not 0 < speed < math.inf:
            raise ConfigurationError(f"A replay's speed is above 0, not {speed}", hint=SPEED_HINT)
        self._ask("play", **({} if speed is None else {"speed": float(speed)}))

    def pause(self) -> None:
        """Stops at the present time."""
        self._ask("pause")

    def seek(self, time: Any) -> None:
        """Goes to a time, forwards or back: every tag and alarm is as it was then.

        `"2026-05-04 06:00"` (UTC if it has no zone), or `"-10min"`: ten minutes before the present time of
        the replay.
        """
        first, last = self.span
        wanted = pd.Timestamp(instant_ns(time, self.at.value), tz="UTC")
        if not first <= wanted <= last:
            raise ConfigurationError(
                f"{shown(wanted)} is not in the replay", hint=f"It is of {shown(first)} to {shown(last)}."
            )
        self._ask("seek", to=wanted.value / 1e9)

    def step(self, seconds: float = 1.0) -> None:
        """Plays this many seconds of the recording, and pauses."""
        if not 0 < seconds < math.inf:
            raise ConfigurationError(
                f"A step is longer than 0 seconds, not {seconds}", hint="To go back, use seek."
            )
        self._ask("step", seconds=float(seconds))

    def _ask(self, action: str, **settings: float) -> None:
        from mxgw_notebook.simulator import GatewayControlError

        try:
            self._embedded.replay(action, **settings)
        except GatewayControlError as error:
            raise GatewayError(f"The replay did not {action}: {error}", hint="Connect again.") from None

    def _told(self) -> dict[str, Any]:
        from mxgw_notebook.simulator import GatewayControlError

        try:
            told: dict[str, Any] = self._embedded.status()["replay"]
        except GatewayControlError as error:
            raise GatewayError(f"The replay does not answer: {error}", hint="Connect again.") from None
        return told


def moment(seconds: float) -> pd.Timestamp:
    """Seconds since the epoch as a time, to the microsecond that a float has of it."""
    return pd.Timestamp(round(seconds * 1e6) * 1000, tz="UTC")


def shown(time: pd.Timestamp) -> str:
    """A time as a person reads it."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def start_replay(
    folder: str, speed: float, settings: ReplaySettings
) -> tuple[EmbeddedGateway, Replay, Recording]:
    """An embedded gateway that plays a recording, and the recording.

    Raises:
        ConfigurationError: There is none, nothing was recorded in that time, or something is not a time.
    """
    from mxgw_notebook.simulator import EmbeddedGateway, GatewayStartError

    recording: Recording = open_recording(folder, plant=settings.get("plant"))
    # It is read before it serves, so the folder need not outlive that.
    with tempfile.TemporaryDirectory(prefix="mxgw-tape-") as place:
        write_tape(
            recording, Path(place), tags=settings.get("tags", ()),
            start=settings.get("start"), end=settings.get("end"),
        )  # fmt: skip
        try:
            embedded = EmbeddedGateway.start(
                tape=place, speed=speed, paused=bool(settings.get("paused", False))
            )
        except GatewayStartError as error:
            raise GatewayError(
                str(error), hint="Is another program keeping new ones from starting?"
            ) from None
    return embedded, Replay(embedded, folder), recording
