"""Connecting: which gateway, with which key, and the one that is current."""

from __future__ import annotations

import atexit
import logging
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, cast

from mxgw_notebook.client import (
    ClientOptions,
    ClientSettings,
    GalaxyRepositoryClient,
    GatewayClient,
    MakerProcess,
    Secret,
    check_settings,
    hide,
    reason_given,
    texts_given,
)
from mxgw_notebook.errors import (
    ConfigurationError,
    GatewayError,
    NotConnectedError,
)
from mxgw_notebook.gateway.cells import CELLS
from mxgw_notebook.gateway.changing import confirm_arming
from mxgw_notebook.gateway.display import keep_dollars
from mxgw_notebook.gateway.gateway import Gateway
from mxgw_notebook.gateway.replay import BARRED, RECORDING, SPEED_HINT, Replay, ReplaySettings, start_replay
from mxgw_notebook.gateway.saved import SUFFIX, SavedGalaxy
from mxgw_notebook.live import KernelLoop, connect_clients, loop_thread

if TYPE_CHECKING:
    from mxgw_notebook.simulator import EmbeddedGateway, StartSettings

    class ConnectSettings(ClientSettings, ReplaySettings, StartSettings):
        """What `connect` takes by keyword: of a gateway, of a recording, or of the demo's plant."""


log = logging.getLogger(__name__)

DEMO = "demo"
DEMO_REASON = "a simulated plant"
ENDPOINT_VARIABLE = "MXGATEWAY_ENDPOINT"
KEY_VARIABLE = "MXGATEWAY_API_KEY"
# Set by `mxgw-py demo`: its notebooks then share one simulated plant, also across kernel restarts.
DEMO_ENDPOINT_VARIABLE = "MXGATEWAY_DEMO_ENDPOINT"
DEMO_KEY_VARIABLE = "MXGATEWAY_DEMO_API_KEY"


class Current:
    """The gateway that magics and `current()` speak of, and the embedded one we started for it."""

    def __init__(self) -> None:
        self.gateway: Gateway | None = None
        self.embedded: EmbeddedGateway | None = None
        self._maker = MakerProcess()

    def replace(self, gateway: Gateway, embedded: EmbeddedGateway | None) -> None:
        """Closes what was current, and takes the new."""
        self.close()
        keep_dollars()
        CELLS.follow()
        self.gateway, self.embedded, self._maker = gateway, embedded, MakerProcess()
        # After the loop thread's own registration, so that it is run before the loop ends.
        atexit.register(self.close)

    def close(self) -> None:
        """Closes the gateway, and stops the embedded one. Harmless the second time.

        A process that was forked from the one that connected only forgets both: they are the parent's.
        """
        gateway, self.gateway = self.gateway, None
        embedded, self.embedded = self.embedded, None
        atexit.unregister(self.close)
        if not self._maker.is_this_one:
            return
        try:
            if gateway is not None:
                gateway.close()
        except GatewayError as error:  # nobody who leaves a gateway can do anything about it
            log.warning("%s", error)
        finally:
            if embedded is not None:
                embedded.stop()


_current = Current()


def connect(
    endpoint: str | Sequence[str] | None = None,
    *,
    writable: str | None = None,
    **settings: Unpack[ConnectSettings],
) -> Gateway:
    """Connects to a gateway and makes it the current one; what was current is closed.

    Args:
        endpoint: `host:port`, `demo` for the embedded gateway, which simulates a plant on this machine,
            `recording:FOLDER` for a recording that is played again, or a galaxy saved by `snapshot`, which
            has no live values: `plant.parquet`. Without it MXGATEWAY_ENDPOINT is taken. Several gateways of
            one plant, as a list or with commas between them, take each other's place.
        writable: A reason, which arms the connection for as long as it lasts: for scripts. Without it a plant
            is only read until `Gateway.arm`; that of `demo` is armed from the start. A cell that does so
            again asks.
        **settings: Fields of ClientOptions: `api_key` (without it MXGATEWAY_API_KEY is taken), `plaintext`,
            `ca_file`, `server_name_override`, `timeout` ... For `demo`: `seed` and `speed` of the plant. For
            a recording: `speed`, `start`, `end`, `tags`, `paused` (stands until `gateway.replay.play()`) and
            `plant`.

    Raises:
        ConfigurationError: No endpoint, or options that contradict each other.
        NotArmedError: A cell that has armed before is to be `writable` again, and the person did not say yes;
            nothing was connected.
        GatewayUnavailableError: Nobody answers there, or not as a gateway would.
        AuthenticationError: The key is not accepted.
    """
    chosen = endpoint or os.environ.get(ENDPOINT_VARIABLE, "")
    chosen = ",".join(texts_given(chosen, "A gateway's endpoint", "Give host:port or demo."))
    given: dict[str, Any] = hide(settings)  # the very dict: a traceback with locals shows it
    reason = None if writable is None else reason_given(writable)
    if not chosen:
        raise ConfigurationError("No gateway named", hint="{name a gateway}.")
    if chosen == DEMO:
        return arm_for_good(connect_demo(**given), reason or DEMO_REASON)
    if chosen.startswith(RECORDING):
        if reason is not None:
            raise ConfigurationError("A recording cannot be written", hint="Leave writable out.")
        return connect_replay(chosen.removeprefix(RECORDING).strip(), **given)
    if chosen.endswith(SUFFIX):
        if reason is not None:
            raise ConfigurationError("A saved galaxy cannot be written", hint="Leave writable out.")
        check_settings(given, [], "A saved galaxy")
        # It answers to every public name of Gateway, so that one annotation serves both.
        saved = cast(Gateway, SavedGalaxy(loop_thread(), chosen))
        _current.replace(saved, None)
        return saved
    given.setdefault("api_key", Secret(os.environ.get(KEY_VARIABLE, "")))
    options = ClientOptions.chosen(chosen, None, given)
    CELLS.follow()
    if reason is not None:
        confirm_arming(options.target)
    gateway = connect_gateway(options)
    _current.replace(gateway, None)
    return gateway if reason is None else arm_for_good(gateway, reason)


