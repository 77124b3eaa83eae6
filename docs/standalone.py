"""An example as it can be pasted: before it stand the lines of its page's examples that it needs.

Why: DECISIONS.md, "An example of the reference brings what it needs".
"""

from __future__ import annotations

import ast
import re
import symtable
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# Where an example needs a gateway's address, it brings one.
BENCH = """\
from mxgw_notebook.simulator import EmbeddedGateway
simulated = EmbeddedGateway.start()
ENDPOINT, KEY = simulated.endpoint, simulated.api_key  # or those of your own gateway
"""
DEFINES = re.compile(r"^(async def|def|class) ", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """A statement: its text, the names that it gives, and all that it uses."""

    text: str
    gives: frozenset[str]
    uses: frozenset[str]
    is_import: bool


def lines_of(code: str) -> list[Line]:
    """The statements of a text, with the comments behind them."""
    rows = code.splitlines()
    found = []
    for node in ast.parse(code).body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        text = "\n".join(rows[first - 1 : node.end_lineno])
        found.append(Line(text, *names_of(node), isinstance(node, ast.Import | ast.ImportFrom)))
    return found


def names_of(node: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a statement binds, and those that it needs from before; within functions only the latter."""
    table = symtable.symtable(ast.unparse(node), "example", "exec")
    symbols = table.get_symbols()
    gives = {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}
    uses = {one.get_name() for one in symbols if one.is_referenced()} | set(of_functions(table))
    # What is assigned may be made of what it was before; a loop's or an error's name may not.
    return frozenset(gives), frozenset(uses if isinstance(node, ast.Assign) else uses - gives)


def of_functions(table: symtable.SymbolTable) -> Iterator[str]:
    """The names that functions and classes within have from outside."""
    for child in table.get_children():
        yield from (one.get_name() for one in child.get_symbols() if one.is_global())
        yield from of_functions(child)


def needed(own: Sequence[Line], before: Sequence[Line]) -> list[int]:
    """Which of the earlier statements these ones need, and those need in turn."""
    wanted: set[int] = set()
    waiting = [(len(before), name) for name in missing(own)]
    while waiting:
        end, name = waiting.pop()
        place = next((at for at in reversed(range(end)) if name in before[at].gives), None)
        if place is None or place in wanted:
            continue
        wanted.add(place)
        waiting += [(place, more) for more in before[place].uses]
    return sorted(wanted)


def missing(own: Iterable[Line]) -> set[str]:
    """The names that statements use and an earlier one of them does not give."""
    have: set[str] = set()
    lacking: set[str] = set()
    for line in own:
        lacking |= line.uses - have - line.gives
        have |= line.gives
    return lacking


def standing_alone(code: str, before: str, *, bench: bool = True) -> str:
    """The example with what it needs of the text before it; without `bench` ENDPOINT and KEY are left open."""
    earlier = [*(lines_of(BENCH) if bench else []), *lines_of(before)]
    chosen = [earlier[place] for place in needed(lines_of(code), earlier)]
    imports = sorted({line.text for line in chosen if line.is_import}, key=place_of_import)
    others = [line.text for line in chosen if not line.is_import]
    parts = [part for part in ("\n".join(imports), "\n".join(others), code.strip("\n")) if part]
    return ("\n\n\n" if DEFINES.search("\n".join(parts)) else "\n\n").join(parts) + "\n"


def place_of_import(text: str) -> tuple[bool, bool, str]:
    """Python's own modules first, ours last."""
    module = text.split()[1].partition(".")[0]
    return module not in sys.stdlib_module_names, module == "mxgw_notebook", text
