"""What an attribute holds, by its name in the galaxy, or by a value that was read of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.errors import ConfigurationError

# A scalar's field on the wire, and the type whose texts and numbers it takes.
FIELD_TYPES = {
    "bool_value": "BOOLEAN",
    "int32_value": "INTEGER",
    "int64_value": "INTEGER",
    "float_value": "FLOAT",
    "double_value": "DOUBLE",
    "string_value": "STRING",
    "timestamp_value": "TIME",
    "raw_value": "RAW",
}
# Types by the galaxy's names and the contract's, spelt plainly; all others are guessed from the value.
NAMED_TYPES = {
    "BOOLEAN": "BOOLEAN",
    "INTEGER": "INTEGER",
    "FLOAT": "FLOAT",
    "DOUBLE": "DOUBLE",
    "STRING": "STRING",
    "TIME": "TIME",
    "ELAPSEDTIME": "ELAPSEDTIME",
    "INTERNATIONALIZEDSTRING": "STRING",
    "BIGSTRING": "STRING",
    "REFERENCETYPE": "STRING",
    "ENUM": "ENUM",
    "DATATYPEENUM": "ENUM",
    "QUALIFIEDENUM": "ENUM",
    "SECURITYCLASSIFICATIONENUM": "ENUM",
}
# What a field on the wire does not tell: seconds are a double, and a member is a text or its place.
FINER_TYPES = {"ELAPSEDTIME": ("DOUBLE",), "ENUM": ("STRING", "INTEGER")}
UNTOLD = ("UNSPECIFIED", "UNKNOWN", "NO_DATA")


@dataclass(frozen=True, slots=True)
class ValueType:
    """What an attribute takes, as far as it is known; None for what is not.

    `data_type` is a name of the galaxy (`ElapsedTime`) or of the contract (`ELAPSED_TIME`), `field` the
    scalar's field in which its values travel, `rank` the dimensions of its array as it was read.
    """

    data_type: str | None = None
    is_array: bool | None = None
    field: str | None = None
    rank: int | None = None

    @classmethod
    def of(cls, value: wire.MxValue) -> ValueType | None:
        """The type of the attribute that a value was read of; None where the value does not tell."""
        kind = value.WhichOneof("kind")
        name = enum_name(value, "data_type")
        if value.is_null or kind is None:
            return None if name in UNTOLD else cls(name)
        if kind == "sparse_array_value":
            return cls(name, True)
        if kind != "array_value":
            return scalar_type(name, kind)
        held = value.array_value.WhichOneof("values")
        field, rank = held and held.removesuffix("s"), len(value.array_value.dimensions)
        return cls(enum_name(value.array_value, "element_data_type"), True, field, rank)

    @property
    def name(self) -> str | None:
        """The type by which a value is converted; None where only the value can tell."""
        named = NAMED_TYPES.get(plain_name(self.data_type))
        by_field = FIELD_TYPES.get(self.field or "")
        return named if by_field is None or by_field in FINER_TYPES.get(named or "", ()) else by_field

    @property
    def wire_name(self) -> str | None:
        """The data type as the contract calls it; None where the field says it all."""
        return WIRE_NAMES.get(plain_name(self.data_type))


# A handful of them, for any number of tags; bounded, as a gateway may send any number for a type.
@lru_cache(maxsize=256)
def scalar_type(name: str, field: str) -> ValueType:
    """The type of a scalar, by its name in the contract and the field in which it came."""
    return ValueType(name, False, field)


def type_named(data_type: str | ValueType | None) -> ValueType:
    """A type given by its name, or as it is. Raises ConfigurationError for a name that is none."""
    if isinstance(data_type, ValueType):
        return data_type
    known = {*NAMED_TYPES, *WIRE_NAMES, *map(plain_name, UNTOLD)}
    if data_type is not None and plain_name(data_type) not in known:
        hint = "Boolean, Integer, Float, Double, String, Time, ElapsedTime are some."
        raise ConfigurationError(f"{data_type!r:.80} is not a data type", hint=hint)
    return ValueType(data_type)


def plain_name(data_type: str | None) -> str:
    """A data type's name in one spelling: `Elapsed Time`, `ElapsedTime` and `ELAPSED_TIME` are one."""
    return (data_type or "").upper().replace(" ", "").replace("_", "")


WIRE_NAMES = {
    plain_name(name): name
    for name in (number.removeprefix("MX_DATA_TYPE_") for number in wire.MxDataType.keys())  # noqa: SIM118
    if name not in UNTOLD
}
