"""No way to change a plant that is not armed: everything public is tried, and the gateway asked what came."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mxgw_notebook.cli.main import MODULES
from mxgw_notebook.client import GatewayClient, Session
from mxgw_notebook.errors import ConfigurationError, GatewayError, NotArmedError
from mxgw_notebook.gateway import AlarmReview, EventWatch, Gateway, KeptValues, Plan, Watch, connect
from mxgw_notebook.gateway.plans.value_file import write_values
from mxgw_notebook.history import open_recording
from mxgw_notebook.live import Hub, Plant
from mxgw_notebook.magics.commands import COMMANDS
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.cli.terminal import Terminal
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import outcomes
from tests.magics.conftest import Notebook, notebook, shell
from tests.widgets.doubles import comm_of

__all__ = ["notebook", "shell"]  # fixtures

SETPOINT, ALARM = "FIC101.SP", "Galaxy!Production1.Tank005.Level.HiHi"
CHANGING = ("write", "acknowledge", "shelve", "suppress")


def changes(embedded: EmbeddedGateway) -> dict[str, int]:
    """How often the gateway was asked for what changes the plant, by its own account."""
    calls = embedded.status()["calls"]
    return {name: count for name, count in calls.items() if any(word in name.lower() for word in CHANGING)}


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


@pytest.fixture
def unarmed(embedded: EmbeddedGateway) -> Iterator[Gateway]:
    """Connected to the embedded gateway as to any plant, which hears of no change while the test runs."""
    before = changes(embedded)
    yield connect(embedded.endpoint, api_key=KEY, plaintext=True)
    assert changes(embedded) == before


# What changes the plant has to be refused; all others have to leave it as it is.
REFUSED: dict[str, Callable[[Gateway], Any]] = {
    "write": lambda gateway: gateway.write(SETPOINT, 41),
    "write many": lambda gateway: gateway.write({SETPOINT: 41, "Pump001.StartCmd": True}),
    "write with a type": lambda gateway: gateway.write(SETPOINT, 41, data_type="Double"),
    "plan": lambda gateway: gateway.plan({SETPOINT: other(gateway)}).apply(yes=True),
    "plan offered": lambda gateway: gateway.plan({SETPOINT: other(gateway)}).offer(yes=True),
    "plan by its button": lambda gateway: gateway.runner.run(
        gateway.plan({SETPOINT: other(gateway)}).carry_out()
    ),
    "restore": lambda gateway: kept_otherwise(gateway).restore().apply(yes=True),
    "acknowledge": lambda gateway: gateway.acknowledge(ALARM),
    "acknowledge by glob": lambda gateway: gateway.acknowledge("*"),
    "acknowledge of a review": lambda gateway: gateway.alarms().acknowledge(ALARM, comment="seen"),
}


def other(gateway: Gateway) -> float:
    """Another value than the setpoint's, well within its limits."""
    return 31.0 if gateway.read(SETPOINT)["value"].iloc[0] != 31.0 else 32.0


def kept_otherwise(gateway: Gateway) -> KeptValues:
    """A file of values in which the setpoint is another than now."""
    values = gateway.read(SETPOINT)
    values["value"] = [other(gateway)]
    with tempfile.TemporaryDirectory() as folder:
        return gateway.values(
            file=write_values(f"{folder}/kept.parquet", values, gateway.endpoint, replace=False)
        )


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_what_changes_the_plant_is_refused(unarmed: Gateway, call: Callable[[Gateway], Any]) -> None:
    with pytest.raises(NotArmedError, match=f"{unarmed.endpoint} is not armed. Arm it first:") as caught:
        call(unarmed)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_the_same_reaches_the_gateway_once_armed(
    embedded: EmbeddedGateway, call: Callable[[Gateway], Any]
) -> None:
    before = changes(embedded)
    gateway = connect(embedded.endpoint, api_key=KEY, plaintext=True)
    with gateway.armed("to see that the account counts"):
        call(gateway)
    assert sum(changes(embedded).values()) > sum(before.values())


