"""How the package's modules hang together: no circles, and few that only one other has a use for.

A module that one neighbour uses, and nobody beyond, is often a part of that neighbour: a reader then opens
two files for one thing. Some are worth a file of their own all the same, so it is a share that is held.

Why: DECISIONS.md, "Client and embedded gateway may share class names".
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import grimp

import mxgw_notebook
from mxgw_notebook.cli.main import MODULES

ROOT = "mxgw_notebook"
PACKAGE, TESTS = Path(mxgw_notebook.__file__).parent, Path(__file__).parent.parent
# A command is imported by its name when it is asked for: the list of them is as good as a face.
COMMANDS = {f"{ROOT}.cli.{name}" for name in MODULES.values()}
LARGEST_SHARE = 0.14
# What tests of the facade may take hold of that is nobody's business but its own.
MOST_REACHES = 4


@cache
def graph() -> grimp.ImportGraph:
    """Who imports whom, for annotations alone too; the generated code is left out."""
    found = grimp.build_graph(ROOT)
    generated = f"{ROOT}._generated"
    for module in {generated, *found.find_descendants(generated)}:
        found.remove_module(module)
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    found = graph()
    circles = {
        (importer, imported)
        for importer in found.modules
        for imported in found.find_modules_directly_imported_by(importer)
        if found.chain_exists(importer=imported, imported=importer)
    }
    assert sorted(circles) == []


def test_few_modules_are_used_by_one_other_and_stand_on_no_face() -> None:
    single = {module for module in graph().modules if is_single_use(module)}
    assert len(single) < LARGEST_SHARE * len(graph().modules), sorted(single)


def is_single_use(module: str) -> bool:
    """Whether exactly one module imports it, and that one is no package's face."""
    found = graph()
    if found.find_children(module) or module in COMMANDS:
        return False
    users = found.find_modules_that_directly_import(module)
    return len(users) == 1 and not any(map(found.find_children, users))


def test_no_two_classes_of_the_client_side_have_one_name() -> None:
    # The embedded gateway stands alone at the other end of the wire, and has words of its own for the same;
    # compat is there to have the names that others have.
    found = Counter(
        node.name
        for path in PACKAGE.rglob("*.py")
        if not {"_generated", "simulator", "compat"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in found.items() if count > 1] == []


def test_tests_of_the_facade_take_hold_of_little_that_is_private() -> None:
    reaches = [
        f"{path.name}:{node.lineno} {ast.unparse(node)}"
        for path in sorted((TESTS / "gateway").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and is_private(node)
    ]
    assert len(reaches) <= MOST_REACHES, reaches


def is_private(reached: ast.Attribute) -> bool:
    """Whether it is another object's private attribute; what IPython asks for is a face."""
    return (
        reached.attr.startswith("_")
        and not reached.attr.startswith(("__", "_repr_", "_ipython_"))
        and ast.unparse(reached.value) not in ("self", "cls")
    )
