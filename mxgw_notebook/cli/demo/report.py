"""A notebook run from top to bottom without a browser, and the HTML report of it."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mxgw_notebook.errors import ConfigurationError, GatewayError

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CELL_SECONDS = 180
# Whatever the exporter's templates would fetch from elsewhere.
REMOTE_SCRIPT = re.compile(r'<script[^>]*\ssrc="https?://[^"]*"[^>]*>\s*</script>', re.IGNORECASE)
REMOTE_IMPORT = re.compile(
    r"<script type=\"module\">(?:(?!</script>).)*https?://(?:(?!</script>).)*</script>", re.DOTALL
)
# Jupyter chooses a kernel's ports before the kernel listens there: another program may take one meanwhile.
STARTS = 3

Told = Callable[[str], None]


def run_headless(notebook: Path, *, environment: Mapping[str, str], tell: Told) -> Path:
    """Runs the notebook's cells in order and writes `<name>.html` beside it.

    Raises:
        ConfigurationError: nbclient or nbconvert is not installed.
        GatewayError: A cell failed; the report is written all the same, with the error in it.
    """
    if not all(importlib.util.find_spec(name) for name in ("nbclient", "nbconvert", "nbformat")):
        raise ConfigurationError(
            "nbclient and nbconvert are not installed",
            hint='Install them: python -m pip install "mxgw-notebook[lab]".',
        )
    import nbformat

    document = nbformat.read(notebook, as_version=4)
    failure = execute(document, notebook.parent, environment, tell)
    # Also of a run that failed: the error stands below its cell, which says more than one line.
    report = notebook.with_suffix(".html")
    report.write_text(html_of(document), encoding="utf-8")
    if failure:
        raise GatewayError(f"A cell failed: {failure}", hint=f"See {report}.")
    return report


def execute(document: Any, folder: Path, environment: Mapping[str, str], tell: Told) -> str:
    """Runs the cells; empty, or the error of the one that failed. A kernel that dies is tried again."""
    from nbclient.exceptions import CellExecutionError

    count = sum(cell.cell_type == "code" for cell in document.cells)
    begun: list[str] = []

    def tell_begun(cell: Any, cell_index: int) -> None:
        if cell.cell_type == "code":
            begun.append(next(iter(cell.source.strip().splitlines()), ""))
            tell(f"  cell {len(begun)} of {count}: {begun[-1]}")

    for start in range(1, STARTS + 1):
        try:
            with variables(environment):
                client_of(document, folder, tell_begun).execute()
            break
        except CellExecutionError as error:
            return f"{error.ename}: {error.evalue}"
        except RuntimeError:  # the kernel has died
            if begun or start == STARTS:
                raise
    return ""


def client_of(document: Any, folder: Path, tell_begun: Callable[..., None]) -> Any:
    """What runs a notebook's cells once, in a kernel of its own."""
    from nbclient import NotebookClient

    return NotebookClient(
        document,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=tell_begun,
        store_widget_state=False,
        # It would warn that others on this machine could listen to it.
        extra_arguments=["--log-level=ERROR"],
    )


@contextmanager
def variables(environment: Mapping[str, str]) -> Iterator[None]:
    """The process's environment, which kernels inherit, with some variables set."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def html_of(document: Any) -> str:
    """The report: one file that asks nothing of any other machine. Widgets show their static pictures."""
    from nbconvert import HTMLExporter

    for cell in document.cells:
        for output in cell.get("outputs", []):
            # A report has no kernel: a widget would wait for one, and hide the picture that is there as well.
            output.get("data", {}).pop(WIDGET_VIEW, None)
    document.metadata.pop("widgets", None)
    exporter = HTMLExporter(exclude_input_prompt=True, exclude_output_prompt=True)
    body, _ = exporter.from_notebook_node(document)
    return REMOTE_IMPORT.sub("", REMOTE_SCRIPT.sub("", body))
