"""How the contract in use differs from the built-in one, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

from mxgw_notebook.client.contract import galaxy_wire, wire

# "message.field", "enum.value" or "service.call", and what it is there.
Facts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One name: what it is in the built-in contract and in the one in use; empty where it does not exist."""

    name: str
    built_in: str
    in_use: str


def contract_differences() -> list[Difference]:
    """Every name that differs, sorted; none when the built-in contract is in use."""
    built_in = facts_of(built_in_files())
    in_use = facts_of(files_in_use())
    return [
        Difference(name, built_in.get(name, ""), in_use.get(name, ""))
        for name in sorted(built_in.keys() | in_use.keys())
        if built_in.get(name) != in_use.get(name)
    ]


def built_in_files() -> list[FileDescriptorProto]:
    """The contract this package was made with."""
    stored = files("mxgw_notebook._generated").joinpath("contract.binpb").read_bytes()
    return list(FileDescriptorSet.FromString(stored).file)


def files_in_use() -> list[FileDescriptorProto]:
    """The contract that this process has loaded."""
    found = []
    for module in (wire, galaxy_wire):
        file = FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(file)
        found.append(file)
    return found


def facts_of(contract: list[FileDescriptorProto]) -> Facts:
    """Every field, enum value and call, with its type and number."""
    return {name: fact for file in contract for name, fact in facts_in(file)}


def facts_in(file: FileDescriptorProto) -> Iterator[tuple[str, str]]:
    """The facts of one file."""
    for message in file.message_type:
        yield from fields_of(message)
    for enum in file.enum_type:
        yield from ((f"{enum.name}.{value.name}", f"= {value.number}") for value in enum.value)
    for service in file.service:
        for call in service.method:
            streamed = "stream " if call.server_streaming else ""
            answer = call.output_type.rpartition(".")[2]
            yield f"{service.name}.{call.name}", f"{call.input_type.rpartition('.')[2]} -> {streamed}{answer}"


def fields_of(message: DescriptorProto) -> Iterator[tuple[str, str]]:
    """The fields of one message."""
    for field in message.field:
        kind = field.type_name.rpartition(".")[2] or FieldDescriptorProto.Type.Name(field.type)[5:].lower()
        repeated = "repeated " if field.label == FieldDescriptorProto.LABEL_REPEATED else ""
        yield f"{message.name}.{field.name}", f"{repeated}{kind} = {field.number}"
