"""Other names for what a recording tells of: structure, times and numbers stay, and nobody is named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as pa

PLANT: Final = "plant"
# Columns of facts by what they are; any other of texts that people wrote is emptied.
TAGS: Final = ("tag", "object", "reference", "area")
PEOPLE: Final = ("operator", "by", "asked_by")
TEXTS: Final = ("comment", "description", "text", "outcome", "result", "host", "why")
VALUES: Final = ("value", "limit")  # as JSON
KEPT_TEMPLATES: Final = ("$Area", "$UserDefined", "$AppEngine", "$WinPlatform", "$ViewEngine")


class Pseudonyms:
    """One other name for each object, area, template and person, the same wherever it stands.

    Attributes keep their names, units and limits: what a value is must be told for anything to be seen in it.
    Where it is not `wanted` everything stays as it is.
    """

    def __init__(self, wanted: bool, galaxy: tuple[pd.DataFrame, pd.DataFrame] | None) -> None:
        self._wanted = wanted
        self._known: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()
        self._areas: set[str] = set()
        if wanted and galaxy is not None:
            self._learn(galaxy[0])

    def _learn(self, objects: pd.DataFrame) -> None:
        """In the galaxy's order, so that the names tell nothing of when something was recorded."""
        is_area = objects["category"].astype(str) == "Area"
        self._areas = set(objects["tag_name"].astype(str)[is_area])
        for name in objects["tag_name"].astype(str):
            self._object(name)

    def plant(self, name: str) -> str:
        """The plant's."""
        return PLANT if self._wanted else name

    def tag(self, tag: str) -> str:
        """A tag with another object's name."""
        owner, dot, attribute = tag.partition(".")
        return f"{self._object(owner)}{dot}{attribute}" if self._wanted and owner else tag

    def samples(self, rows: Any) -> Any:
        """Samples under other tags; a text is another one, the same wherever it stands; no raw bytes."""
        if not self._wanted or not rows.num_rows:
            return rows
        encoded = rows["tag"].combine_chunks().dictionary_encode()
        tags = pa.array([self.tag(tag) for tag in encoded.dictionary.to_pylist()], pa.string())
        rows = rows.set_column(rows.schema.get_field_index("tag"), "tag", tags.take(encoded.indices))
        kinds = rows["kind"].to_pylist()
        texts = [self._text(kind, text) for kind, text in zip(kinds, rows["text"].to_pylist(), strict=True)]
        return rows.set_column(rows.schema.get_field_index("text"), "text", pa.array(texts, pa.string()))

    def facts(self, facts: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
        """What else was told, likewise."""
        if not self._wanted:
            return {table: [dict(row) for row in told] for table, told in facts.items()}
        return {table: [self._fact(row) for row in told] for table, told in facts.items()}

    def galaxy(self, objects: pd.DataFrame, attributes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Both tables of a galaxy, likewise."""
        if not self._wanted:
            return objects, attributes
        return self._table(objects, OBJECT_NAMES), self._table(attributes, ATTRIBUTE_NAMES)

    # -------------------------------------------------------------- beneath

    def _text(self, kind: str | None, text: str | None) -> str | None:
        """What a sample keeps as a text; numbers of an array stay."""
        if not text or kind == "raw":
            return None if kind == "raw" else text
        if kind != "array":
            return self._name("Text", text)
        form = json.loads(text)
        is_text = any(isinstance(one, str) for one in form["elements"])
        own = [self._name("Text", str(one)) if is_text and one else one for one in form["elements"]]
        return json.dumps({**form, "elements": own})

    def _fact(self, row: Mapping[str, Any]) -> dict[str, Any]:
        told = {**row, "run": self._name("Run", str(row["run"]))}
        for name in told.keys() & set(TAGS):
            told[name] = self._reference(told[name]) if isinstance(told[name], str) else told[name]
        for name in told.keys() & set(PEOPLE):
            told[name] = self._name("Person", told[name]) if told[name] else told[name]
        for name in told.keys() & set(TEXTS):
            told[name] = "" if isinstance(told[name], str) else told[name]
        if isinstance(told.get("tags"), list):
            told["tags"] = [self.tag(tag) for tag in told["tags"]]
        elif told.get("tags"):  # a note's, as one text
            told["tags"] = ", ".join(self.tag(tag) for tag in told["tags"].split(", "))
        for name in told.keys() & set(VALUES):
            word = json.loads(told[name]) if told[name] else None
            told[name] = json.dumps(self._name("Text", word)) if isinstance(word, str) else told[name]
        return told

    def _reference(self, text: str) -> str:
        """An alarm's reference, or a tag: galaxy and area before the exclamation mark and the first point."""
        galaxy, mark, rest = text.rpartition("!")
        if not mark:
            return self.tag(text)
        area, dot, tag = rest.partition(".")
        return f"Galaxy!{self._object(area, is_area=True)}{dot}{self.tag(tag)}" if galaxy else text

    def _object(self, name: str, *, is_area: bool = False) -> str:
        return self._name("Area" if is_area or name in self._areas else "Object", name)

    def _name(self, kind: str, name: str) -> str:
        known = self._known.get((kind, name))
        if known is None:
            self._counts[kind] += 1
            known = self._known[kind, name] = f"{kind}{self._counts[kind]:03}"
        return known

    def _table(self, frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
        hidden = frame.copy()
        for column, kind in columns.items():
            if column not in frame:
                continue
            words = {word: self._word(kind, word) for word in frame[column].dropna().astype(str).unique()}
            shown = frame[column].astype(object).map(words, na_action="ignore")
            is_category = isinstance(frame[column].dtype, pd.CategoricalDtype)
            hidden[column] = shown.astype("category") if is_category else shown.astype(frame[column].dtype)
        hidden.attrs = {"deployed": frame.attrs.get("deployed", ""), "endpoint": PLANT}
        return hidden

    def _word(self, kind: str, word: str) -> str:
        if kind == "path":
            return "/".join(self._object(part) for part in word.split("/"))
        if kind == "chain":
            return " < ".join(self._word("template", one) for one in word.split(" < "))
        if kind == "template":
            return word if word in KEPT_TEMPLATES else f"${self._name('Template', word)}"
        return self.tag(word) if word else word


OBJECT_NAMES: Final = {
    "tag_name": "tag", "contained_name": "tag", "browse_name": "tag", "parent": "tag", "hosted_by": "tag",
    "area": "tag", "path": "path", "template": "template", "template_chain": "chain",
}  # fmt: skip
ATTRIBUTE_NAMES: Final = {
    "tag": "tag", "object": "tag", "area": "tag", "path": "path", "template": "template",
}  # fmt: skip
