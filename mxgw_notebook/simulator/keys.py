"""API keys: what they are made of, what they allow and how a call shows one."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from fnmatch import translate

from .plant.attribute import Attribute
from .plant.codes import Classification
from .plant.plant_object import PlantObject

SCOPES = frozenset(
    {
        "session:open",
        "session:close",
        "events:read",
        "invoke:read",
        "invoke:write",
        "invoke:secure",
        "metadata:read",
        "admin",
    }
)
_FORM = re.compile(r"mxgw_(?P<id>[A-Za-z0-9-]+)_(?P<secret>\S+)")


def random_key() -> str:
    """A new key that nobody can guess."""
    return f"mxgw_demo_{secrets.token_hex(16)}"


@dataclass(frozen=True)
class Key:
    """A key and what it is good for. Empty subtrees and globs narrow nothing.

    `subtrees` are paths of contained names with slashes between them.
    """

    text: str = field(repr=False)
    scopes: frozenset[str] = SCOPES
    subtrees: tuple[str, ...] = ()
    tag_globs: tuple[str, ...] = ()
    highest: Classification | None = None

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.text):
            raise ValueError("An API key has the form mxgw_<key-id>_<secret>.")
        if unknown := self.scopes - SCOPES:
            raise ValueError(f"Unknown scopes: {', '.join(sorted(unknown))}.")

    @property
    def narrowed(self) -> bool:
        """Whether it sees less than everything."""
        return bool(self.subtrees or self.tag_globs or self.highest is not None)

    def sees(self, item: PlantObject) -> bool:
        """Whether an object, or something within it, is in its subtrees."""
        if not self.subtrees:
            return True
        path = item.path + "/"
        return any(path.startswith(f"{tree}/") or f"{tree}/".startswith(path) for tree in self.subtrees)

    def allows(self, item: PlantObject, attribute: Attribute) -> bool:
        """Whether it may touch an attribute at all."""
        path = item.path + "/"
        if self.subtrees and not any(path.startswith(f"{tree}/") for tree in self.subtrees):
            return False
        if self.tag_globs and not any(
            re.match(translate(glob.lower()), attribute.reference.lower()) for glob in self.tag_globs
        ):
            return False
        # View-only comes last among the codes, but nobody can write it: it narrows nothing.
        classification = attribute.traits.classification
        return (
            self.highest is None
            or classification is Classification.VIEW_ONLY
            or classification <= self.highest
        )


class KeyRing:
    """The keys this gateway knows."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        self._keys = keys

    def find(self, authorization: str) -> Key | None:
        """The key of an `authorization` header; None when it is missing, malformed or unknown."""
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        offered = text.strip().encode()
        return next((key for key in self._keys if hmac.compare_digest(key.text.encode(), offered)), None)
