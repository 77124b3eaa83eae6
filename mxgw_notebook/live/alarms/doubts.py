"""Alarms of which it is not known how they stand: only the gateway's own list can tell."""

from __future__ import annotations

import asyncio


class Doubts:
    """References in doubt, each with the number of the newest transition that is known of it.

    A list is true for the moment at which it was made. So it settles nothing about an alarm that has had
    another transition since it was asked for. Not safe between threads: whoever owns it has a lock.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._any = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def add(self, reference: str, number: int) -> None:
        """From this transition on it is not known how the alarm stands."""
        self._numbers[reference] = number
        self._any.set()

    def changed(self, reference: str, number: int) -> None:
        """A transition of an alarm; one that is not in doubt is none of ours."""
        if reference in self._numbers:
            self._numbers[reference] = number

    def all(self) -> dict[str, int]:
        """The references, and of each the number that a list which is asked for now can settle."""
        return dict(self._numbers)

    def settle(self, reference: str, number: int) -> bool:
        """Whether a list that was asked for at this number tells how the alarm stands; then it is settled."""
        if self._numbers.get(reference) != number:
            return False
        del self._numbers[reference]
        self._settled()
        return True

    def clear(self) -> None:
        """All is known: a snapshot has come."""
        self._numbers.clear()
        self._settled()

    async def wait(self) -> None:
        """Returns once there is a doubt."""
        await self._any.wait()

    def _settled(self) -> None:
        if not self._numbers:
            self._any.clear()
