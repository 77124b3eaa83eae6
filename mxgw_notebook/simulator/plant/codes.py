"""The galaxy's own codes: object categories, data types, security classifications and qualities."""

from enum import IntEnum


class Category(IntEnum):
    """What an object is, as the galaxy numbers it."""

    UNDEFINED = 0
    PLATFORM = 1
    CLUSTER_ENGINE = 2
    APP_ENGINE = 3
    VIEW_ENGINE = 4
    PRODUCT_ENGINE = 5
    HISTORY_ENGINE = 6
    PRINT_ENGINE = 7
    OUTPOST = 8
    QUERY_ENGINE = 9
    APPLICATION_OBJECT = 10
    IO_NETWORK = 11
    IO_DEVICE = 12
    AREA = 13
    USER_PROFILE = 14
    DISPLAY = 15
    SYMBOL = 16
    VIEW_APP = 17
    PRODUCTION_OBJECT = 18
    REPORT = 19
    SHARED_PROCEDURE = 20
    INSERTABLE_PRIMITIVE = 21
    IDE_MACRO = 22
    GALAXY = 23


class DataType(IntEnum):
    """An attribute's type, as the galaxy numbers it."""

    UNKNOWN = -1
    NO_DATA = 0
    BOOLEAN = 1
    INTEGER = 2
    FLOAT = 3
    DOUBLE = 4
    STRING = 5
    TIME = 6
    ELAPSED_TIME = 7
    REFERENCE_TYPE = 8
    STATUS_TYPE = 9
    DATA_TYPE_ENUM = 10
    SECURITY_CLASSIFICATION_ENUM = 11
    DATA_QUALITY_TYPE = 12
    QUALIFIED_ENUM = 13
    QUALIFIED_STRUCT = 14
    INTERNATIONALIZED_STRING = 15
    BIG_STRING = 16


# What the galaxy calls a type in words: BOOLEAN is Boolean, DATA_TYPE_ENUM is DataTypeEnum.
DATA_TYPE_NAMES = {kind: kind.name.title().replace("_", "") for kind in DataType}


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

    CONFIG_ERROR = 4
    NOT_CONNECTED = 8
    DEVICE_FAILURE = 12
    SENSOR_FAILURE = 16
    LAST_KNOWN = 20
    COMM_FAILURE = 24
    OUT_OF_SERVICE = 28
    WAITING = 32
    LAST_USABLE = 68
    SENSOR_NOT_ACCURATE = 80
    UNITS_EXCEEDED = 84
    SUB_NORMAL = 88
    GOOD = 192
    LOCAL_OVERRIDE = 216


# How the galaxy says where an attribute may be written from (mx_attribute_category).
CATEGORY_CALCULATED = 2
CATEGORY_WRITEABLE = 10


CHAINS: dict[str, tuple[str, ...]] = {
    "$WinPlatform": ("$WinPlatform",),
    "$AppEngine": ("$AppEngine",),
    "$Area": ("$Area",),
    "$Tank": ("$Tank", "$gVessel", "$UserDefined"),
    "$Reactor": ("$Reactor", "$gVessel", "$UserDefined"),
    "$Pump": ("$Pump", "$gRotating", "$UserDefined"),
    "$Motor": ("$Motor", "$gRotating", "$UserDefined"),
    "$Strainer": ("$Strainer", "$gFitting", "$UserDefined"),
    "$Agitator": ("$Agitator", "$gRotating", "$UserDefined"),
    "$ControlValve": ("$ControlValve", "$gValve", "$UserDefined"),
    "$OnOffValve": ("$OnOffValve", "$gValve", "$UserDefined"),
    "$Actuator": ("$Actuator", "$gFitting", "$UserDefined"),
    "$PIDLoop": ("$PIDLoop", "$gControl", "$UserDefined"),
    "$AnalogInput": ("$AnalogInput", "$gMeasurement", "$UserDefined"),
    "$DiscreteInput": ("$DiscreteInput", "$gMeasurement", "$UserDefined"),
    "$Boiler": ("$Boiler", "$gUtility", "$UserDefined"),
    "$Compressor": ("$Compressor", "$gUtility", "$UserDefined"),
    "$Receiver": ("$Receiver", "$gVessel", "$UserDefined"),
    "$CoolingTower": ("$CoolingTower", "$gUtility", "$UserDefined"),
    "$Recipe": ("$Recipe", "$gBatch", "$UserDefined"),
}
