"""The notebooks that come with the package, and the copies people work on."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from mxgw_notebook.errors import ConfigurationError

QUICKSTART = "01_quickstart.ipynb"
PACKAGE = Path(str(files("mxgw_notebook")))


def shipped() -> Path:
    """The folder of the notebooks: inside an installed package, beside it in a checkout."""
    for folder in (PACKAGE / "notebooks", PACKAGE.parent / "notebooks"):
        if (folder / QUICKSTART).is_file():
            return folder
    raise ConfigurationError("The notebooks are not installed", hint="Install mxgw-notebook again.")


def working_copy(folder: Path) -> Path:
    """The quickstart in a folder of the user's, beside the other notebooks.

    Each is copied there once, never over what they changed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for notebook in shipped().glob("*.ipynb"):
            if not (folder / notebook.name).exists():
                shutil.copyfile(notebook, folder / notebook.name)
    except OSError as error:
        message = f"The notebooks cannot be put into {folder}: {error.strerror}"
        raise ConfigurationError(message, hint="Name another one with --folder.") from None
    return folder / QUICKSTART
