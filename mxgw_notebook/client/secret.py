"""Keys and passwords: texts that no traceback or repr shows, and that are struck out of what comes back."""

from __future__ import annotations

import re
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

STRUCK = "<api-key>"
# A shorter text stands in many names by chance: struck out there it would give a session or a tag another.
# So below this length it is struck out as a word alone, and no part of a dotted or hyphenated name is one;
# below the other it is no secret that could be told from any word, and stays.
LONG, SHORTEST = 8, 4


class Secret(str):
    """A text whose repr says nothing of it: tracebacks with locals, loggers and debuggers ask for that."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"


class NoText:
    """Stands for a key that is no text and is refused, whatever it was: it may hold the key."""

    def __repr__(self) -> str:
        return "<secret>"


def hide(settings: Any) -> Any:
    """The settings themselves, their key and password hidden from whoever shows them."""
    for name in ("api_key", "password"):
        if (given := settings.get(name)) is not None:
            settings[name] = Secret(given) if isinstance(given, str) else NoText()
    return settings


def strike_out(data: bytes, kind: type[Message], secret: str) -> bytes:
    """A message's bytes without the secret in any of its texts; all else of it stays as it came.

    Struck out of the bytes themselves, a short key would change numbers and lengths.
    """
    if len(secret) < SHORTEST or secret.encode() not in data:
        return data
    message = kind()
    try:
        message.ParseFromString(data)
    except DecodeError:  # whoever reads it says so
        return data
    strike_out_of(message, secret)
    return message.SerializeToString()


def struck_out(text: str, secret: str) -> str:
    """A text without the secret: of 8 characters and more wherever it stands, of 4 to 7 as a word alone."""
    if len(secret) < SHORTEST or secret not in text:
        return text
    if len(secret) >= LONG:
        return text.replace(secret, STRUCK)
    return re.sub(rf"(?<![\w.-]){re.escape(secret)}(?![\w-]|\.\w)", STRUCK, text)


def strike_out_of(message: Message, secret: str) -> None:
    """Replaces the secret in every text of a message, those within it too."""
    for described, value in message.ListFields():
        held: Any = value
        if described.type == FieldDescriptor.TYPE_STRING:
            if isinstance(held, str):
                setattr(message, described.name, struck_out(held, secret))
            else:
                held[:] = [struck_out(text, secret) for text in held]
        elif described.type == FieldDescriptor.TYPE_MESSAGE:
            for inner in [held] if isinstance(held, Message) else held:
                if isinstance(inner, Message):  # a map's keys are names of the contract
                    strike_out_of(inner, secret)


def looks_like(key: str) -> str:
    """What a key that is none of a gateway's looks like; empty of one that is."""
    _, _, rest = key.partition("mxgw_")
    if not key:
        return "No key was given"
    if key.startswith("mxgw_") and all(rest.partition("_")[::2]):
        return ""
    if key.startswith(("Bearer ", "mxgw_")) or "mxgw_" in key:
        return "The key has something before or within it that does not belong there"
    kinds = {"eyJ": "a web token (JWT)", "-----": "a certificate or private key", "http": "an address"}
    other = f"{len(key)} other characters"
    kind = next((name for begin, name in kinds.items() if key.startswith(begin)), other)
    return f"The key is none of a gateway's, which begin with mxgw_: it looks like {kind}"
