"""Connecting: which gateway, and with which key."""

from __future__ import annotations

import getpass
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
    check_settings,
    hide,
    reason_given,
    texts_given,
)
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway.audit_file import file_beside
from mxgw_notebook.gateway.cells import CELLS, shorten_causes
from mxgw_notebook.gateway.changing import confirm_arming
from mxgw_notebook.gateway.gateway import Gateway
from mxgw_notebook.gateway.historian import Historian
from mxgw_notebook.gateway.plants import CONNECTIONS
from mxgw_notebook.gateway.replay import BARRED, RECORDING, SPEED_HINT, Replay, ReplaySettings, start_replay
from mxgw_notebook.gateway.saved import SUFFIX, SavedGalaxy
from mxgw_notebook.live import KernelLoop, connect_clients, loop_thread
from mxgw_notebook.profiles import Profile, default_key, profile_named

if TYPE_CHECKING:
    from mxgw_notebook.simulator import EmbeddedGateway, StartSettings

    class ConnectSettings(ClientSettings, ReplaySettings, StartSettings):
        """What `connect` takes by keyword: of a gateway, of a recording, or of the demo's plant."""


DEMO = "demo"
DEMO_REASON = "a simulated plant"
ENDPOINT_VARIABLE = "MXGATEWAY_ENDPOINT"
# Set by `mxgw-py demo`: its notebooks then share one simulated plant, also across kernel restarts.
DEMO_ENDPOINT_VARIABLE = "MXGATEWAY_DEMO_ENDPOINT"
DEMO_KEY_VARIABLE = "MXGATEWAY_DEMO_API_KEY"


def connect(
    endpoint: str | Sequence[str] | None = None,
    *,
    writable: str | None = None,
    **settings: Unpack[ConnectSettings],
) -> Gateway:
    """Connects to a gateway and makes it the current one. All other connections are disarmed.

    A plant with a name in `mxgw.toml` stays connected beside others, under that name. Only one connection
    without a name can exist: the next one closes it.

    Args:
        endpoint: A plant's name in `mxgw.toml`; `host:port`; `demo` for the embedded gateway, which simulates
            a plant on this computer; `recording:FOLDER` to replay a recording; or a galaxy saved by
            `snapshot`, such as `plant.parquet`, which has no live values. Several gateways of one plant, as a
            list or with commas, take each other's place. Default: MXGATEWAY_ENDPOINT.
        writable: A reason, which arms the connection as long as it lasts: for scripts. Without it a plant is
            only read until `Gateway.arm`; `demo` is always armed. A cell that does this again asks you first.
        **settings: Fields of ClientOptions: `api_key` (default: MXGATEWAY_API_KEY), `plaintext`, `ca_file`,
            `server_name_override`, `timeout`, `plant` (a name, under which it stays connected beside others)
            ... For `demo`: `seed` and `speed` of the plant. For a recording: `speed`, `start`, `end`, `tags`,
            `paused` (stands until `gateway.replay.play()`) and `plant`.

    Raises:
        ConfigurationError: There is no endpoint, or options contradict each other.
        NotArmedError: A cell with `writable` ran again, and you did not say yes. Nothing was connected.
        GatewayUnavailableError: Nobody answers there, or what answers is not a gateway.
        AuthenticationError: The gateway does not accept the key.
    """
    shorten_causes()
    chosen = endpoint or os.environ.get(ENDPOINT_VARIABLE, "")
    chosen = ",".join(texts_given(chosen, "A gateway's endpoint", "Give host:port or demo."))
    given: dict[str, Any] = hide(settings)  # the very dict: a traceback with locals shows it
    reason = None if writable is None else reason_given(writable)
    if (profile := profile_named(chosen)) is not None:
        return connect_profile(profile, reason, given)
    if not chosen:
        raise ConfigurationError("No gateway named", hint="{name a gateway}.")
    if chosen.lower() == DEMO:
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
        CONNECTIONS.add(saved)
        return saved
    given.setdefault("api_key", default_key())
    return connect_with(ClientOptions.chosen(chosen, None, given), reason)


def connect_with(options: ClientOptions, reason: str | None, profile: Profile | None = None) -> Gateway:
    """Connects with options, and arms where a reason is given."""
    CELLS.follow()
    if reason is not None:
        confirm_arming(options.plant or options.target)
    gateway = connect_gateway(options, profile=profile)
    CONNECTIONS.add(gateway, name=options.plant)
    return gateway if reason is None else arm_for_good(gateway, reason)


