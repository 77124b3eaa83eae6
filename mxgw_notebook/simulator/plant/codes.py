"""The galaxy's own codes: object categories, data types, security classifications and qualities."""

from enum import IntEnum


class Category(IntEnum):
    """What an object is, as the galaxy numbers it."""

    PLATFORM = 1
    APP_ENGINE = 3
    APPLICATION_OBJECT = 10
    AREA = 13


class DataType(IntEnum):
    """An attribute's type, as the galaxy numbers it."""

    BOOLEAN = 1
    INTEGER = 2
    FLOAT = 3
    DOUBLE = 4
    STRING = 5
    TIME = 6
    ELAPSED_TIME = 7
    QUALIFIED_ENUM = 13
    INTERNATIONALIZED_STRING = 15
    BIG_STRING = 16


DATA_TYPE_NAMES = {
    DataType.BOOLEAN: "Boolean",
    DataType.INTEGER: "Integer",
    DataType.FLOAT: "Float",
    DataType.DOUBLE: "Double",
    DataType.STRING: "String",
    DataType.TIME: "Time",
    DataType.ELAPSED_TIME: "ElapsedTime",
    DataType.QUALIFIED_ENUM: "QualifiedEnum",
    DataType.INTERNATIONALIZED_STRING: "InternationalizedString",
    DataType.BIG_STRING: "BigString",
}


class Classification(IntEnum):
    """Who may write an attribute."""

    FREE_ACCESS = 0
    OPERATE = 1
    SECURED_WRITE = 2
    VERIFIED_WRITE = 3
    TUNE = 4
    CONFIGURE = 5
    VIEW_ONLY = 6


class Quality(IntEnum):
    """OPC DA quality bytes that the plant gives out."""

    NOT_CONNECTED = 8
    SENSOR_FAILURE = 16
    COMM_FAILURE = 24
    OUT_OF_SERVICE = 28
    LAST_USABLE = 68
    SENSOR_NOT_ACCURATE = 80
    UNITS_EXCEEDED = 84
    GOOD = 192


# How the galaxy says where an attribute may be written from (mx_attribute_category).
CATEGORY_CALCULATED = 2
CATEGORY_WRITEABLE = 10
