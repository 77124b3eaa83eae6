"""The watch lists that AVEVA's Object Viewer saves as XML.

The form of these files is not published. So whatever stands in a field as a reference, `Tank001.Level`, is
taken for one, and so is an object in one field beside its attribute in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mxgw_notebook.errors import ConfigurationError

NAME = r"[A-Za-z_$#][\w$#]*"
REFERENCE = re.compile(rf"{NAME}(?:\.{NAME})+(?:\[\d*\])?")
ONE_NAME = re.compile(rf"{NAME}(?:\.{NAME})*(?:\[\d*\])?")
# What these fields hold looks like a reference, and is none: of a class, a file, a window's font.
NEVER = ("type", "assembly", "class", "namespace", "font", "file", "schema", "version")
OBJECTS, ATTRIBUTES = ("object", "objectname", "tagname", "instance"), ("attribute", "attributename")


def read_references(content: bytes, file: str) -> list[str]:
    """The references of a watch list, each once, in its order. `file` is what a message calls it.

    Raises ConfigurationError where it is no XML, asks for what lies elsewhere, or has no reference.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        found = list(dict.fromkeys(references_of(fromstring(content, forbid_dtd=True))))
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{file} cannot be read as XML: {error}") from None
    if not found:
        hint = "Save the watch list from Object Viewer as XML, or list the tags in a .toml file."
        raise ConfigurationError(f"{file} has no reference such as Tank001.Level", hint=hint)
    return found


def references_of(element: Any) -> Iterator[str]:
    """What stands in an element's fields, and below it; a field is an attribute, or a child with a text."""
    leaves = [child for child in element if not len(child) and not child.attrib]
    fields = [*element.attrib.items(), *((leaf.tag, leaf.text or "") for leaf in leaves)]
    if not len(element):
        fields.append((element.tag, element.text or ""))
    named = {own_name(name): text.strip() for name, text in fields}
    owner, part = (field_of(named, names) for names in (OBJECTS, ATTRIBUTES))
    is_pair = owner and part and "." not in owner and not part.startswith(f"{owner}.")
    if is_pair:
        yield f"{owner}.{part}"
    for name, text in fields:
        is_told = is_pair and own_name(name) in (*OBJECTS, *ATTRIBUTES)
        if not is_told and REFERENCE.fullmatch(text.strip()) and not is_never(own_name(name)):
            yield text.strip()
    for child in element:
        if child not in leaves:
            yield from references_of(child)


def is_never(name: str) -> bool:
    """Whether what a field of this name holds is no reference, though it looks like one."""
    return any(word in name for word in NEVER)


def field_of(fields: dict[str, str], names: tuple[str, ...]) -> str:
    """The name in the first of these fields that has one."""
    texts = (fields.get(name, "").strip() for name in names)
    return next((text for text in texts if ONE_NAME.fullmatch(text)), "")


def own_name(name: str) -> str:
    """A field's name without its namespace, in small letters."""
    return name.rpartition("}")[2].lower()