def connect_profile(profile: Profile, reason: str | None, given: dict[str, Any]) -> Gateway:
    """Connects to a plant as the file says, and otherwise where a call or the environment says otherwise."""
    options = profile.options(given, getpass.getpass)
    if options.read_only and reason is not None:
        message = f"{profile.name} is always read-only, because {profile.file} says so"
        raise ConfigurationError(message, hint="Leave {say writable} out.")
    return connect_with(options, reason, profile)


def arm_for_good(gateway: Gateway, reason: str) -> Gateway:
    """The gateway, armed for as long as it is connected."""
    gateway._changes.arm_unasked(reason)
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
        CONNECTIONS.add(gateway)
        return gateway
    embedded = start_embedded(**settings)
    try:
        gateway = connect_gateway(options_of(embedded), simulated=True)
        gateway._live_with(embedded)
    except BaseException:
        embedded.stop()
        raise
    CONNECTIONS.add(gateway, embedded)
    return gateway


def connect_replay(folder: str, speed: float = 1.0, **settings: Any) -> Gateway:
    """Connects to an embedded gateway that plays a recording."""
    check_settings(settings, [*ReplaySettings.__annotations__], "A recording")
    is_number = isinstance(speed, int | float) and not isinstance(speed, bool)
    if not (is_number and 0 < speed < math.inf):
        raise ConfigurationError(f"A replay's speed is above 0, not {speed!r}", hint=SPEED_HINT)
    embedded, replay, recording = start_replay(folder, speed, cast(ReplaySettings, settings))
    try:
        gateway = connect_gateway(options_of(embedded), simulated=True, replay=replay)
        gateway._live_with(embedded)
        gateway._changes.gate.bar(BARRED)
        gateway._notes.include(recording.source)
    except BaseException:
        embedded.stop()
        raise
    CONNECTIONS.add(gateway, embedded)
    return gateway


def scenarios() -> list[str]:
    """The stories that can happen in a simulated plant."""
    from mxgw_notebook.simulator import START_SETTINGS

    return list(START_SETTINGS["scenario"].choices)


def start_embedded(**settings: Any) -> EmbeddedGateway:
    """A new embedded gateway."""
    from mxgw_notebook.simulator import START_SETTINGS, EmbeddedGateway, GatewayStartError

    check_settings(settings, [*START_SETTINGS, "api_key", "timeout"], DEMO)
    scenario, known = settings.get("scenario", ""), scenarios()
    if scenario and scenario not in known:
        raise ConfigurationError(f"There is no scenario {scenario!r}", hint=f"There are {', '.join(known)}.")
    if not settings.get("speed", 1.0) > 0:
        raise ConfigurationError(f"The speed has to be above 0, not {settings['speed']:g}")
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
    options: ClientOptions,
    *,
    simulated: bool = False,
    replay: Replay | None = None,
    profile: Profile | None = None,
) -> Gateway:
    """A gateway whose key was seen to work: a wrong one is told here, not at the first use."""
    runner = loop_thread()
    client, galaxy = runner.run(connect_clients(options))
    gateway = Gateway(runner, client, galaxy, simulated=simulated, replay=replay, profile=profile)
    if profile is not None:
        try:
            keep_to(profile, gateway)
        except BaseException:
            gateway.close()
            raise
    return gateway


def keep_to(profile: Profile, gateway: Gateway) -> None:
    """What the file says is to be so from the start."""
    if profile.audit is not None:
        gateway._audit.write_to(file_beside(profile.audit))
    if profile.flight is not None:
        gateway.flight(profile.flight)
    if profile.historian:
        gateway.remember(Historian(profile))


def use(client: GatewayClient | str) -> Gateway:
    """Makes a connected plant (by its name) or your own client the current gateway.

    All other connections are disarmed. Open your client with a top-level `await` in a notebook: blocking
    calls then use the kernel's own loop. Closing the gateway also closes your client.

    Raises:
        NotConnectedError: No plant of that name is connected.
    """
    if isinstance(client, str):
        return CONNECTIONS.select(client)
    runner = KernelLoop(client.loop)
    galaxy = runner.run(GalaxyRepositoryClient.connect(options=client.options))
    gateway = Gateway(runner, client, galaxy)
    CONNECTIONS.add(gateway, name=client.options.plant)
    return gateway
