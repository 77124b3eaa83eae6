"""Simulated values without a state: they follow from an attribute's name, its type and the moment."""

from __future__ import annotations

import math
import zlib
from typing import Any, cast

from mxgw_notebook.simulator.catalogue.shape import Span
from mxgw_notebook.simulator.plant import DataType, Scalar, Traits, Value

_PERIODS = (61.0, 127.0, 311.0, 787.0)  # s
_NUMBERS = (DataType.DOUBLE, DataType.FLOAT, DataType.ELAPSED_TIME)


def phase(seed: int, reference: str) -> int:
    """A number that is an attribute's own, 0 to 2**32 - 1."""
    return zlib.crc32(reference.lower().encode(), seed & 0xFFFFFFFF)


def signal(own: int, traits: Traits, span: Span, dimension: int, now: float) -> Value:
    """The value at a moment: numbers swing in their span, switches toggle, texts and times move on."""
    if traits.is_array:
        values: Any = [_scalar(own + 7919 * place, traits, span, now) for place in range(dimension)]
        return cast(Value, values)  # all of one type, by the traits
    return _scalar(own, traits, span, now)


def _scalar(own: int, traits: Traits, span: Span, now: float) -> Scalar:
    kind = traits.data_type
    if kind in _NUMBERS:
        return round(_number(own, span, now), traits.digits)
    if kind is DataType.BOOLEAN:
        return not traits.is_alarm and _wave(own, now) > 0.55
    if kind is DataType.INTEGER:
        return round(_number(own, span, now))
    if kind is DataType.TIME:
        return math.floor(now / 60.0) * 60.0
    if kind is DataType.QUALIFIED_ENUM and traits.names:
        return traits.names[(own + int(now / _PERIODS[2])) % len(traits.names)]
    return span.text or f"Text {(own + int(now / _PERIODS[2])) % 1000}"


def _number(own: int, span: Span, now: float) -> float:
    middle = span.low + (0.3 + 0.4 * (own % 1009) / 1009.0) * (span.high - span.low)
    return middle + 0.15 * (span.high - span.low) * _wave(own, now)


def _wave(own: int, now: float) -> float:
    """Between -1 and 1: a slow swing with a quicker one on it."""
    slow, quick = _PERIODS[2 + own % 2], _PERIODS[own % 2]
    turn = math.tau * (own % 4093) / 4093.0
    return 0.8 * math.sin(math.tau * now / slow + turn) + 0.2 * math.sin(math.tau * now / quick - turn)
