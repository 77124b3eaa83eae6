"""The key: no traceback with locals shows it, no text brings it back, and no number is changed by it."""

from __future__ import annotations

import asyncio
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from mxgw_notebook.client import ClientOptions, GatewayClient, Secret
from mxgw_notebook.client.contract import CALLS, wire
from mxgw_notebook.client.fast_events.columns import DATA_CHANGE
from mxgw_notebook.client.fast_events.decoder import event_decoder
from mxgw_notebook.client.fast_events.process_reader import launch_child
from mxgw_notebook.client.fast_events.reader import EventReader
from mxgw_notebook.client.secret import looks_like, strike_out
from mxgw_notebook.environment import without_keys
from mxgw_notebook.errors import AuthenticationError, ConfigurationError, GatewayError
from mxgw_notebook.gateway import connect
from mxgw_notebook.live import Plant
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.event_ring import through_the_ring
from tests.conftest import KEY as KEY_OF_TESTS
from tests.until import until

KEY = "mxgw_locals_5ecret"


def locals_of(error: BaseException) -> str:
    """Every frame of ours in the error's traceback, with its variables."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    # What makes a dataclass has no file.
    places = ("mxgw_notebook/", "<string>")
    ours = [one for one in shown.stack if any(place in one.filename.replace("\\", "/") for place in places)]
    assert ours
    return "".join("".join((frame.locals or {}).values()) for frame in ours) + str(shown)


@pytest.mark.parametrize(
    "call",
    [
        lambda: connect("http://plant", api_key=KEY),
        lambda: connect("plant:5000", api_key=KEY, plaintxt=True),  # type: ignore[call-arg]
        lambda: connect("localhost:1", api_key=KEY, plaintext=True, connect_timeout=0.1),
        lambda: ClientOptions(endpoint="plant", api_key=KEY, timeout=-1),
        lambda: ClientOptions(endpoint="plant", api_key=KEY, plaintxt=True),  # type: ignore[call-arg]
        lambda: connect("plant:5000", api_key=KEY.encode()),  # type: ignore[arg-type]
        lambda: asyncio.run(Plant.connect("plant:5000", api_key=KEY, plaintxt=True)),  # type: ignore[call-arg]
        lambda: asyncio.run(Plant.connect("localhost:1", api_key=KEY, plaintext=True, connect_timeout=0.1)),
        lambda: asyncio.run(GatewayClient.connect("plant:5000", api_key=KEY, ca_file="nowhere.pem")),
    ],
    ids=[
        "a typo in the address",
        "a typo in a setting",
        "nobody there",
        "options",
        "a typo in options",
        "a key that is no text",
        "a typo in a setting of a service",
        "nobody there for a service",
        "a client that cannot be made",
    ],
)
def test_a_traceback_with_locals_shows_no_key(call: Callable[[], Any]) -> None:
    with pytest.raises((GatewayError, TypeError)) as caught:
        call()
    assert KEY not in locals_of(caught.value)


async def test_a_refused_key_is_in_no_frame_either(served: ServedGateway) -> None:
    async with await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        with pytest.raises(AuthenticationError) as caught:
            await client.open_session()
    assert KEY not in locals_of(caught.value)


def test_a_key_is_struck_out_of_texts_alone() -> None:
    kind: Any = CALLS["OpenSession"].reply
    reply = kind(session_id=f"a {KEY} b", capabilities=[KEY, "other"], worker_process_id=107)
    reply.protocol_status.message = KEY
    struck = kind.FromString(strike_out(reply.SerializeToString(), kind, KEY))
    assert struck.session_id == "a <api-key> b"
    assert list(struck.capabilities) == ["<api-key>", "other"]
    assert struck.protocol_status.message == "<api-key>"
    assert struck.worker_process_id == 107
    broken = b"\x07" + KEY.encode()
    assert strike_out(broken, kind, KEY) == broken  # no message: left to whoever reads it


def test_a_short_key_changes_nothing() -> None:
    kind: Any = CALLS["OpenSession"].reply
    data = kind(session_id="worker-k", worker_process_id=107).SerializeToString()  # 107 is k on the wire
    assert strike_out(data, kind, "k") == data


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("s3cr", "<api-key>"),
        ("key s3cr.", "key <api-key>."),
        ('the key "s3cr" is wrong', 'the key "<api-key>" is wrong'),
        ("Bearer:s3cr", "Bearer:<api-key>"),
        ("Tank.s3cr.Level and s3cret and worker-s3cr", "Tank.s3cr.Level and s3cret and worker-s3cr"),
    ],
)
def test_a_short_key_is_struck_out_as_a_word_alone(text: str, struck: str) -> None:
    assert ClientOptions(endpoint="plant", api_key="s3cr").redacted(text) == struck
    assert ClientOptions(endpoint="plant", api_key="s3c").redacted(text.replace("s3cr", "s3c")).count("s3c")


@pytest.mark.parametrize("count", [1, 200], ids=["few", "many"])
def test_no_value_of_an_event_brings_the_key_back(count: int) -> None:
    made: Any = wire.MxEvent  # takes numbers for words, which its types do not know
    event = made(worker_sequence=1, item_handle=1, quality=192, family=DATA_CHANGE)
    event.value.string_value = f"echo {KEY}"
    listed = made(worker_sequence=2, item_handle=2, quality=192, family=DATA_CHANGE)
    listed.value.array_value.string_values.values.append(KEY)
    number = made(worker_sequence=3, item_handle=3, quality=192, family=DATA_CHANGE)
    number.value.double_value = 107.0
    payloads = [one.SerializeToString() for one in (event, listed, *[number] * count)]
    decoder = event_decoder()
    for columns in (decoder.decode(payloads, secret=KEY), through_the_ring(decoder, payloads, secret=KEY)):
        assert columns.objects[0] == "echo <api-key>"
        assert list(columns.objects[1]) == ["<api-key>"]  # type: ignore[arg-type]
        assert columns.number[2] == 107.0


async def test_a_reader_strikes_the_key_out_of_what_a_plant_echoes(
    client: GatewayClient,
) -> None:
    session = await client.open_session("echo")
    session.hand_over_events()  # to the reader, for there is one stream a session
    handle = await session.register("echo")
    item = await session.add_item(handle, "Recipe_101.Name")
    reader = EventReader(client.options, session.session_id)
    reader.start()
    try:
        await session.advise(handle, item)
        await session.write(handle, item, f"echo {KEY_OF_TESTS}")
        values: list[Any] = []

        def has_come() -> bool:
            columns = reader.columns()
            values.extend(columns.objects.values() if columns is not None else ())
            return any("echo" in str(value) for value in values)

        await until(has_come)
    finally:
        await asyncio.to_thread(reader.stop)
        await session.close()
    assert "echo <api-key>" in values
    assert not any(KEY_OF_TESTS in str(value) for value in values)


def test_a_secret_is_a_text_whose_repr_says_nothing() -> None:
    options = ClientOptions(endpoint="plant", api_key=KEY)
    assert options.api_key == KEY
    assert isinstance(options.api_key, Secret)
    assert KEY not in repr(options.api_key)
    assert KEY not in repr(options.metadata)
    assert pickle.loads(pickle.dumps(options)) == options
    assert options.key_id == "locals"
    assert ClientOptions(endpoint="plant", api_key="whatever").key_id == ""


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", "No key was given"),
        ("mxgw_id_secret", ""),
        ("Bearer mxgw_id_secret", "before or within"),
        ("eyJhbGciOi", "a web token"),
        ("https://plant", "an address"),
        ("tok-12345", "9 other characters"),
    ],
)
def test_what_is_no_key_is_told_as_what_it_looks_like(key: str, told: str) -> None:
    assert told in looks_like(key)
    assert bool(looks_like(key)) is bool(told)


def test_child_processes_inherit_no_keys_whatever_the_variable_is_called() -> None:
    kept = {"PATH": "/bin", "HTTPS_PROXY": "http://proxy:3128", "LANG": "C"}
    keys = {"MXGATEWAY_API_KEY": "x", "PLANT_A": KEY, "jupyter_token": "t", "DB_PASSWORD": "p"}
    assert without_keys({**kept, **keys}) == kept
    assert not [text for text in without_keys().values() if text.startswith("mxgw_")]


@pytest.mark.parametrize("endpoint", ["{}", "https://{}@plant:5000", "{}:5000", "plant:5000,{}"])
def test_a_key_for_an_endpoint_is_neither_looked_up_nor_repeated(endpoint: str) -> None:
    key = "mxgw_locals_5ecret0123456789abcd"
    with pytest.raises(ConfigurationError, match="The endpoint has a key in it") as caught:
        connect(endpoint.format(key), plaintext=True)
    assert key not in str(caught.value)
    assert ClientOptions(endpoint="mxgw_gateway_1:5000").target == "mxgw_gateway_1:5000"


def test_the_reading_process_inherits_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANT_A", KEY)
    with launch_child(()) as child:
        # Until it has become another program there is nothing to be seen of it.
        while not (inherited := psutil.Process(child.pid).environ()) and child.poll() is None:
            pass
        child.kill()
        child.communicate()
    assert "PATH" in inherited
    assert "PLANT_A" not in inherited