HARMLESS: dict[str, Callable[[Gateway, Path], Any]] = {
    "actions": lambda gateway, _: gateway.actions(),
    "alarm_changes": lambda gateway, folder: gateway.alarm_changes(gateway.snapshot(folder / "two.parquet")),
    "alarm_report": lambda gateway, _: (gateway.alarms(), gateway.alarm_report()),
    "alarms": lambda gateway, _: every(gateway.alarms(), ALARM),
    "arming": lambda gateway, _: gateway.arming,
    "attributes": lambda gateway, _: gateway.attributes(),
    "audit": lambda gateway, _: gateway.audit(),
    "audit_trail": lambda gateway, _: gateway.audit_trail(),
    "browse": lambda gateway, _: every(gateway.browse(), ["Tank001"]),
    "close": lambda gateway, _: gateway.close(),
    "completing": lambda gateway, _: gateway.completing.names("tag", "Tank"),
    "deploys": lambda gateway, _: every(gateway.deploys()),
    "diff": lambda gateway, folder: gateway.diff(gateway.snapshot(folder / "one.parquet")),
    "disarm": lambda gateway, _: gateway.disarm(),
    "dossier": lambda gateway, _: (gateway.watch(SETPOINT), gateway.dossier("-1min").to_html()),
    "endpoint": lambda gateway, _: gateway.endpoint,
    "find": lambda gateway, _: gateway.find("*Pump*.Speed"),
    "galaxy": lambda gateway, _: gateway.galaxy(),
    "flight": lambda gateway, _: refused_or_done(gateway.flight, False),
    "flight_status": lambda gateway, _: gateway.flight_status,
    "history": lambda gateway, _: (gateway.watch(SETPOINT), gateway.history(SETPOINT)),
    "impact": lambda gateway, folder: (
        gateway.watch(SETPOINT),
        gateway.impact(gateway.snapshot(folder / "three.parquet")),
    ),
    "impact_page": lambda gateway, folder: (
        gateway.watch(SETPOINT),
        gateway.impact_page(gateway.snapshot(folder / "four.parquet")).to_html(),
    ),
    "instances": lambda gateway, _: every(gateway.instances("$Tank"), "Level"),
    "kind": lambda gateway, _: gateway.kind,
    "note": lambda gateway, _: gateway.note("seen", "-1s", SETPOINT),
    "notes": lambda gateway, _: gateway.notes(),
    "object_count": lambda gateway, _: gateway.object_count(),
    "objects": lambda gateway, _: gateway.objects(),
    "options": lambda gateway, _: gateway.options,
    "plant": lambda gateway, _: gateway.plant,
    "profile": lambda gateway, _: gateway.profile,
    "read": lambda gateway, _: gateway.read(SETPOINT),
    "read_by": lambda gateway, _: gateway.read_by("thread"),
    "remember": lambda gateway, folder: remember_recorded(gateway, folder),  # noqa: PLW0108  it is defined below
    "replay": lambda gateway, _: gateway.replay,
    "runner": lambda gateway, _: None,
    "save": lambda gateway, folder: gateway.save(gateway.read(SETPOINT), folder / "read.csv"),
    "simulated": lambda gateway, _: gateway.simulated,
    "snapshot": lambda gateway, folder: gateway.snapshot(folder / "plant.parquet"),
    "sql": lambda gateway, _: (gateway.watch(SETPOINT), gateway.sql("select count(*) from samples")),
    "status": lambda gateway, _: gateway.status(),
    "tag_health": lambda gateway, _: gateway.tag_health(),
    "values": lambda gateway, folder: kept_and_compared(gateway, folder / "kept.parquet"),
    "watch": lambda gateway, _: every(gateway.watch(SETPOINT), "Tank001.Level", gateway.alarms()),
    "when": lambda gateway, _: every(gateway.when("Tank001.Level > -1")),
}


def refused_or_done(call: Callable[..., None], *arguments: Any) -> None:
    """Where flights are not to be kept at all, as in tests, it says so."""
    with contextlib.suppress(ConfigurationError):
        call(*arguments)


def remember_recorded(gateway: Gateway, folder: Path) -> None:
    """Records a watch and its alarms, and remembers what was recorded."""
    watch, alarms = gateway.watch(SETPOINT), gateway.alarms()
    watch.record(folder / "values").stop()
    alarms.record(folder / "alarms").stop()
    gateway.remember(open_recording(folder / "values"))


def kept_and_compared(gateway: Gateway, file: Path) -> None:
    """Values kept, opened, compared, and a restore that is only looked at."""
    gateway.values(SETPOINT).save(file)
    kept = gateway.values(file=file)
    kept.compare()
    plan = kept.restore(dry_run=True)
    plan.show()
    plan.as_html()


def every(thing: Any, *arguments: Any) -> None:
    """Calls every public method of a live object, with whichever of these arguments it takes."""
    for name in sorted(public(type(thing)) - {"acknowledge", "stop", "collect", "record"}):
        for given in ((), *((one,) for one in arguments)):
            try:
                method = getattr(thing, name)
                if callable(method):
                    method(*given)
            except (GatewayError, TypeError, KeyError, ValueError, AttributeError):
                continue  # of no use with this argument
    getattr(thing, "stop", lambda: None)()


