"""What the lines of a batch have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Inherited:
    """The connection options that `batch` was given; its lines say otherwise where they do."""

    said: Mapping[str, Any] = field(default_factory=dict, repr=False)
