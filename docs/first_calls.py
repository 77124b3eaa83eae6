"""Runs the first calls of the quickstart, as an installed wheel carries it: `python docs/first_calls.py`.

By its path, from outside a checkout: then the package is the installed one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

import mxgw_notebook

CALLS = 9  # up to the first live trend


def main() -> int:
    """0 when each cell ran without an error."""
    package = Path(mxgw_notebook.__file__).parent
    notebook = json.loads((package / "notebooks" / "01_quickstart.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    shell = InteractiveShell.instance()
    for cell in cells[:CALLS]:
        if not shell.run_cell(cell).success:
            sys.stderr.write(f"The installed package fails in:\n{cell}\n")
            return 1
    mxgw_notebook.disconnect()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
