"""The faults of a gateway that keeps the contract and no more than that: what a right client lives with."""

from __future__ import annotations

from mxgw_notebook.simulator.faults import Settings, parse

UNKIND: tuple[str, ...] = (
    "wordless",
    "refuse-command:command=ping+get_session_state+get_worker_info,code=any",
    "refuse:rpc=TestConnection+GetLastDeployTime,code=UNIMPLEMENTED",
    "delay-command:command=register+add_item*+un_advise*,seconds=0.05",
    "lose-reply:command=write*+un_advise*+remove_item*+unsubscribe*,every=5",
    "unknown-enums:enums=MxStatusSource+MxDataType+AlarmProviderMode",
    "unknown-fields",
    "strangers:every=4",
    "odd-times:every=7",
    "bursts:seconds=0.05,same=1.0",
    "compress",
)


def unkind_faults() -> tuple[tuple[str, Settings], ...]:
    """The same, as options take them."""
    return tuple(parse(text) for text in UNKIND)
