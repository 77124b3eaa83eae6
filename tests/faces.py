"""The import-linter contract that packages are entered by their faces only.

A name comes from the `__init__` of the outermost package that the importer does not stand in itself:
`live.hub` takes `History` from `live.samples`, `gateway.tags.watch` takes it from `live`.

Why: DECISIONS.md, "Packages have the plant's nouns as names, and one entrance".
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FacesContract(Contract):
    """Nothing outside `package` imports a module within it, nor does one of its sub-packages from another.

    `public` names modules that people's scripts import as they are.
    """

    type_name = "faces"

    package = fields.StringField()
    public = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """The imports that pass by a face."""
        del verbose
        package, public = str(self.package), set(self.public)  # type: ignore[call-overload]
        passed = [
            (importer, imported)
            for imported in sorted(graph.find_descendants(package) | {package})
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if imported not in public and not goes_by_face(graph, importer, imported)
        ]
        return ContractCheck(kept=not passed, metadata={"passed": passed})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line an import."""
        for importer, imported in check.metadata["passed"]:
            output.print_error(f"{importer} imports {imported} past its package's face", bold=False)


def goes_by_face(graph: ImportGraph, importer: str, imported: str) -> bool:
    """Whether an import names a face, or a name on it that a module within happens to have, too."""
    expected = face(graph, importer, imported)
    if imported == expected:
        return True
    name = imported.removeprefix(f"{expected}.")
    lines = [
        entry["line_contents"] for entry in graph.get_import_details(importer=importer, imported=imported)
    ]
    return all(line.lstrip().startswith(f"from {expected} import") for line in lines) and name in exported(
        expected
    )


def exported(package: str) -> list[str]:
    """The names on a package's face."""
    return list(import_module(package).__all__)


def face(graph: ImportGraph, importer: str, imported: str) -> str:
    """Where a module is to be had from: the outermost package that the importer does not stand in."""
    home = importer if graph.find_children(importer) else importer.rpartition(".")[0]
    own = set(chain(home))
    return next((package for package in chain(imported) if package not in own), imported)


def chain(module: str) -> Iterator[str]:
    """The packages of a module from the outermost inwards, and the module itself."""
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])
