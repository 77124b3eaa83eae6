"""A message cut down to the fields we keep, so that decoding touches nothing else.

Numbers come from the descriptor given; fields are named.
"""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor, FileDescriptor

Tree = dict[str, "Tree"]


def prune(message: Descriptor, paths: Iterable[str]) -> Descriptor:
    """The same message with the named fields alone, in a descriptor pool of its own.

    Paths are names joined by dots (`value.double_value`). A message field of the same file is cut down to
    what is named below it, to nothing when nothing is: its presence can still be read. Messages of other
    files (timestamps) stay whole. Raises KeyError for a name that the descriptor does not have.
    """
    # Its own pool: the default one knows these messages whole, and would refuse a second definition of the
    # same name.
    pool = descriptor_pool.DescriptorPool()
    # All of them, also those that only a field left out needs: the file names its imports, and a pool refuses
    # a file with one that it does not have.
    for dependency in message.file.dependencies:
        add_whole(pool, dependency)
    cut = descriptor_pb2.FileDescriptorProto()
    message.file.CopyToProto(cut)
    # From the copy of the file, so that its name, package and syntax stay: they decide how unset fields are
    # told.
    del cut.message_type[:], cut.service[:], cut.extension[:]
    for descriptor, kept in kept_by_message(message, tree_of(paths)).items():
        cut.message_type.append(cut_down(descriptor, kept))
    pool.AddSerializedFile(cut.SerializeToString())
    return pool.FindMessageTypeByName(message.full_name)


def tree_of(paths: Iterable[str]) -> Tree:
    """Dotted paths as nested names."""
    root: Tree = {}
    for path in paths:
        branch = root
        for name in path.split("."):
            branch = branch.setdefault(name, {})
    return root


def kept_by_message(message: Descriptor, tree: Tree) -> dict[Descriptor, set[str]]:
    """The fields kept of each message of the file; one met on two paths keeps what either names."""
    kept: dict[Descriptor, set[str]] = {message: set(tree)}
    for name, below in tree.items():
        target = message.fields_by_name[name].message_type
        if target is not None and target.file.name == message.file.name:
            for descriptor, names in kept_by_message(target, below).items():
                # A message may be met on two paths and has one definition: it keeps what either path needs.
                kept.setdefault(descriptor, set()).update(names)
    return kept


def cut_down(message: Descriptor, kept: set[str]) -> descriptor_pb2.DescriptorProto:
    """One message's definition without the fields that are not kept."""
    full, cut = descriptor_pb2.DescriptorProto(), descriptor_pb2.DescriptorProto(name=message.name)
    message.CopyToProto(full)
    # Enumerations stay whole: a field that is kept may be of one, and they cost nothing in decoding.
    cut.enum_type.extend(full.enum_type)
    oneofs: dict[int, int] = {}  # a oneof must not stand empty: those that keep an arm are renumbered
    for field in full.field:
        if field.name not in kept:
            continue
        # Also proto3's optional fields: each is a oneof of one, which is how their presence is told.
        if field.HasField("oneof_index"):
            old = field.oneof_index
            if old not in oneofs:
                oneofs[old] = len(oneofs)
                cut.oneof_decl.append(full.oneof_decl[old])
            field.oneof_index = oneofs[old]
        cut.field.append(field)
    return cut


def add_whole(pool: descriptor_pool.DescriptorPool, file: FileDescriptor) -> None:
    """A file and all that it imports."""
    for dependency in file.dependencies:
        add_whole(pool, dependency)
    pool.AddSerializedFile(file.serialized_pb)
