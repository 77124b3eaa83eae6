"""What is to be written, before it is known what the attribute takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values import Allowed, ValueType, sparse_to_wire, to_wire


@dataclass(frozen=True, slots=True)
class Intent:
    """A value as it was given; with a `total_length` the elements of an array by their index."""

    value: Any
    data_type: str | ValueType | None = None
    allowed: Allowed = field(default_factory=Allowed)
    total_length: int | None = None

    @property
    def asks(self) -> bool:
        """Whether the attribute has to be asked what it takes: nobody said, and the value alone cannot."""
        return self.data_type is None and self.value is not None and not isinstance(self.value, wire.MxValue)

    def as_wire(self, known: ValueType | None = None) -> wire.MxValue:
        """The value as it travels. Raises ConfigurationError where it does not fit."""
        kind = known if self.data_type is None else self.data_type
        if self.total_length is None:
            return to_wire(self.value, kind, **self.allowed)
        elements: Mapping[int, Any] = self.value
        return sparse_to_wire(elements, self.total_length, kind, **self.allowed)
