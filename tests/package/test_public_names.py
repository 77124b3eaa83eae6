"""What people's scripts name stays there: the names of 0.1, and every class that a public method returns."""

from __future__ import annotations

import ast
import importlib
import inspect
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mxgw_notebook
from mxgw_notebook import errors

NAMES_OF_0_1 = Path(__file__).with_name("names_of_0_1.txt").read_text().splitlines()
# Loop-side methods that no person calls: they went from the class that people hold.
WITHDRAWN = {"Watch.deployed", "Watch.end"}
# Steps of a conversion and of a comparison that stand elsewhere now.
RENAMED = {"mxgw_notebook.client.values:element_type", "mxgw_notebook.analysis.galaxy:loaded"}

# What the widgets are fed with; people ask for frames.
MACHINERY = {"Watch.entries", "Watch.watched", "XY.plot", "Recording.source"}


def lacking(line: str) -> bool:
    """Whether `module:Class.member` is not to be had any more."""
    module, _, path = line.partition(":")
    name, _, member = path.partition(".")
    found = getattr(importlib.import_module(module), name, None)
    if found is None:
        return True
    bases = getattr(found, "__mro__", ())
    fields = {field for base in bases for field in getattr(base, "__dataclass_fields__", {})}
    return bool(member) and path not in WITHDRAWN and not hasattr(found, member) and member not in fields


def test_every_name_of_the_first_version_is_still_there() -> None:
    assert [line for line in NAMES_OF_0_1 if lacking(line) and line not in RENAMED] == []


def test_every_error_stands_on_the_packages_face() -> None:
    raised = {
        name
        for name, found in vars(errors).items()
        if inspect.isclass(found) and issubclass(found, Exception)
    }
    assert raised <= set(mxgw_notebook.__all__)


@pytest.mark.parametrize("name", mxgw_notebook.__all__)
def test_each_name_of_the_face_can_be_had(name: str) -> None:
    assert getattr(mxgw_notebook, name) is not None


def test_every_class_that_a_public_method_returns_stands_on_the_face() -> None:
    face = {name: getattr(mxgw_notebook, name) for name in mxgw_notebook.__all__}
    holders = [
        found for found in face.values() if inspect.isclass(found) and not issubclass(found, Exception)
    ]
    missing = {
        f"{holder.__name__}.{name} -> {found.__name__}"
        for holder in holders
        for name, hint in returned(holder)
        for found in classes_in(hint)
        if found.__module__.startswith("mxgw_notebook") and "._generated" not in found.__module__
        if found not in face.values() and f"{holder.__name__}.{name}" not in MACHINERY
    }
    assert sorted(missing) == []


def returned(holder: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of ours that a class has, each with what it answers."""
    for name, member in inspect.getmembers_static(holder):
        function = member.fget if isinstance(member, property) else getattr(member, "func", member)
        module = getattr(function, "__module__", None) or ""
        if (
            not name.startswith("_")
            and module.startswith("mxgw_notebook")
            and hasattr(function, "__annotations__")
        ):
            yield name, typing.get_type_hints(function, localns=names_of(module)).get("return")


def names_of(module: str) -> dict[str, Any]:
    """What a module imports for its annotations alone."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    scope: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            exec("\n".join(map(ast.unparse, node.body)), scope)
    return scope


def classes_in(hint: Any) -> Iterator[type]:
    """The classes that an annotation names, those within others too."""
    origin = typing.get_origin(hint)
    for found in (origin, hint):
        if inspect.isclass(found) and typing.get_origin(found) is None:
            yield found
    for part in typing.get_args(hint):
        yield from classes_in(part)
