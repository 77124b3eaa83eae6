"""The galaxy's codes in words. A code we do not know shows as itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

CATEGORIES = {
    0: "Undefined", 1: "PlatformEngine", 2: "ClusterEngine", 3: "ApplicationEngine", 4: "ViewEngine",
    5: "ProductEngine", 6: "HistoryEngine", 7: "PrintEngine", 8: "Outpost", 9: "QueryEngine",
    10: "ApplicationObject", 11: "IONetwork", 12: "IODevice", 13: "Area", 14: "UserProfile", 15: "Display",
    16: "Symbol", 17: "ViewApp", 18: "ProductionObject", 19: "Report", 20: "SharedProcedure",
    21: "InsertablePrimitive", 22: "IDEMacro", 23: "Galaxy",
}  # fmt: skip
DATA_TYPES = {
    -1: "Unknown", 0: "NoData", 1: "Boolean", 2: "Integer", 3: "Float", 4: "Double", 5: "String", 6: "Time",
    7: "ElapsedTime", 8: "ReferenceType", 9: "StatusType", 10: "DataTypeEnum",
    11: "SecurityClassificationEnum", 12: "DataQualityType", 13: "QualifiedEnum", 14: "QualifiedStruct",
    15: "InternationalizedString", 16: "BigString",
}  # fmt: skip
SECURITY = {
    0: "FreeAccess", 1: "Operate", 2: "SecuredWrite", 3: "VerifiedWrite", 4: "Tune", 5: "Configure",
    6: "ViewOnly",
}  # fmt: skip


def categories(names: Sequence[str | None]) -> pd.Categorical[Any]:
    """Names as a categorical whose categories are strings, also when there are none."""
    known = None if any(name is not None for name in names) else pd.Index([], dtype="str")
    return pd.Categorical(list(names), categories=known)
