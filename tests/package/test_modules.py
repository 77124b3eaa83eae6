"""How the package's modules hang together: no circles, and few that only one other has a use for.

A module that one neighbour uses, and nobody beyond, is often a part of that neighbour: a reader then opens
two files for one thing. Some are worth a file of their own all the same, so it is a share that is held.
"""

from __future__ import annotations

from functools import cache

import grimp

from mxgw_notebook.cli.main import MODULES

ROOT = "mxgw_notebook"
# A command is imported by its name when it is asked for: the list of them is as good as a face.
COMMANDS = {f"{ROOT}.cli.{name}" for name in MODULES.values()}
LARGEST_SHARE = 0.14


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
