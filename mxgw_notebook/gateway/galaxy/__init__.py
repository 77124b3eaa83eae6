"""The galaxy: explored, browsed, compared, saved."""

from mxgw_notebook.gateway.galaxy.browser import Browser, LiveValues, SelectableTree
from mxgw_notebook.gateway.galaxy.deploys import Deploys
from mxgw_notebook.gateway.galaxy.explorer import Explorer, loaded_tree
from mxgw_notebook.gateway.galaxy.progress import LoadProgress
from mxgw_notebook.gateway.galaxy.tree_browse import BrowseTree

__all__ = [
    "BrowseTree",
    "Browser",
    "Deploys",
    "Explorer",
    "LiveValues",
    "LoadProgress",
    "SelectableTree",
    "loaded_tree",
]
