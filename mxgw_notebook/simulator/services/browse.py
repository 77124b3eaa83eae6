"""Filters and pages of the galaxy. A page token holds only for the deploy and the filters it was made for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate

import grpc

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.simulator.plant import GalaxyObject
from mxgw_notebook.simulator.refusal import RefusedError

DEFAULT_PAGE = 500
LARGEST_PAGE = 5_000


# Both requests spell their filters alike.
Filters = wire.DiscoverHierarchyRequest | wire.BrowseChildrenRequest


class Sieve:
    """Says which objects a request's filters let through; all of them must agree."""

    def __init__(self, request: Filters) -> None:
        self._categories = frozenset(request.category_ids)
        self._templates = tuple(request.template_chain_contains)
        glob = request.tag_name_glob
        # Only * and ? are wildcards; fnmatch would read brackets too.
        pattern = translate(glob.lower().replace("[", "[[]")) if glob else ""
        self._glob = re.compile(pattern) if pattern else None
        self._alarm_only = request.alarm_bearing_only
        self._historized_only = request.historized_only

    def passes(self, item: GalaxyObject) -> bool:
        """Whether an object is part of the answer."""
        if self._categories and int(item.category) not in self._categories:
            return False
        chain, parts = item.template_chain, self._templates
        if parts and not any(part in name for name in chain for part in parts):
            return False
        if self._glob is not None and not self._glob.match(item.tag_name.lower()):
            return False
        return self._bears(item)

    def _bears(self, item: GalaxyObject) -> bool:
        if self._alarm_only and not item.bears_alarms:
            return False
        return not self._historized_only or item.bears_history


def descend(roots: Sequence[GalaxyObject], depth: int | None) -> Iterator[GalaxyObject]:
    """Objects and all below them down to a depth, each before its children."""
    for item in roots:
        yield item
        if depth is None or depth > 0:
            yield from descend(item.children, None if depth is None else depth - 1)


def in_browse_order(items: Sequence[GalaxyObject]) -> list[GalaxyObject]:
    """Areas first, then by display name without case."""
    return sorted(items, key=lambda item: (item.category.name != "AREA", item.browse_name.lower()))


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the answer and the token of the next."""

    items: Sequence[GalaxyObject]
    next_token: str


class Pager:
    """Cuts answers into pages. Its tokens mean nothing to another gateway."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(16)

    def page(self, items: Sequence[GalaxyObject], size: int, token: str, binding: bytes) -> Page:
        """The page of a token, the first without one. Raises RefusedError for a token of another walk."""
        if size < 0:
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, "page_size must not be negative.")
        length = min(size or DEFAULT_PAGE, LARGEST_PAGE)
        start = self._offset(token, binding) if token else 0
        end = start + length
        return Page(items[start:end], self._token(end, binding) if end < len(items) else "")

    def _token(self, offset: int, binding: bytes) -> str:
        seal = hmac.new(self._secret, binding + str(offset).encode(), hashlib.sha256).digest()[:12]
        return base64.urlsafe_b64encode(seal + str(offset).encode()).decode()

    def _offset(self, token: str, binding: bytes) -> int:
        try:
            offset = int(base64.urlsafe_b64decode(token.encode())[12:])
        except (ValueError, binascii.Error):
            offset = -1
        if offset < 0 or not hmac.compare_digest(self._token(offset, binding), token):
            text = "The page token is not of this deploy and these filters. Start again from the first page."
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, text)
        return offset
