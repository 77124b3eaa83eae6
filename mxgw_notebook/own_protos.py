"""The user's own .proto files in place of the built-in contract.

The gateway is published with its .proto files. Whoever has them sets MXGATEWAY_PROTO_PATH to their folder, or
to a descriptor set compiled from them, and every message, number and call is taken from there. The setting is
read once, when the contract is first imported, because a process can hold one contract only.

Why: DECISIONS.md, "Own protos are set by an environment variable, not by an option".
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pool import Default
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass

from mxgw_notebook.environment import without_keys
from mxgw_notebook.errors import ConfigurationError, reason_of

VARIABLE = "MXGATEWAY_PROTO_PATH"
SHIPPED = "google/protobuf/"
MODULES = {"mxaccess_gateway.v1": "mxaccess_gateway_pb2", "galaxy_repository.v1": "galaxy_repository_pb2"}


class MissingNameError(ConfigurationError, AttributeError):
    """The user's protos lack a name that was asked for."""


def own_modules() -> dict[str, ModuleType]:
    """The contract's modules by name, made of the user's protos; none when there are none.

    Raises:
        ConfigurationError: They cannot be read, do not compile, or lack one of the two packages.
    """
    place = os.environ.get(VARIABLE, "")
    if not place:
        return {}
    files = load_descriptors(read_descriptors(Path(place)).file)
    return {name: module_of(package, name, files, place) for package, name in MODULES.items()}


def read_descriptors(place: Path) -> FileDescriptorSet:
    """The descriptors of a folder of .proto files, or of a compiled descriptor set."""
    if place.is_dir():
        return compile_protos(place, sorted(place.glob("**/*.proto")))
    try:
        return FileDescriptorSet.FromString(place.read_bytes())
    except OSError as error:
        message = f"{VARIABLE}={place} cannot be read: {reason_of(error)}"
    except DecodeError:
        message = f"{VARIABLE}={place} is not a descriptor set"
    raise ConfigurationError(message, hint="Name the folder that has the gateway's .proto files.")


def compile_protos(folder: Path, files: Sequence[Path]) -> FileDescriptorSet:
    """protoc's descriptors of the files, with all that they import."""
    if not files:
        raise ConfigurationError(
            f"{VARIABLE}={folder} has no .proto files", hint="Name the folder that has them."
        )
    if importlib.util.find_spec("grpc_tools") is None:
        raise ConfigurationError(
            "Compiling .proto files needs grpcio-tools",
            hint="Install it: python -m pip install grpcio-tools.",
        )
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "contract.binpb"
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", "--include_imports"]
        command += [f"--descriptor_set_out={target}", *map(str, files)]
        environment = {name: value for name, value in without_keys().items() if name != VARIABLE}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            first = next(iter(done.stderr.strip().splitlines()), "protoc said nothing")
            raise ConfigurationError(f"The .proto files in {folder} do not compile: {first}")
        return FileDescriptorSet.FromString(target.read_bytes())


def load_descriptors(files: Iterable[FileDescriptorProto]) -> list[FileDescriptor]:
    """The files in the process's descriptor pool; what protobuf ships itself is there already."""
    own = []
    for file in files:
        if file.name.startswith(SHIPPED):
            # Imported, not added: the process has these types, and would refuse a second definition.
            importlib.import_module(f"google.protobuf.{file.name.removeprefix(SHIPPED)[:-6]}_pb2")
        else:
            own.append(file)
    try:
        return [Default().AddSerializedFile(file.SerializeToString()) for file in own]
    except TypeError as error:
        raise ConfigurationError(
            f"The protos of {VARIABLE} cannot be loaded: {error}",
            hint="Another package in this process may have loaded the same contract already.",
        ) from None


def module_of(package: str, name: str, files: Iterable[FileDescriptor], place: str) -> ModuleType:
    """A module such as protoc generates: messages, enums and their values by name, and DESCRIPTOR."""
    own = [file for file in files if file.package == package]
    if not any(file.services_by_name for file in own):
        message = f"{VARIABLE}={place} has no service of the package {package}"
        raise ConfigurationError(message, hint="Both .proto files are needed.")
    module = ModuleType(f"mxgw_notebook._generated.{name}", f"{package}, from {place}")
    for file in own:
        fill(module, file)

    def missing(wanted: str) -> Any:
        raise MissingNameError(f"The protos in {place} have no {wanted}", hint="Compare: mxgw-py contract.")

    # When a name is used, not when protos are loaded: an older gateway may lack what nobody here asks for.
    module.__getattr__ = missing  # type: ignore[method-assign]
    return module


def fill(module: ModuleType, file: FileDescriptor) -> None:
    """Sets what one file defines."""
    contents: dict[str, Any] = {
        name: GetMessageClass(message) for name, message in file.message_types_by_name.items()
    }
    for name, enum in file.enum_types_by_name.items():
        contents[name] = EnumTypeWrapper(enum)
        contents |= {value.name: value.number for value in enum.values}
    if file.services_by_name:
        contents["DESCRIPTOR"] = file
    vars(module).update(contents)
