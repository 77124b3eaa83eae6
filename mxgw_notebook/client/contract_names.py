"""The contract's names for what our records call shorter: scripts for the gateway's own client use them."""

from __future__ import annotations

from operator import attrgetter
from typing import Any


def also(name: str) -> Any:
    """A property that answers what another attribute does."""
    return property(attrgetter(name), doc=f"The same as `{name}`, by its name in the contract.")


class BulkEntry:
    """What every entry of a bulk reply answers to. `was_successful` is a bool, as in the contract."""

    __slots__ = ()
    tag: str
    failure: str

    tag_address = also("tag")
    error_message = also("failure")

    @property
    def was_successful(self) -> bool:
        """Whether it went well; `failure` says why not."""
        return not self.failure
