"""Bulk commands in parts, each small enough to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.sessions.invoking import BYTES_A_COMMAND, ENTRIES_A_COMMAND, parts


class Builder:
    """Builds commands, and counts how many entries went into all that were built."""

    def __init__(self) -> None:
        self.entries = 0

    def __call__(self, tags: Sequence[str]) -> Any:
        self.entries += len(tags)
        return wire.SubscribeBulkCommand(tag_addresses=tags)


def commands_of(tags: Sequence[str], build: Builder) -> list[Any]:
    """What is sent."""
    return list(parts(tags, build))


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 25_500])
def test_every_entry_goes_once_in_order_and_is_looked_at_once(count: int) -> None:
    build, tags = Builder(), [f"Tank{number}.Level" for number in range(count)]
    commands = [list(command.tag_addresses) for command in commands_of(tags, build)]
    assert [tag for command in commands for tag in command] == tags
    assert max(len(command) for command in commands) <= ENTRIES_A_COMMAND
    assert len(commands) == max(1, -(-count // ENTRIES_A_COMMAND))
    assert build.entries == count


def test_heavy_entries_are_halved_until_they_can_be_sent() -> None:
    tags = ["x" * 100_000 for _ in range(101)]
    commands = commands_of(tags, Builder())
    assert sum(len(command.tag_addresses) for command in commands) == len(tags)
    assert len(commands) > 1
    assert all(command.ByteSize() <= BYTES_A_COMMAND for command in commands)


def test_one_entry_that_is_too_heavy_is_left_to_the_gateways_own_refusal() -> None:
    (command,) = commands_of(["x" * (BYTES_A_COMMAND + 1)], Builder())
    assert len(command.tag_addresses) == 1
