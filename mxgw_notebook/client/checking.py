"""What is given compared with what a public function says that it takes, before anything is done with it.

Annotations say it already: a decorator reads them, so that a new function refuses what is wrong in the same
words as all others, in one line that names the argument.

Why: DECISIONS.md, "Arguments are checked against the annotations".
"""

from __future__ import annotations

import contextlib
import inspect
import math
import os
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import timedelta
from functools import cache, wraps
from itertools import chain
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from mxgw_notebook.client.arguments import seconds_given, shown, text_given
from mxgw_notebook.client.secret import hide
from mxgw_notebook.errors import ConfigurationError

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])
# Those are seconds to wait wherever they stand.
WAITS = ("timeout", "command_timeout", "seconds")
# What they are given is never told.
SECRETS = ("password", "api_key")
WORDS: dict[Any, str] = {
    str: "a text",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    Path: "a path",
    type(None): "None",
    Callable: "a function",
}


def checks_arguments(function: F) -> F:
    """The same function, which first refuses arguments of other kinds than it is annotated with.

    Raises ConfigurationError, for a coroutine function when it is called.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        hide(kwargs)
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError:  # one too many, or one that there is not: Python tells that well
            given = {}
        for name, value in given.items():
            check(function, signature.parameters[name], value)
        return function(*args, **kwargs)

    marked = getattr(inspect, "markcoroutinefunction", None)  # of Python 3.12
    if marked is not None and inspect.iscoroutinefunction(function):
        marked(call)
    return typing.cast(F, call)


def checks_all_arguments(held: C) -> C:
    """The same class, each public method of its own with `checks_arguments`."""
    for name, member in list(vars(held).items()):
        if inspect.isfunction(member) and not name.startswith("_"):
            setattr(held, name, checks_arguments(member))
    return held


def check(function: Callable[..., Any], parameter: inspect.Parameter, value: Any) -> None:
    """Raises ConfigurationError for a value that its parameter does not take."""
    hint = hint_of(function, parameter.name)
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        for one in value:
            check_one(function, parameter.name, hint, one)
    elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
        hints = typing.get_type_hints(typing.get_args(hint)[0]) if typing.get_args(hint) else {}
        for name, one in value.items():
            check_one(function, name, hints.get(name, Any), one)
    elif value is not parameter.default:
        check_one(function, parameter.name, hint, value)


def check_one(function: Callable[..., Any], name: str, hint: Any, value: Any) -> None:
    """The same of one value."""
    if name in WAITS and not (value is None and fits(value, hint)):
        seconds_given(value, name)
        return
    if name in SECRETS:
        if not fits(value, hint):
            raise ConfigurationError(f"The {name} is not a text", hint="Give it as a text.")
        return
    if isinstance(value, str) and takes_text(hint):
        text_given(value, name, "Give another.")
    if not fits(value, hint):
        raise refusal(function, name, hint, value)


def refusal(function: Callable[..., Any], name: str, hint: Any, value: Any) -> ConfigurationError:
    """What an argument is to be, and what was given."""
    wanted = " or ".join(dict.fromkeys(words(hint)))
    advice = f"help({function.__qualname__}) says what it takes."
    if isinstance(value, str) and wanted.startswith("a list"):
        advice = f"A list of one is [{shown(value)}]."
    return ConfigurationError(f"{name} is {wanted}, not {shown(value)}", hint=advice)


@cache
def hint_of(function: Callable[..., Any], name: str) -> Any:
    """The annotation of a parameter; Any for what can only be read by type checkers."""
    plain = inspect.unwrap(function)
    written = plain.__annotations__.get(name, Any)
    if not isinstance(written, str):
        return written
    # What cannot be read at run time may be without what it holds: pandas' Series[str] is a Series.
    for readable in (written, written.partition("[")[0]):
        with contextlib.suppress(NameError, TypeError, AttributeError):
            return eval(readable, plain.__globals__)  # our own annotation
    return Any


def takes_text(hint: Any) -> bool:
    """Whether a parameter takes one text."""
    return hint is str or any(takes_text(one) for one in alternatives(hint))


def alternatives(hint: Any) -> Sequence[Any]:
    """The kinds of a union; none for any other."""
    return typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else ()


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is what an annotation says."""
    if either := alternatives(hint):
        # A stretch of time is text or seconds: what is neither is told there with an example.
        if str in either and float in either and isinstance(value, Real):
            return not isinstance(value, bool)
        return any(fits(value, one) for one in either)
    origin, inner = typing.get_origin(hint) or hint, typing.get_args(hint)
    if origin is typing.Literal:
        return isinstance(value, str | int) and value in inner
    if origin in PLAIN:
        return PLAIN[origin](value)
    if isinstance(origin, typing.NewType):
        return fits(value, origin.__supertype__)
    if not isinstance(origin, type):
        return True
    if issubclass(origin, Mapping):
        return isinstance(value, Mapping)
    if issubclass(origin, Iterable) and origin.__module__ in ("collections.abc", "builtins"):
        return is_list(value) and (not inner or origin is tuple or all_fit(value, inner[0]))
    if getattr(origin, "_is_protocol", False):
        return all(hasattr(value, name) for name in vars(origin) if not name.startswith("_"))
    return isinstance(value, origin)


def is_list(value: Any) -> bool:
    """Whether a value is several, and not one text."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | Mapping)


def all_fit(values: Iterable[Any], hint: Any) -> bool:
    """Whether each of several is what an annotation says; what can be gone through only once is believed."""
    if isinstance(values, Iterator):
        return True
    if getattr(hint, "__supertype__", hint) in (str, bool, int):
        # Of 50,000 tags, all of one type, one is looked at: these annotations ask for no more than a type.
        values = {type(one): one for one in values}.values()
    return all(fits(one, hint) for one in values)


def is_number(value: Any) -> bool:
    """Whether it is a number, or a duration, which stands for its seconds."""
    if isinstance(value, timedelta | np.timedelta64):
        return True
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_) and math.isfinite(value)


PLAIN: dict[Any, Callable[[Any], bool]] = {
    Any: lambda value: True,
    object: lambda value: True,
    None: lambda value: value is None,
    type(None): lambda value: value is None,
    str: lambda value: isinstance(value, str),
    bool: lambda value: isinstance(value, bool | np.bool_),
    int: lambda value: isinstance(value, Integral) and not isinstance(value, bool | np.bool_),
    float: is_number,
    Path: lambda value: isinstance(value, os.PathLike),
    Callable: callable,
}


def words(hint: Any) -> Iterator[str]:
    """What an annotation says, in words."""
    either = alternatives(hint)
    origin, inner = typing.get_origin(hint) or hint, typing.get_args(hint)
    if either:
        yield from chain.from_iterable(map(words, either))
    elif origin is typing.Literal:
        yield f"one of {', '.join(map(str, inner))}"
    elif isinstance(origin, typing.NewType):
        yield from words(origin.__supertype__)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield "a mapping"
    elif isinstance(origin, type) and issubclass(origin, (Sequence, Set, Iterable)) and inner:
        yield f"a list of {' or '.join(plural(one) for one in words(inner[0]))}"
    else:
        yield WORDS.get(origin, f"a {getattr(origin, '__name__', origin)}")


def plural(word: str) -> str:
    """Several of what a word says."""
    return f"{word.removeprefix('a ')}s" if word.startswith("a ") else word
