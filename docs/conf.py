"""What Sphinx is told."""

from __future__ import annotations

import re
from importlib.metadata import version as installed
from typing import Any

project = "mxgw_notebook"
copyright = "mxgw_notebook contributors"
release = version = installed("mxgw-notebook")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples/*"]  # shown as code
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
# A dollar, an at-sign or two dashes are what they are: templates and options are full of them.
smartquotes = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_inherit_docstrings = False  # those of what we stand on are others' prose
autodoc_class_signature = "separated"
napoleon_numpy_docstring = False
napoleon_use_rtype = False
python_use_unqualified_type_names = True
maximum_signature_line_length = 90

# All that the pages show is in the site itself.
html_theme = "furo"
html_title = f"mxgw_notebook {release}"
html_static_path = ["static"]
html_css_files = ["manual.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options: dict[str, Any] = {"top_of_page_buttons": []}

CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def mark_code(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Docstrings are written for `help()`, with `code` between single backticks; reStructuredText has two."""
    del app, name, obj, options
    # napoleon takes what stands before a colon in a property's first line for its type.
    before = [""] if what in ("property", "attribute") else []
    lines[:] = before + CODE.sub(r"``\1``", "\n".join(lines)).split("\n")


def is_foreign(app: Any, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Whether a member is left out: what is inherited from others is documented by them."""
    del app, what, name, options
    function = getattr(obj, "fget", None) or getattr(obj, "func", None) or getattr(obj, "__func__", obj)
    module = getattr(function, "__module__", None) or type(function).__module__
    return None if skip or module.startswith("mxgw_notebook") else True


def setup(app: Any) -> None:
    """Before napoleon looks for the sections."""
    app.connect("autodoc-process-docstring", mark_code, priority=100)
    app.connect("autodoc-skip-member", is_foreign)
