"""Plant values to MxValue and back: the one place of this gateway that knows how a value travels."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.plant import DataType, Int64, Stamp, Traits, Value

_TEXT = ("VT_BSTR", "string_value", "string_values")
# data type -> wire type, COM variant, scalar field, array field; what is not named here travels as a text
_SPELLINGS: dict[DataType, tuple[wire.MxDataType, str, str, str]] = {
    DataType.BOOLEAN: (wire.MX_DATA_TYPE_BOOLEAN, "VT_BOOL", "bool_value", "bool_values"),
    DataType.INTEGER: (wire.MX_DATA_TYPE_INTEGER, "VT_I4", "int32_value", "int32_values"),
    DataType.FLOAT: (wire.MX_DATA_TYPE_FLOAT, "VT_R4", "float_value", "float_values"),
    DataType.DOUBLE: (wire.MX_DATA_TYPE_DOUBLE, "VT_R8", "double_value", "double_values"),
    DataType.STRING: (wire.MX_DATA_TYPE_STRING, *_TEXT),
    DataType.TIME: (wire.MX_DATA_TYPE_TIME, "VT_DATE", "timestamp_value", "timestamp_values"),
    DataType.ELAPSED_TIME: (wire.MX_DATA_TYPE_ELAPSED_TIME, "VT_R8", "double_value", "double_values"),
    DataType.REFERENCE_TYPE: (wire.MX_DATA_TYPE_REFERENCE_TYPE, *_TEXT),
    DataType.STATUS_TYPE: (wire.MX_DATA_TYPE_STATUS_TYPE, *_TEXT),
    DataType.DATA_TYPE_ENUM: (wire.MX_DATA_TYPE_ENUM, *_TEXT),
    DataType.SECURITY_CLASSIFICATION_ENUM: (wire.MX_DATA_TYPE_SECURITY_CLASSIFICATION_ENUM, *_TEXT),
    DataType.DATA_QUALITY_TYPE: (wire.MX_DATA_TYPE_DATA_QUALITY_TYPE, *_TEXT),
    DataType.QUALIFIED_ENUM: (wire.MX_DATA_TYPE_QUALIFIED_ENUM, *_TEXT),
    DataType.QUALIFIED_STRUCT: (wire.MX_DATA_TYPE_QUALIFIED_STRUCT, *_TEXT),
    DataType.INTERNATIONALIZED_STRING: (wire.MX_DATA_TYPE_INTERNATIONALIZED_STRING, *_TEXT),
    DataType.BIG_STRING: (wire.MX_DATA_TYPE_BIG_STRING, *_TEXT),
    DataType.UNKNOWN: (wire.MX_DATA_TYPE_UNKNOWN, *_TEXT),
    DataType.NO_DATA: (wire.MX_DATA_TYPE_NO_DATA, *_TEXT),
}
NANOSECONDS = 1_000_000_000
_INT32 = range(-(2**31), 2**31)


class BadValueError(ValueError):
    """A value on the wire does not fit the attribute; the text says why."""


def timestamp(seconds: float) -> Timestamp:
    """Seconds since the epoch, to the millisecond; a stamp as it is."""
    if isinstance(seconds, Stamp):
        return Timestamp(seconds=seconds.ns // NANOSECONDS, nanos=seconds.ns % NANOSECONDS)
    whole, rest = divmod(round(seconds * 1000.0), 1000)
    return Timestamp(seconds=whole, nanos=rest * 1_000_000)


def seconds(moment: Timestamp) -> float:
    """Seconds since the epoch."""
    return moment.seconds + moment.nanos / 1e9


def to_wire(value: Value, traits: Traits) -> wire.MxValue:
    """A plant value as it travels."""
    data_type, variant, field, _ = _SPELLINGS[traits.data_type]
    made = wire.MxValue(data_type=data_type, variant_type=variant, raw_data_type=int(traits.data_type))
    if isinstance(value, list):
        made.variant_type = f"VT_ARRAY|{variant}"
        made.array_value.CopyFrom(array_of(value, traits))
    elif traits.data_type is DataType.TIME and value is not None:
        made.timestamp_value.CopyFrom(timestamp(value if isinstance(value, float) else 0.0))
    else:
        _set_scalar(made, field, value)
    return made


def _set_scalar(made: wire.MxValue, field: str, value: object) -> None:
    if value is None:
        made.is_null = True
    elif isinstance(value, bytes):
        made.raw_value = value
    elif isinstance(value, Int64):
        made.int64_value = value
    else:
        setattr(made, field, value)


def array_of(values: Sequence[Value], traits: Traits) -> wire.MxArray:
    """Several scalars of one type as they travel."""
    data_type, variant, _, field = _SPELLINGS[traits.data_type]
    made = wire.MxArray(
        element_data_type=data_type,
        variant_type=variant,
        dimensions=[len(values)],
        raw_element_data_type=int(traits.data_type),
    )
    is_time = traits.data_type is DataType.TIME
    if any(isinstance(value, Int64) for value in values):
        field = "int64_values"
    getattr(made, field).values.extend(
        timestamp(v) if is_time and isinstance(v, float) else v for v in values
    )
    return made


def from_wire(value: wire.MxValue, traits: Traits) -> Value:
    """A value for an attribute; numbers are converted among each other as COM does.

    Raises BadValueError when it does not fit.
    """
    arm = value.WhichOneof("kind")
    if arm is None or value.is_null:
        raise BadValueError("The value is empty.")
    if arm == "sparse_array_value":
        return _from_sparse(value.sparse_array_value, traits)
    if arm == "array_value":
        return _from_array(value.array_value, traits)
    if traits.is_array:
        raise BadValueError("The attribute is an array, the value is not.")
    return _scalar(getattr(value, arm), traits)


def _scalar(raw: object, traits: Traits) -> bool | int | float | str:
    kind = traits.data_type
    if isinstance(raw, Timestamp):
        if kind is not DataType.TIME:
            raise BadValueError("A time does not fit the attribute.")
        return seconds(raw)
    if not isinstance(raw, bool | int | float | str):
        raise BadValueError("The value has no type that can be written.")
    if kind is DataType.QUALIFIED_ENUM and traits.names:
        return _member(raw, traits)
    return _converted(raw, kind)


def _converted(raw: bool | int | float | str, kind: DataType) -> bool | int | float | str:
    try:
        if kind is DataType.BOOLEAN:
            return _truth(raw)
        if kind is DataType.INTEGER:
            number = round(float(raw))
            if number not in _INT32:
                raise BadValueError(f"{raw!r} does not fit into 32 bits.")
            return number
        if kind in (DataType.FLOAT, DataType.DOUBLE, DataType.ELAPSED_TIME, DataType.TIME):
            return float(raw)
    except (ValueError, OverflowError) as error:
        raise BadValueError(f"{raw!r} is not valid as {kind.name.lower()}.") from error
    return raw if isinstance(raw, str) else str(raw)


def _truth(raw: bool | int | float | str) -> bool:
    if isinstance(raw, str):
        if raw.strip().lower() not in ("true", "false", "1", "0"):
            raise BadValueError(f"{raw!r} is not a boolean.")
        return raw.strip().lower() in ("true", "1")
    return bool(raw)


def _member(raw: bool | int | float | str, traits: Traits) -> str:
    """An enumeration's member by its name, without regard to case, or by its position from 0."""
    for position, name in enumerate(traits.names):
        if (isinstance(raw, str) and raw.lower() == name.lower()) or raw == position:
            return name
    raise BadValueError(f"{raw!r} is none of {', '.join(traits.names)}.")


