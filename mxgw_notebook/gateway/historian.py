"""A plant's historian: the keeper of its earlier values that mxgw.toml names, read when it is first asked.

It is the folder or URL of a recording, or what another installed package reads by the scheme of a URL. An
entry point of the group `mxgw_notebook.historians` is a function of the URL that returns a HistorySource.
Why: DECISIONS.md, "A historian that is away does not hide the present".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Final, TypeVar

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.frames import Samples
from mxgw_notebook.history import HistorySource, RecordedSource, Span, open_recording_for
from mxgw_notebook.live import Gap
from mxgw_notebook.profiles import Profile, beside

GROUP: Final = "mxgw_notebook.historians"
HINT: Final = "What came since you watch is in watch.frame(). Repair it, or correct historian in {file}."
T = TypeVar("T")


class Historian:
    """The historian of a plant as a keeper of values: see `HistorySource`.

    Raises:
        GatewayError: From every method: it cannot be read now. It is tried again at the next call.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._source: HistorySource | None = None
        self._failure = ""

    @property
    def origin(self) -> str:
        """What mxgw.toml calls it."""
        return self._profile.historian

    @property
    def standing(self) -> str:
        """Where it is, and whether it was read, in a line."""
        return f"{self.origin}: {self._failure or ('read' if self._source else 'not asked so far')}"

    @property
    def recorded(self) -> RecordedSource | None:
        """It, where it is a recording that could be read."""
        return self._source if isinstance(self._source, RecordedSource) else None

    def tags(self) -> Sequence[str]:
        """The tags of which it has anything."""
        return self._asked(lambda source: source.tags())

    def covers(self, tags: Sequence[str]) -> dict[str, list[Span]]:
        """When it listened to each."""
        return self._asked(lambda source: source.covers(tags))

    def samples(self, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, Samples]:
        """Of each tag the samples from start to end, and the newest earlier one."""
        return self._asked(lambda source: source.samples(tags, start_ns, end_ns))

    def gaps(self, tags: Sequence[str], start_ns: int, end_ns: int) -> list[Gap]:
        """Where it listened and values are missing all the same."""
        return self._asked(lambda source: source.gaps(tags, start_ns, end_ns))

    def alarms(self, start_ns: int, end_ns: int) -> list[AlarmRecord]:
        """The transitions of that time."""
        return self._asked(lambda source: source.alarms(start_ns, end_ns))

    def _asked(self, question: Callable[[HistorySource], T]) -> T:
        """What it answers."""
        try:
            if self._source is None:
                self._source = source_of(self._profile)
            answer = question(self._source)
        except Exception as error:  # of a store or a package that we do not know: whatever it raises is told
            raise self._told(error) from error
        self._failure = ""
        return answer

    def _told(self, error: Exception) -> GatewayError:
        """Why it could not be read."""
        reason = error.message if isinstance(error, GatewayError) else f"{type(error).__name__}: {error}"
        self._failure = f"could not be read: {' '.join(reason.split())}"
        hint = HINT.format(file=self._profile.file)
        return GatewayError(
            f"The historian of {self._profile.name}, {self.origin}, {self._failure}", hint=hint
        )


def source_of(profile: Profile) -> HistorySource:
    """What reads a plant's historian. Raises ConfigurationError where nothing does, or what it raises."""
    scheme, is_url, _ = profile.historian.partition("://")
    points = sorted(entry_points(group=GROUP, name=scheme)) if is_url else []
    if points:
        return brought(points[0], profile.historian)
    folder = profile.historian if is_url else str(beside(profile.file, profile.historian))
    return open_recording_for(folder, profile.name).source


def brought(point: EntryPoint, url: str) -> HistorySource:
    """The keeper of values that another package makes for a URL."""
    found = point.load()(url)
    if not isinstance(found, HistorySource):
        raise ConfigurationError(
            f"{point.value} gave a value of type {type(found).__name__}, and no HistorySource"
        )
    return found
