"""A store that is no folder of this computer: what fsspec knows by a URL, to which files are put whole.

Why: DECISIONS.md, "A store gets whole files, and never a journal".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.history.folder import MARK, check_format, hours_in, plant_folder
from mxgw_notebook.history.sql import needed
from mxgw_notebook.history.tidying import TIMED, Keep, without_room

FOLDERS: Final = ("file", "local")
HINT: Final = "Name a folder, or a URL that fsspec knows, e.g. s3://bucket/recordings."
# A listing that is kept would hide what others have put there meanwhile.
FRESH: Final[Mapping[str, Any]] = {"use_listings_cache": False, "skip_instance_cache": True}
SECRET: Final = re.compile(r"//[^/@]*@")


class Store:
    """A place for whole files. Every method may raise whatever the store raises, or OSError.

    Raises:
        ConfigurationError: fsspec, or the package for this kind of URL, is not installed.
    """

    def __init__(self, url: str) -> None:
        self.name = SECRET.sub("//", url)
        core = needed("fsspec.core", "fsspec", f"To record to {self.name}")
        try:
            self._files, root = core.url_to_fs(url, **FRESH)
        except (ImportError, ValueError) as error:
            raise ConfigurationError(f"{self.name} cannot be recorded to: {error}", hint=HINT) from None
        self._root = str(root).rstrip("/")
        self._is_marked = False

    def begin(self, mark: Path) -> None:
        """Makes it one for recordings, from the mark of a folder; raises ConfigurationError for another."""
        if self._is_marked:
            return
        if self._files.exists(f"{self._root}/{MARK}"):
            check_format(json.loads(self._files.cat_file(f"{self._root}/{MARK}")), self.name)
        else:
            self.put(mark, MARK)
        self._is_marked = True

    def put(self, path: Path, name: str) -> None:
        """Puts a file there: whole, in place of one of the same name, or not at all."""
        target = f"{self._root}/{name}"
        if not self._files.async_impl:  # those that have no folders are asynchronous, all of them
            self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
        # What is no object store keeps it under another name until all of it is there.
        with self._files.transaction:
            self._files.put_file(str(path), target)
        size, found = path.stat().st_size, self._files.info(target)["size"]
        if found != size:
            raise OSError(f"{name} has {found} bytes there instead of {size}")

    def get(self, name: str) -> bytes:
        """All of a file."""
        found: bytes = self._files.cat_file(f"{self._root}/{name}")
        return found

    def sizes(self, folder: str) -> dict[str, int]:
        """The names of all files below a folder, and their bytes."""
        found = self._files.find(f"{self._root}/{folder}", detail=True)
        # Some stores begin a path otherwise than they were asked.
        names = {path: f"{folder}/{path.rpartition(f'{folder}/')[2]}" for path in found}
        return {names[path]: info["size"] for path, info in found.items()}

    def remove(self, names: Sequence[str]) -> None:
        """Removes files; those that are gone already do not matter."""
        for name in names:
            with suppress(FileNotFoundError):
                self._files.rm_file(f"{self._root}/{name}")

    def tidy(self, plant: str, keep: Keep, now_ns: int) -> None:
        """Removes the hours that are too old or too much, the oldest first."""
        if keep.hours is None and keep.megabytes is None:
            return
        files: dict[tuple[int, str], dict[str, int]] = {}
        for table in TIMED:
            for name, size in self.sizes(f"{table}/{plant_folder(plant)}").items():
                folder = (hours_in(name)[-1], name.rpartition("/")[0])
                files.setdefault(folder, {})[name] = size
        sized = [(folder, sum(files[folder].values())) for folder in sorted(files)]
        for folder in without_room(sized, keep, now_ns):
            self.remove(list(files[folder]))


def is_url(folder: object) -> bool:
    """Whether a place is named by a URL that is none of a folder here."""
    scheme, is_one, _ = str(folder).partition("://")
    return bool(is_one) and scheme not in FOLDERS


def folder_named(folder: object) -> Path:
    """The folder that a path or a URL of this computer (`file://`) names."""
    if "://" not in str(folder):
        return Path(str(folder))
    return Path(needed("fsspec.core", "fsspec", f"To record to {folder}").url_to_fs(str(folder))[1])


def folder_of(url: str) -> str:
    """A name for what waits for a store; it tells nobody the URL, which may have a password in it."""
    last = re.sub(r"[^A-Za-z0-9]+", "-", SECRET.sub("", url).rstrip("/").rpartition("/")[2])[:40]
    return f"{last or 'store'}-{sha256(url.encode()).hexdigest()[:16]}"
