"""Values that attributes of a plant file begin with, and hold until somebody writes them.

A file of JSON: by tag an object of `value` (a number, truth, text, or a list of them; a time as seconds since
1970 UTC) and `quality` (the OPC byte). Tags that the galaxy does not have are passed over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from mxgw_notebook.simulator.catalogue.catalogue import Catalogue
from mxgw_notebook.simulator.plant import DataType, Scalar, Traits, Value

_KINDS: dict[DataType, tuple[type, ...]] = {
    DataType.BOOLEAN: (bool,),
    DataType.INTEGER: (int,),
    **dict.fromkeys((DataType.FLOAT, DataType.DOUBLE, DataType.ELAPSED_TIME, DataType.TIME), (int, float)),
}


def hold_values(path: str, catalogue: Catalogue, now: float) -> None:
    """Sets the values of a file. Raises ValueError for one that is none, or a value that does not fit."""
    try:
        told: dict[str, dict[str, Any]] = json.loads(Path(path).read_text("utf-8"))
        for tag, one in told.items():
            attribute = catalogue.attribute(tag.removesuffix("[]"), now)
            if attribute is not None:
                attribute.write(_fitting(tag, one["value"], attribute.traits), now, "")
                attribute.judge(int(one["quality"]), now)
    except (OSError, KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is not a file of values: {error}") from error


def _fitting(tag: str, value: Any, traits: Traits) -> Value:
    if isinstance(value, list) is not traits.is_array:
        raise ValueError(f"{tag}: {'an array' if traits.is_array else 'one value'} is wanted.")
    each = [_scalar(tag, one, traits.data_type) for one in (value if traits.is_array else [value])]
    return cast(Value, each) if traits.is_array else each[0]  # all of one type, by the traits


def _scalar(tag: str, value: Any, kind: DataType) -> Scalar:
    wanted = _KINDS.get(kind, (str,))
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise ValueError(f"{tag}: {value!r} is not valid as {kind.name.lower()}.")
    fitting: Any = value
    return float(fitting) if float in wanted else cast(Scalar, fitting)