def arm_for_good(gateway: Gateway, reason: str) -> Gateway:
    """The gateway, armed for as long as it is connected."""
    gateway._changes.gate.arm(reason, minutes=None)
    return gateway


def connect_demo(**settings: Any) -> Gateway:
    """Connects to the embedded gateway that `mxgw-py demo` runs, or starts one."""
    if DEMO_ENDPOINT_VARIABLE in os.environ and not settings:
        running = ClientOptions(
            endpoint=os.environ[DEMO_ENDPOINT_VARIABLE],
            api_key=os.environ.get(DEMO_KEY_VARIABLE, ""),
            plaintext=True,
        )
        gateway = connect_gateway(running, simulated=True)
        _current.replace(gateway, None)
        return gateway
    embedded = start_embedded(**settings)
    try:
        gateway = connect_gateway(options_of(embedded), simulated=True)
    except BaseException:
        embedded.stop()
        raise
    _current.replace(gateway, embedded)
    return gateway


def connect_replay(folder: str, speed: float = 1.0, **settings: Any) -> Gateway:
    """Connects to an embedded gateway that plays a recording."""
    check_settings(settings, [*ReplaySettings.__annotations__], "A recording")
    if not 0 < speed < math.inf:
        raise ConfigurationError(f"A replay's speed is above 0, not {speed}", hint=SPEED_HINT)
    embedded, replay = start_replay(folder, speed, cast(ReplaySettings, settings))
    try:
        gateway = connect_gateway(options_of(embedded), simulated=True, replay=replay)
        gateway._changes.gate.bar(BARRED)
    except BaseException:
        embedded.stop()
        raise
    _current.replace(gateway, embedded)
    return gateway


def start_embedded(**settings: Any) -> EmbeddedGateway:
    """A new embedded gateway."""
    from mxgw_notebook.simulator import START_SETTINGS, EmbeddedGateway, GatewayStartError

    check_settings(settings, [*START_SETTINGS, "api_key", "timeout"], DEMO)
    try:
        return EmbeddedGateway.start(**settings)
    except GatewayStartError as error:
        raise GatewayError(str(error), hint="Is another program keeping new ones from starting?") from None


def options_of(embedded: EmbeddedGateway) -> ClientOptions:
    """How an embedded gateway is reached."""
    ca_file = Path(embedded.ca_file) if embedded.ca_file else None
    return ClientOptions(
        endpoint=embedded.endpoint, api_key=embedded.api_key, plaintext=ca_file is None, ca_file=ca_file
    )


def connect_gateway(
    options: ClientOptions, *, simulated: bool = False, replay: Replay | None = None
) -> Gateway:
    """A gateway whose key was seen to work: a wrong one is told here, not at the first use."""
    runner = loop_thread()
    client, galaxy = runner.run(connect_clients(options))
    return Gateway(runner, client, galaxy, simulated=simulated, replay=replay)


def use(client: GatewayClient) -> Gateway:
    """Makes a client that you opened yourself the current gateway, so that the magics speak to it.

    For a client opened with a top-level `await` in a notebook: blocking calls then re-enter the kernel's own
    loop. What was current is closed; closing the gateway closes your client too.
    """
    runner = KernelLoop(client.loop)
    galaxy = runner.run(GalaxyRepositoryClient.connect(options=client.options))
    gateway = Gateway(runner, client, galaxy)
    _current.replace(gateway, None)
    return gateway


def current() -> Gateway:
    """The gateway connected last. Raises NotConnectedError when there is none."""
    if _current.gateway is None:
        raise NotConnectedError("No gateway is connected")
    return _current.gateway


def connected() -> Gateway | None:
    """The gateway that `current` gives; None where there is none, or a saved galaxy."""
    gateway = _current.gateway
    return None if isinstance(gateway, SavedGalaxy) else gateway


def disconnect() -> None:
    """Closes the current gateway, and stops the embedded one if it was that. Harmless without one."""
    _current.close()
