"""What %mxgw takes where a line does not say it; `%config MxgwMagics` lists it and sets it for a session."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets import Bool, Float, TraitError, Unicode
from traitlets.config import Config, SingletonConfigurable

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import stretch


class Stretch(Unicode[str, Any]):
    """A length of time as text, e.g. 10m."""

    info_text = "a length of time such as 10s, 5min or 2h"

    def validate(self, obj: Any, value: Any) -> str:
        """The text. Raises TraitError for what is no length of time."""
        text: str = super().validate(obj, value)
        try:
            stretch(text)
        except ConfigurationError:
            self.error(obj, value)
        return text


class Seconds(Float[float, Any]):
    """A number of seconds, above 0."""

    info_text = "a number of seconds above 0"

    def validate(self, obj: Any, value: Any) -> float:
        """The number. Raises TraitError for one that nobody can wait for."""
        seconds: float = super().validate(obj, value)
        if not 0 < seconds < math.inf:
            self.error(obj, value)
        return seconds


class MxgwMagics(SingletonConfigurable):
    """The settings of %mxgw in this session. What a line says itself goes before."""

    window = Stretch("2m", help="watch: the time that a trend shows first").tag(config=True)
    read_timeout = Seconds(5.0, help="read, instances: how many seconds to wait").tag(config=True)
    confirm_timeout = Seconds(
        10.0, help="write, acknowledge: how many seconds to wait until the plant has taken it"
    ).tag(config=True)
    arm_for = Stretch("10m", help="arm: how long, at most one day").tag(config=True)
    before = Stretch("10s", help="when: how much to keep before an event").tag(config=True)
    after = Stretch("10s", help="when: how much to keep after an event").tag(config=True)
    operator = Unicode("", help="alarms, acknowledge: who acknowledges; empty for your own name").tag(
        config=True
    )
    require_comment = Bool(False, help="alarms: acknowledge in the table only with a comment").tag(
        config=True
    )

    def update_config(self, config: Config) -> None:
        """Sets what `%config` was told. Raises TraitError, which %config says, for what does not fit."""
        before = deepcopy(self.config)
        try:
            super().update_config(config)
        except TraitError:
            # Else the next %config, of another setting, would be refused for this one.
            self.config = before
            raise


def chosen() -> MxgwMagics:
    """The settings of this session; the usual ones where the extension is not loaded."""
    settings: MxgwMagics = MxgwMagics.instance()
    return settings


def load(shell: InteractiveShell) -> None:
    """Has `%config` know them. What IPython's configuration file says of them, or %config said, counts.

    What does not fit is named, and stays as usual.
    """
    unload(shell)
    settings = chosen()
    for name, value in shell.config.get(MxgwMagics.__name__, {}).items():
        try:
            settings.update_config(Config({MxgwMagics.__name__: {name: value}}))
        except TraitError as error:
            print(f"Not set: {error}")  # noqa: T201  an extension's answer
    # Typed as a list of shells; IPython has all kinds of its parts in it.
    configurables: list[Any] = shell.configurables
    configurables.append(settings)


def unload(shell: InteractiveShell) -> None:
    """Forgets them."""
    # By its name, not by identity: an extension that is loaded again after a reload has another class.
    shell.configurables[:] = [one for one in shell.configurables if type(one).__name__ != MxgwMagics.__name__]
    MxgwMagics.clear_instance()
