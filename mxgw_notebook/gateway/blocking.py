"""One decorator that makes a blocking method of an async one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Runner(Protocol):
    """Where a facade's coroutines run: `live.LoopThread` or `live.KernelLoop`."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The coroutine's result."""

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs a coroutine without waiting for it."""

    def every(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Calls a function periodically until the returned one is called."""


class HasRunner(Protocol):
    """A facade object."""

    runner: Runner


S = TypeVar("S", bound=HasRunner)


def blocking(method: Callable[Concatenate[S, P], Coroutine[Any, Any, R]]) -> Callable[Concatenate[S, P], R]:
    """The same method, waiting for its result. An interrupt cancels the call and is raised."""

    @wraps(method)
    def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.runner.run(method(self, *args, **kwargs))

    return call
