"""The galaxy as a tree that the gateway is asked for level by level: nothing is loaded that is not opened."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mxgw_notebook.client import GalaxyNode, GalaxyObject, GalaxyRepositoryClient, objects_columns
from mxgw_notebook.errors import NotFoundError
from mxgw_notebook.frames import DATA_TYPES, SECURITY, galaxy_frames, reply_page
from mxgw_notebook.widgets import AREA, ATTRIBUTE, OBJECT, TreeRows

MOST_FOUND = 500
OBJECT_KEY, ATTRIBUTE_KEY = "o", "a"


class BrowseTree:
    """A TreeSource over BrowseChildren. A filter finds objects by tag name, at most 500, as a flat list."""

    views: Sequence[str] = ("areas",)

    def __init__(self, client: GalaxyRepositoryClient, root: str = "") -> None:
        self._client, self._root_name = client, root
        self._root = client.browse(include_attributes=False)
        self._nodes: dict[int, GalaxyNode] = {}
        self._whole: dict[int, GalaxyObject] = {}

    async def children(self, view: str, key: str, text: str) -> TreeRows:
        """The children of a node; see TreeSource."""
        del view
        if key == "":
            return await (self._find(text) if text.strip() else self._read_roots())
        identity = int(key[1:].partition(":")[0])
        if key[0] == ATTRIBUTE_KEY:
            return TreeRows()
        below = await self._nodes[identity].expand() if identity in self._nodes else ()
        return self._listed(below) + attribute_rows(await self._read_object(identity))

    async def tables(self, keys: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The selected objects, and the attributes that are selected or theirs, as the galaxy's tables."""
        parts = [key[1:].partition(":") for key in keys]
        wanted = list(dict.fromkeys(int(identity) for identity, _, _ in parts))
        whole = [await self._read_object(identity) for identity in wanted]
        above = await self._read_above(whole)
        objects, attributes = galaxy_frames([reply_page(objects_columns([*above, *whole]))])
        chosen = {int(identity) for identity, dot, _ in parts if not dot}
        names = {one.tag_name for one in whole if one.gobject_id in chosen}
        places = [(int(identity), int(place)) for identity, dot, place in parts if dot]
        tags = {self._whole[identity].attributes[place].full_tag_reference for identity, place in places}
        inside = attributes["object"].isin(names) & ~attributes["attribute"].str.contains(".", regex=False)
        own = attributes[inside | attributes["tag"].isin(tags)]
        mine = objects[objects["tag_name"].isin({one.tag_name for one in whole})]
        return mine.reset_index(drop=True), own.reset_index(drop=True)

    async def _read_roots(self) -> TreeRows:
        if self._root_name:
            found = await self._client.discover_hierarchy(
                root_tag_name=self._root_name, max_depth=0, include_attributes=False
            )
            return self._listed([self._client.node(one) for one in found])
        return self._listed(await self._root.expand())

    async def _find(self, text: str) -> TreeRows:
        """Objects by tag name, wherever they stand."""
        glob = text.strip() if "*" in text or "?" in text else f"*{'*'.join(text.split())}*"
        walk = self._client.iter_hierarchy(tag_name_glob=glob, include_attributes=False, page_size=MOST_FOUND)
        nodes = []
        async for one in walk:
            nodes.append(self._client.node(one))
            if len(nodes) == MOST_FOUND:
                break
        # Broken off, it would still have its next page on the way.
        await walk.aclose()
        return self._listed(nodes)

    async def _read_object(self, identity: int) -> GalaxyObject:
        """An object with its attributes, asked for once."""
        if identity not in self._whole:
            found = await self._client.discover_hierarchy(root_gobject_id=identity, max_depth=0)
            self._whole[identity] = found[0]
        return self._whole[identity]

    async def _read_above(self, below: Sequence[GalaxyObject]) -> list[GalaxyObject]:
        """The objects above some, without their attributes: paths and areas come of them."""
        # None for those at hand: an object that is selected with one above it is not asked for a second time.
        found: dict[int, GalaxyObject | None] = {one.gobject_id: None for one in below}
        for one in below:
            identity = one.parent_gobject_id
            while identity and identity not in found:
                shell = found[identity] = await self._read_shell(identity)
                identity = shell.parent_gobject_id if shell is not None else 0
        return [one for one in found.values() if one is not None]

    async def _read_shell(self, identity: int) -> GalaxyObject | None:
        """An object without its attributes; None for one that the key does not show."""
        if identity in self._nodes:
            return self._nodes[identity].object
        try:
            walk = self._client.discover_hierarchy(
                root_gobject_id=identity, max_depth=0, include_attributes=False
            )
            (found,) = await walk
        except NotFoundError:
            return None
        return found

    def _listed(self, nodes: Sequence[GalaxyNode]) -> TreeRows:
        rows = TreeRows()
        for node in nodes:
            found = node.object
            assert found is not None  # the root alone has none, and is never listed
            self._nodes[found.gobject_id] = node
            rows.key.append(f"{OBJECT_KEY}{found.gobject_id}")
            rows.label.append(node.name)
            rows.kind.append(AREA if node.is_area else OBJECT)
            rows.more.append(True)  # attributes at least
            rows.tag.append("" if found.tag_name == node.name else found.tag_name)
            rows.about.append(next(iter(found.template_chain), ""))
            rows.marks.append("")
            rows.security.append("")
        return rows


def attribute_rows(found: GalaxyObject) -> TreeRows:
    """The attributes of an object, in the galaxy's order."""
    rows = TreeRows()
    for place, one in enumerate(found.attributes):
        kind = DATA_TYPES.get(one.mx_data_type, str(one.mx_data_type))
        rows.key.append(f"{ATTRIBUTE_KEY}{found.gobject_id}:{place}")
        rows.label.append(one.attribute_name)
        rows.kind.append(ATTRIBUTE)
        rows.more.append(False)
        rows.tag.append(one.full_tag_reference)
        rows.about.append(f"{kind}[{one.array_dimension}]" if one.is_array else kind)
        rows.marks.append(("A" if one.is_alarm else "") + ("H" if one.is_historized else ""))
        rows.security.append(SECURITY.get(one.security_classification, str(one.security_classification)))
    return rows
