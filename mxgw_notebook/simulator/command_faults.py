"""The faults that concern single kinds of commands: refused, answered late, done and never answered."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import grpc

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.faults import REFUSALS, Faults
from mxgw_notebook.simulator.refusal import RefusedError

_PREFIX = "MX_COMMAND_KIND_"


def name_of(kind: wire.MxCommandKind) -> str:
    """What a kind of command is called in a fault: the contract's name, in lower case."""
    known = kind in wire.MxCommandKind.values()
    return wire.MxCommandKind.Name(kind).removeprefix(_PREFIX).lower() if known else str(int(kind))


async def answered(
    faults: Faults, kind: wire.MxCommandKind, work: Coroutine[Any, Any, wire.MxCommandReply]
) -> wire.MxCommandReply:
    """What a command's work answers, as far as the faults let it through. Raises RefusedError."""
    command = name_of(kind)
    if (refused := faults.find("refuse-command", command=command)) is not None:
        work.close()
        code, turn = str(refused["code"]), faults.happened["refuse-command"]
        raise _refused(REFUSALS[turn % len(REFUSALS)] if code == "any" else code)
    reply = await work
    if (late := faults.find("delay-command", command=command)) is not None:
        await asyncio.sleep(float(late["seconds"]))
    if (lost := faults.find("lose-reply", command=command)) is not None:
        raise _refused(str(lost["code"]))
    return reply


def _refused(code: str) -> RefusedError:
    return RefusedError(grpc.StatusCode[code], "Refused, as the fault switch says.")
