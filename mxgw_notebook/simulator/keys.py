"""API keys: what they are made of, what they allow and how a call shows one."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from typing import Any

from mxgw_notebook.simulator.plant import Classification, GalaxyObject, Listing

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
# What a tape's key is good for: what has happened cannot be changed.
READING = SCOPES - {"invoke:write", "invoke:secure", "admin"}
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

    def within(self, item: GalaxyObject) -> bool:
        """Whether an object lies in its subtrees."""
        if not self.subtrees:
            return True
        path = item.path.lower() + "/"
        return any(path.startswith(f"{tree.lower()}/") for tree in self.subtrees)

    def allows(self, item: GalaxyObject, attribute: Listing) -> bool:
        """Whether it may touch an attribute at all."""
        if not self.narrowed:
            return True
        return self.within(item) and self._fits(f"{item.tag_name}.{attribute.name}", attribute)

    def _fits(self, tag: str, attribute: Listing) -> bool:
        if self.tag_globs and not any(pattern.match(tag.lower()) for pattern in _patterns(self.tag_globs)):
            return False
        # View-only comes last among the codes, but nobody can write it: it narrows nothing.
        classification = attribute.traits.classification
        return (
            self.highest is None
            or classification is Classification.VIEW_ONLY
            or classification <= self.highest
        )

    def shown(self, item: GalaxyObject) -> list[Listing]:
        """The attributes of an object that it may see."""
        if not self.narrowed:
            return list(item.listings())
        if not self.within(item):
            return []
        return [one for one in item.listings() if self._fits(f"{item.tag_name}.{one.name}", one)]

    def visible(self, items: Iterable[GalaxyObject]) -> frozenset[int]:
        """The numbers of the objects it sees: those it may touch something of, and what they stand in."""
        seen: set[int] = set()
        for item in items:
            if self.within(item) and (not self.tag_globs or self.shown(item)):
                above: GalaxyObject | None = item
                # Up to the first that is known: what stands above that one is known, too.
                while above is not None and above.number not in seen:
                    seen.add(above.number)
                    above = above.parent
        return frozenset(seen)

    @classmethod
    def parsed(cls, facts: Mapping[str, Any]) -> Key:
        """A key from `key`, `scopes`, `subtrees`, `tag_globs` and `highest`, as a file of keys has them.

        Raises ValueError.
        """
        if unknown := set(facts) - {"key", "scopes", "subtrees", "tag_globs", "highest"}:
            raise ValueError(f"A key has no {', '.join(sorted(unknown))}.")
        return cls(
            str(facts.get("key", "")),
            frozenset(facts.get("scopes", SCOPES)),
            tuple(facts.get("subtrees", ())),
            tuple(facts.get("tag_globs", ())),
            _classification(facts.get("highest")),
        )


def _classification(name: Any) -> Classification | None:
    """By its name in a file of keys; none without one. Raises ValueError."""
    if name is None:
        return None
    if str(name).upper() not in Classification.__members__:
        raise ValueError(f"There is no security classification {name!r}.")
    return Classification[str(name).upper()]


@lru_cache(maxsize=256)
def _patterns(globs: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    # Only * and ? are wildcards; fnmatch would read brackets too.
    return tuple(re.compile(translate(glob.lower().replace("[", "[[]"))) for glob in globs)


class KeyRing:
    """The keys this gateway knows."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        self._keys = keys

    def revoke(self, text: str) -> None:
        """Forgets a key."""
        self._keys = tuple(key for key in self._keys if key.text != text)

    def find(self, authorization: str) -> Key | None:
        """The key of an `authorization` header; None when it is missing, malformed, unknown or revoked."""
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        offered = text.strip().encode()
        # In the same time however much of it is right: a key cannot be found out letter by letter.
        return next((key for key in self._keys if hmac.compare_digest(key.text.encode(), offered)), None)
