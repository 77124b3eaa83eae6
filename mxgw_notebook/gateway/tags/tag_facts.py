"""What the galaxy can say of one tag, without being loaded for it."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from mxgw_notebook.client import GalaxyObject, GalaxyRepositoryClient, ValueType
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import DATA_TYPES, SECURITY
from mxgw_notebook.gateway.model import GalaxyModel

# It is a courtesy: a galaxy that is slow, or closed to this key, is done without.
ASKING_SECONDS = 1.0
ASKED_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class TagFacts:
    """What a tag takes and who may write it, as far as the galaxy told; and those spelt much like it."""

    value_type: ValueType | None = None
    security: str = ""
    similar: tuple[str, ...] = ()


async def ask_of_tag(
    model: GalaxyModel, galaxy: GalaxyRepositoryClient, tag: str, seconds: float = ASKING_SECONDS
) -> TagFacts:
    """What is known of a tag: from the galaxy as it was loaded, else by one question for its object alone."""
    if model.known is not None:
        known = model.known_attribute(tag)
        kind = ValueType(known["data_type"], bool(known["is_array"])) if known else None
        return TagFacts(kind, str(known.get("security", "")), tuple(model.similar(tag)))
    name = tag.partition(".")[0]
    found: list[GalaxyObject] = []
    with contextlib.suppress(GatewayError, TimeoutError):
        async with asyncio.timeout(min(seconds, ASKING_SECONDS)):
            found = await galaxy.discover_hierarchy(tag_name_glob=name, include_attributes=True)
    return facts_of(tag, found)


async def ask_for_types(
    model: GalaxyModel, galaxy: GalaxyRepositoryClient, tags: Sequence[str], seconds: float
) -> dict[str, ValueType]:
    """What tags take, of those that the galaxy knows and tells in time; some are asked for at once."""
    found: dict[str, ValueType] = {}

    async def ask(tag: str) -> None:
        facts = await ask_of_tag(model, galaxy, tag, seconds)
        if facts.value_type is not None:
            found[tag] = facts.value_type

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(min(seconds, ASKING_SECONDS)):
            for start in range(0, len(tags), ASKED_AT_ONCE):
                await asyncio.gather(*map(ask, tags[start : start + ASKED_AT_ONCE]))
    return {tag: found[tag] for tag in tags if tag in found}


def facts_of(tag: str, objects: list[GalaxyObject]) -> TagFacts:
    """The same from the tag's object as the gateway lists it."""
    attributes = {
        attribute.full_tag_reference.lower(): attribute for one in objects for attribute in one.attributes
    }
    attribute = attributes.get(tag.lower()) or attributes.get(f"{tag.lower()}[]")
    if attribute is None:
        near = difflib.get_close_matches(tag.lower(), attributes, n=3, cutoff=0.75)
        return TagFacts(similar=tuple(attributes[one].full_tag_reference for one in near))
    kind = ValueType(DATA_TYPES.get(attribute.mx_data_type), attribute.is_array)
    return TagFacts(kind, SECURITY.get(attribute.security_classification, ""))