@pytest.mark.parametrize("name", sorted(HARMLESS))
@pytest.mark.usefixtures("page")
def test_whatever_else_a_gateway_does_leaves_the_plant_as_it_is(
    unarmed: Gateway, name: str, tmp_path: Path
) -> None:
    HARMLESS[name](unarmed, tmp_path)


def test_every_public_name_of_a_gateway_was_tried() -> None:
    arming = {"arm", "armed"}
    assert public(Gateway) <= {*HARMLESS, *REFUSED, *arming}
    live = public(AlarmReview) | public(Watch) | public(EventWatch)
    # The last one only reads which are.
    assert {name for name in live if is_change(name)} == {"acknowledge", "suppressed"}
    assert public(KeptValues) == {"compare", "frame", "kept_from", "restore", "save", "saved"}
    plan = {"as_html", "frame", "outcomes", "plant", "rehearse", "show", "summary", "undo"}
    assert public(Plan) == {
        *plan,
        "apply",
        "carry_out",
        "offer",
    }  # these are refused, and the others were tried
    # What takes handles is MXAccess' own command, of a session that its caller opened: see DECISIONS.
    by_name = {"write_tags"}
    by_handle = {
        *("write", "write2", "write_bulk", "write2_bulk", "write_secured", "write_secured2"),
        *("write_secured_bulk", "write_secured2_bulk", "write_array_elements", "write_confirmed"),
        *("write_items", "acknowledge_alarm", "acknowledge_alarm_by_name"),
    }
    assert {name for name in public(Session) if is_change(name)} == by_name | by_handle
    assert {name for name in public(GatewayClient) if is_change(name)} == {"acknowledge_alarm"}
    assert {name for name in public(Hub) if is_change(name)} == {"write"}


def is_change(name: str) -> bool:
    return any(word in name for word in CHANGING)


# ------------------------------------------------------------------ widgets


@pytest.mark.usefixtures("page")
def test_no_button_changes_the_plant(unarmed: Gateway, eventually: Eventually) -> None:
    review = unarmed.alarms()
    table = review.table()
    comm_of(table).say({"kind": "acknowledge", "references": [ALARM], "comment": "seen"})
    eventually(lambda: outcomes(table))
    assert outcomes(table) == {ALARM: f"{unarmed.endpoint} is not armed"}
    assert unarmed.audit()["acknowledged"].tolist() == [False]
    review.stop()


@pytest.mark.usefixtures("page")
def test_no_message_of_a_table_of_values_changes_the_plant(unarmed: Gateway, eventually: Eventually) -> None:
    watch = unarmed.watch(SETPOINT)
    page = comm_of(watch.table())
    page.say({"kind": "apply", "request": "forged", "token": "guessed"})
    page.say({"kind": "propose", "request": "typed", "tag": SETPOINT, "text": str(other(unarmed))})

    def told() -> dict[str, str]:
        entries = [entry for sent in page.custom() for entry in sent.content.get("writes", [])]
        return {entry["request"]: entry["words"] for entry in entries if entry["state"] == "refused"}

    eventually(lambda: set(told()) == {"forged", "typed"})
    assert f"{unarmed.endpoint} is not armed. Arm it first:" in told()["typed"]
    watch.stop()


# ------------------------------------------------------------------ magics

LINES = {
    "write": [
        f"write {SETPOINT} 41",
        f"write {SETPOINT} 41 --type Double",
        f"write {SETPOINT} 31.5 --plan --yes",
        f"write {SETPOINT} 31.5 --yes --override trial",
    ],
    "values": ["values restore {kept} --yes"],
    "acknowledge": [f"acknowledge {ALARM}", "acknowledge * --comment seen"],
}
OTHER_LINES = {
    "alarms": "alarms --area Utilities",
    "attributes": "attributes *Pump*",
    "audit": "audit",
    "browse": "browse",
    "connect": "connect",
    "connections": "connections",
    "deploys": "deploys",
    "diff": "diff nowhere.parquet",
    "disarm": "disarm",
    "disconnect": "disconnect",
    "doctor": "doctor",
    "dossier": "dossier --from -1min",
    "find": "find *Pump*.Speed",
    "flight": "flight",
    "help": "help write",
    "history": "history",
    "impact": "impact nowhere.parquet",
    "instances": "instances $Tank Level",
    "note": f"note seen --at -1s --tags {SETPOINT}",
    "notes": "notes",
    "objects": "objects",
    "read": f"read {SETPOINT}",
    "record": "record",
    "snapshot": "snapshot",
    "sql": "sql select count(*) from samples",
    "status": "status",
    "watch": f"watch {SETPOINT}",
    "xy": f"xy {SETPOINT} Tank001.Level",
    "when": "when Tank001.Level > -1",
}


