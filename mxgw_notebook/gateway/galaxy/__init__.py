"""The galaxy: explored, browsed, compared, saved."""

from mxgw_notebook.gateway.galaxy.browser import Browser, LiveValues, SelectableTree
from mxgw_notebook.gateway.galaxy.completing import Completing
from mxgw_notebook.gateway.galaxy.deploys import Deploys, deploy_words
from mxgw_notebook.gateway.galaxy.explorer import Explorer, load_tree
from mxgw_notebook.gateway.galaxy.instances import Instances
from mxgw_notebook.gateway.galaxy.progress import LoadProgress
from mxgw_notebook.gateway.galaxy.tree_browse import BrowseTree

__all__ = [
    "BrowseTree",
    "Browser",
    "Completing",
    "Deploys",
    "Explorer",
    "Instances",
    "LiveValues",
    "LoadProgress",
    "SelectableTree",
    "deploy_words",
    "load_tree",
]
