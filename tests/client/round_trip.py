"""A value on its way to the wire and back."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from hypothesis import strategies as st

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values import Value, ValueType, from_wire, to_wire
from mxgw_notebook.errors import ConfigurationError

NANOSECONDS = st.integers(-(2**63) + 1, 2**63 - 1)
TEXTS = st.text(max_size=20)
TYPES = ["Boolean", "Integer", "Float", "Double", "String", "Time", "ElapsedTime", "QualifiedEnum", None]
MOMENTS = st.datetimes(timezones=st.just(UTC))


def sent(value: Any, data_type: str | ValueType | None = None) -> wire.MxValue:
    """Any value as it travels: infinity, NaN and nothing as well, which a write has to ask for."""
    return to_wire(value, data_type, allow_nonfinite=True, allow_empty=True)


def there_and_back(value: Any, data_type: str | ValueType | None = None) -> Value:
    """What the other side of the wire has."""
    message = sent(value, data_type)
    return from_wire(wire.MxValue.FromString(message.SerializeToString()))


def refusal(value: Any, data_type: str | ValueType | None, **asked: bool) -> str:
    """The one line by which a value is refused."""
    with pytest.raises(ConfigurationError, match="cannot be written") as caught:
        to_wire(value, data_type, **asked)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
    return str(caught.value)