def test_no_line_changes_the_plant(unarmed: Gateway, notebook: Notebook, tmp_path: Path) -> None:
    assert set(COMMANDS) == {*LINES, *OTHER_LINES, "arm"}
    kept = kept_otherwise(unarmed).save(tmp_path / "kept.parquet")
    for line in [line for lines in LINES.values() for line in lines]:
        told = notebook.run(f"%mxgw {line.replace('{kept}', str(kept))}").err.strip().splitlines()
        assert len(told) == 1
        assert f"{unarmed.endpoint} is not armed" in told[0]
        assert "%mxgw arm --reason" in told[0]
    others = [f"values {deed} {kept}" for deed in ("compare", "restore --dry-run")]
    for line in (f"values save {tmp_path}/now.parquet {SETPOINT}", *others, *OTHER_LINES.values()):
        notebook.run(f"%mxgw {line}")


# ------------------------------------------------------------------ mxgw-py

# Those take handles and references of the caller's own session, as the gateway's own client has them.
PROTOCOL = {
    *("write", "write2", "write-bulk", "write-secured", "write-secured2"),
    "acknowledge-alarm",
}


NO_SESSION = ("--session-id", "none", "--server-handle", "1")


def test_no_command_changes_the_plant_but_those_of_the_protocol(embedded: EmbeddedGateway) -> None:
    terminal, before = Terminal(embedded), changes(embedded)
    for command in sorted(set(MODULES) - PROTOCOL - {"demo", "simulate", "batch"}):
        for arguments in ((), ("--item", SETPOINT), (f"{SETPOINT}=31.5", "--yes"), NO_SESSION):
            terminal.run(command, *arguments, *endless(command))
    assert changes(embedded) == before


# The same as they are meant to be used, unarmed.
AS_MEANT = (
    ("read", SETPOINT),
    ("find", "*.SP"),
    ("alarms",),
    ("watch", SETPOINT, "--for", "1s"),
    ("plan", f"{SETPOINT}=31.5"),
    ("plan", f"{SETPOINT}=31.5", "--yes", "--rehearse"),
    ("doctor", "--report"),
)


def test_no_command_by_tag_changes_the_plant(embedded: EmbeddedGateway) -> None:
    terminal, before = Terminal(embedded), changes(embedded)
    for line in AS_MEANT:
        done = terminal.run(*line)
        assert done.exit_code == 0, done.output
    assert changes(embedded) == before


def endless(command: str) -> tuple[str, ...]:
    """What ends a command that would follow the plant for ever."""
    return {
        "stream-alarms": ("--max-messages", "1"),
        "galaxy-watch": ("--max-events", "1"),
        "bench-read-bulk": ("--seconds", "0.2"),
    }.get(command, ())


def test_a_service_that_did_not_arm_changes_nothing(embedded: EmbeddedGateway) -> None:
    # Whoever adds what changes the plant to Plant has it tried here.
    assert {name for name in public(Plant) if is_change(name)} == {"write"}
    before = changes(embedded)

    async def try_to_write() -> None:
        async with await Plant.connect(embedded.endpoint, api_key=KEY, plaintext=True) as plant:
            with pytest.raises(NotArmedError, match="is not armed"):
                await plant.write({SETPOINT: 41})
            await plant.read([SETPOINT])
            plant.status()
            assert changes(embedded) == before
            plant.gate.arm("to see the difference")
            await plant.write({SETPOINT: 41})

    asyncio.run(try_to_write())
    assert sum(changes(embedded).values()) > sum(before.values())


def test_neither_a_hub_nor_a_client_of_ones_own_is_armed(embedded: EmbeddedGateway) -> None:
    before = changes(embedded)

    async def try_to_write() -> None:
        async with await GatewayClient.connect(embedded.endpoint, api_key=KEY, plaintext=True) as client:
            hub = Hub(client, "own")
            try:
                async with await client.open_session("own") as session:
                    handle = await session.register("own")
                    calls: list[Callable[[], Awaitable[Any]]] = [
                        lambda: hub.write(SETPOINT, 41, timeout=2),
                        lambda: hub.writer.write_many({SETPOINT: 41}, timeout=2),
                        lambda: session.write_tags(handle, {SETPOINT: 41}),
                    ]
                    for call in calls:
                        with pytest.raises(NotArmedError):
                            await call()
                    assert changes(embedded) == before
                    client.gate.arm("to see the difference")
                    for call in calls:
                        await call()
            finally:
                await hub.close()

    asyncio.run(try_to_write())
    assert sum(changes(embedded).values()) >= sum(before.values()) + 3
