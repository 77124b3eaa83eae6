"""Tables that say of which plant they are: `frame.attrs["plant"]`, of every one that a gateway gives."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd

from mxgw_notebook.client import hide

C = TypeVar("C", bound=type)


def names_its_plant(held: C) -> C:
    """The same class, each table of its own public methods and properties with the `plant` of its object."""
    for name, member in list(vars(held).items()):
        if name.startswith("_"):
            continue
        if inspect.isfunction(member):
            setattr(held, name, naming(member))
        elif isinstance(member, property) and member.fget is not None:
            setattr(held, name, property(naming(member.fget), member.fset, member.fdel, member.__doc__))
    return held


def naming(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, a table that it returns with the plant's name where it has none yet."""

    @functools.wraps(method)
    def named(self: Any, *arguments: Any, **settings: Any) -> Any:
        found = method(
            self, *arguments, **hide(settings)
        )  # a password is no argument, and may be given as one
        if isinstance(found, pd.DataFrame):
            found.attrs.setdefault("plant", self.plant)
        return found

    return named
