"""A live widget where a notebook shows it: made when it is wanted first, and a picture when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mxgw_notebook.gateway.display import KeptWidget, Shown, tell_plant
from mxgw_notebook.profiles import Profile

if TYPE_CHECKING:
    from mxgw_notebook.widgets import LiveWidget

W = TypeVar("W", bound="LiveWidget[Any]")


class ShownLive(Generic[W]):
    """One live widget and the outputs that show it.

    `in_words` is what a terminal shows, `ended` what stands beside the picture once it has ended.
    `around` is what is displayed, where that is a panel with the widget in it.
    """

    def __init__(
        self,
        make: Callable[[], W],
        profile: Profile | None,
        in_words: Callable[[], str],
        ended: Callable[[], str] | None = None,
        around: Callable[[W], KeptWidget] | None = None,
    ) -> None:
        self._make, self._profile = make, profile
        self._in_words, self._ended = in_words, ended or in_words
        self._around: Callable[[W], KeptWidget] = around or (lambda made: made)
        self._shown = Shown()
        self.made: W | None = None

    @property
    def widget(self) -> W:
        """The same widget each time."""
        if self.made is None:
            self.made = self._make()
            self.made.in_words = self._in_words
            self.made.show_by = self.show
            tell_plant(self.made, self._profile)
        return self.made

    def show(self) -> None:
        """Displays it in the cell that runs now."""
        self._shown.show(self._around(self.widget))

    def become_picture(self) -> None:
        """Stops the widget, and leaves a static one wherever it is shown."""
        if self.made is not None:
            try:
                self.made.stop()
            finally:  # what was shown last is drawn also where the last look fails
                self._shown.replace(self._around(self.made).snapshot_html(), self._ended())
