"""The galaxy repository: the plant's model, page by page or level by level."""

from mxgw_notebook.client.galaxy.browse import GalaxyNode
from mxgw_notebook.client.galaxy.columns import objects_columns
from mxgw_notebook.client.galaxy.filters import BrowseFilters, HierarchyFilters
from mxgw_notebook.client.galaxy.records import DeployEvent, GalaxyAttribute, GalaxyObject, LastDeploy
from mxgw_notebook.client.galaxy.repository import PAGE_SIZE, GalaxyRepositoryClient

__all__ = [
    "PAGE_SIZE",
    "BrowseFilters",
    "DeployEvent",
    "GalaxyAttribute",
    "GalaxyNode",
    "GalaxyObject",
    "GalaxyRepositoryClient",
    "HierarchyFilters",
    "LastDeploy",
    "objects_columns",
]
