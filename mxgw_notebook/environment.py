"""The environment of child processes, without the keys that they have no use for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

# By what people call them, and, for a plant's key may be in any variable, by how a gateway's begin.
SECRET_NAME = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$", re.IGNORECASE)
KEY_BEGIN = "mxgw_"


def without_keys(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment without keys, tokens and passwords. Default: that of this process."""
    return {
        name: text
        for name, text in environment.items()
        if not SECRET_NAME.search(name) and not text.startswith(KEY_BEGIN)
    }
