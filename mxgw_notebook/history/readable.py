"""What accounts of a recording ask of it."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from mxgw_notebook.analysis import Snapshot
from mxgw_notebook.history.recorded import RecordedSource


class Readable(Protocol):
    """A recording, as `Recording` has these."""

    @property
    def source(self) -> RecordedSource:
        """What gives its values."""

    @property
    def plant(self) -> str:
        """Its name."""

    @property
    def tags(self) -> list[str]:
        """Every tag of it."""

    @property
    def span(self) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
        """From when to when anything was recorded."""

    def frame(self, *tags: Any, start: Any = None, end: Any = None) -> pd.DataFrame:
        """Values."""

    def gaps(self, *tags: Any, start: Any = None, end: Any = None) -> pd.DataFrame:
        """Times without values."""

    def alarms(self, start: Any = None, end: Any = None) -> pd.DataFrame:
        """Transitions."""

    def writes(self) -> pd.DataFrame:
        """Writes made beside it."""

    def acknowledges(self) -> pd.DataFrame:
        """Acknowledges made beside it."""

    def notes(self) -> pd.DataFrame:
        """Its notes."""

    def galaxy(self, at: Any = None) -> Snapshot:
        """The galaxy as it was."""
