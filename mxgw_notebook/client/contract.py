"""The contract as loaded: its messages, and every call by its name.

Everything else in the client takes messages from here, so that a second set of protos has one
place to come in by. Names are looked up in the loaded descriptors; no number is written down.

Why: DECISIONS.md, "Calls are made by the contract's names, not with the generated stubs".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from mxgw_notebook._generated import galaxy_repository_pb2 as galaxy_wire
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

__all__ = [
    "CALLS",
    "Call",
    "CloseSessionRequest",
    "MxCommandRequest",
    "OpenSessionRequest",
    "StreamEventsRequest",
    "enum_name",
    "galaxy",
    "galaxy_wire",
    "gateway",
    "is_unnamed",
    "wire",
]

# What scripts know the two modules by.
gateway, galaxy = wire, galaxy_wire
# What the calls of the client take whose names end in `_raw`.
OpenSessionRequest, CloseSessionRequest = wire.OpenSessionRequest, wire.CloseSessionRequest
MxCommandRequest, StreamEventsRequest = wire.MxCommandRequest, wire.StreamEventsRequest


@dataclass(frozen=True, slots=True)
class Call:
    """One rpc of the contract: what it is called, where it is, what it answers."""

    name: str
    path: str
    reply: type[Message]

    def parse(self, data: bytes) -> Any:
        """The reply's message from its bytes."""
        return self.reply.FromString(data)


def calls_of(service: Any) -> dict[str, Call]:
    """Every call of one service descriptor."""
    return {
        method.name: Call(
            method.name, f"/{service.full_name}/{method.name}", GetMessageClass(method.output_type)
        )
        for method in service.methods
    }


CALLS: dict[str, Call] = {
    **calls_of(wire.DESCRIPTOR.services_by_name["MxAccessGateway"]),
    **calls_of(galaxy_wire.DESCRIPTOR.services_by_name["GalaxyRepository"]),
}


def enum_name(message: Message, field: str) -> str:
    """The name of an enum field's value without the enum's prefix; a number we do not know shows as itself.

    `MX_STATUS_CATEGORY_OK` reads `OK`.
    """
    return number_name(message.DESCRIPTOR, field, getattr(message, field))


# Looked up for every alarm and every entry of a reply: looking in the descriptor takes ten times as long.
# Bounded, as a gateway may send any number.
@lru_cache(maxsize=1024)
def number_name(described: Any, field: str, number: int) -> str:
    """The name that a number has in an enum field of a message so described; itself where it has none."""
    values: Any = described.fields_by_name[field].enum_type
    known = values.values_by_number.get(number)
    return known.name.removeprefix(prefix(values)) if known else str(number)


def is_unnamed(name: str) -> bool:
    """Whether `enum_name` found no name in this contract, and shows the number."""
    return name.removeprefix("-").isdigit()


def prefix(values: Any) -> str:
    """What all names of an enum begin with; by convention its zero is <PREFIX>_UNSPECIFIED."""
    return str(values.values_by_number[0].name).removesuffix("UNSPECIFIED")
