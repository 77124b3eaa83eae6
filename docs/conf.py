"""What Sphinx is told."""

from __future__ import annotations

import re
from functools import cache, partial
from importlib.metadata import version as installed
from typing import Any

from sphinx.addnodes import toctree

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


def lighten_navigation(app: Any, pagename: str, templatename: str, context: Any, doctree: Any) -> None:
    """The tree of pages beside each page is made of their titles alone, which is all that it shows.

    Otherwise every heading and name of all pages is copied for each page, and most of it thrown away again.
    """
    del pagename, templatename, doctree
    if tree := context.get("toctree"):
        context["toctree"] = partial(tree_of_titles, app.env, tree)


def tree_of_titles(env: Any, tree: Any, **options: Any) -> Any:
    """What `tree` gives when the pages have no headings but their titles."""
    everything = env.tocs
    env.tocs = titles_of(env)
    try:
        return tree(**options)
    finally:
        env.tocs = everything


@cache
def titles_of(env: Any) -> dict[str, Any]:
    """Each page's title, with the pages that it lists."""
    titles = {name: toc.deepcopy() for name, toc in env.tocs.items()}
    for toc in titles.values():
        for entry in toc.children:
            if listed := list(entry.findall(toctree)):
                entry[1][:] = listed
            else:
                entry[1:] = []
    return titles


def setup(app: Any) -> None:
    """Before napoleon looks for the sections, and before the theme makes its navigation."""
    app.connect("autodoc-process-docstring", mark_code, priority=100)
    app.connect("autodoc-skip-member", is_foreign)
    app.connect("html-page-context", lighten_navigation, priority=100)