def _typed(values: list[bool | int | float | str], traits: Traits) -> Value:
    return values  # type: ignore[return-value]  # each element went through _scalar with the same traits


def _from_array(array: wire.MxArray, traits: Traits) -> Value:
    if not traits.is_array:
        raise BadValueError("The value is an array, the attribute is not.")
    arm = array.WhichOneof("values")
    raw = getattr(array, arm).values if arm else []
    return _typed([_scalar(one, traits) for one in raw], traits)


def _from_sparse(sparse: wire.MxSparseArray, traits: Traits) -> Value:
    """Named elements over the type's default; what stood there before is not kept."""
    if not traits.is_array:
        raise BadValueError("The value is an array, the attribute is not.")
    if sparse.total_length == 0:
        raise BadValueError("A sparse array needs a total length above 0.")
    if sparse.total_length > 1_000_000:
        raise BadValueError("The sparse array is too long.")
    data_type, _, field, _ = _SPELLINGS[traits.data_type]
    values: list[bool | int | float | str] = [_default(traits.data_type)] * sparse.total_length
    seen: set[int] = set()
    for one in sparse.elements:
        if one.index >= sparse.total_length or one.index in seen:
            raise BadValueError(f"Index {one.index} is out of range or stands twice.")
        if one.value.WhichOneof("kind") != field or sparse.element_data_type not in (
            data_type,
            wire.MX_DATA_TYPE_UNSPECIFIED,
        ):
            raise BadValueError(f"The element at {one.index} is of the wrong kind.")
        seen.add(one.index)
        values[one.index] = _scalar(getattr(one.value, field), traits)
    return _typed(values, traits)


def _default(kind: DataType) -> bool | int | float | str:
    if kind is DataType.BOOLEAN:
        return False
    if kind is DataType.INTEGER:
        return 0
    if kind in (DataType.FLOAT, DataType.DOUBLE, DataType.ELAPSED_TIME, DataType.TIME):
        return 0.0
    return ""
