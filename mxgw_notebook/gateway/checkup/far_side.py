"""What a gateway answers to calls that change nothing: whether it is there, what the key may, how fast it is.

Nothing is asked that would write, acknowledge or sign in, so that those scopes stay unknown.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from mxgw_notebook.client import ClientOptions, GalaxyRepositoryClient, GatewayClient, Session
from mxgw_notebook.errors import AuthenticationError, CallError, GatewayError, PermissionDeniedError
from mxgw_notebook.gateway.checkup.certificate import CHECK as CERTIFICATE
from mxgw_notebook.gateway.checkup.certificate import certificate
from mxgw_notebook.gateway.checkup.finding import Finding, Health, found

# One call, and all of them: a gateway that is frozen answers none of them.
CALL_SECONDS, ALL_SECONDS = 3.0, 10.0
LATENCY_CALLS = 5
SLOW_SECONDS = 0.5
# The date comes in whole seconds; beyond the other, samples are taken to be of the future.
SKEW_SEEN, SKEW_BAD = 2.0, 60.0
FULL_MESSAGE = 16 * 1024 * 1024
NO_ALARM = "no alarm has a reference that begins so"
ASK_FOR = "If you need this, ask for a key with this scope."
NOT_ASKED = {
    "key: invoke:write": "only a write or an acknowledgement can show it",
    "key: invoke:secure": "only a sign-in can show it",
}


async def of_gateway(options: ClientOptions) -> list[Finding]:
    """Every check of one gateway, in the order they are shown; it ends within ten seconds."""
    hurried = replace(
        options,
        timeout=min(options.timeout, CALL_SECONDS),
        connect_timeout=min(options.connect_timeout, CALL_SECONDS),
        retries=0,
    )
    shown = asyncio.ensure_future(
        found(CERTIFICATE, lambda: certificate(hurried, CALL_SECONDS), 2 * CALL_SECONDS)
    )
    try:
        answered = await answers(hurried)
        return [*answered[:1], await shown, *answered[1:], limits(options)]
    finally:
        shown.cancel()


async def answers(options: ClientOptions) -> list[Finding]:
    """Whether it can be reached, and then what it answers."""
    try:
        async with asyncio.timeout(ALL_SECONDS):
            client = await GatewayClient.connect(options=options)
            try:
                galaxy = await GalaxyRepositoryClient.connect(options=options)
                try:
                    return await asked(client, galaxy)
                finally:
                    await galaxy.close()
            finally:
                await client.close()
    except TimeoutError:
        told = f"no answer within {ALL_SECONDS:g} s: it may be frozen"
        return [Finding("gateway", Health.BAD, told, "Ask its administrator to check its service.")]
    except GatewayError as error:
        return [Finding("gateway", Health.BAD, error.reason, error.hint)]


async def asked(client: GatewayClient, galaxy: GalaxyRepositoryClient) -> list[Finding]:
    """What it answers, once it can be reached."""
    reached, key = await first_answer(galaxy)
    if key.verdict is Health.BAD or reached.verdict is Health.BAD:
        return [reached, key]
    more = await asyncio.gather(
        judged("key: metadata:read", galaxy.get_last_deploy, lambda _: "the galaxy can be read"),
        judged(
            "key: events:read", lambda: client.query_active_alarms(NO_ALARM), lambda _: "alarms can be read"
        ),
        session(client),
        latency(galaxy),
    )
    unknown = [Finding(check, Health.UNKNOWN, told) for check, told in NOT_ASKED.items()]
    flat = [one for part in more for one in (part if isinstance(part, list) else [part])]
    return [reached, key, *flat[:-1], *unknown, flat[-1], clock(client, galaxy)]


async def first_answer(galaxy: GalaxyRepositoryClient) -> tuple[Finding, Finding]:
    """Whether it answers, and whether it knows the key: a call refused for its scope says yes to both."""
    there = Finding("gateway", Health.GOOD, "it answers")
    known = Finding("key", Health.GOOD, f"accepted, its id is {galaxy.options.key_id or 'not known'}")
    try:
        reachable = await galaxy.test_connection()
    except AuthenticationError as error:
        return there, Finding("key", Health.BAD, error.reason, error.hint)
    except PermissionDeniedError:
        return there, known
    except CallError as error:
        if error.is_answer:
            return there, Finding("key", Health.UNKNOWN, error.reason, error.hint)
        return Finding("gateway", Health.BAD, error.reason, error.hint), Finding(
            "key", Health.UNKNOWN, "the gateway did not answer"
        )
    if reachable:
        return there, known
    told = "it answers, but does not reach the galaxy's database"
    return Finding("gateway", Health.LOOK, told, "Names cannot be looked up now; values still come."), known


async def judged(check: str, ask: Callable[[], Awaitable[Any]], told: Callable[[Any], str]) -> Finding:
    """The finding of one call."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return Finding(check, Health.GOOD, told(await ask()))
    except PermissionDeniedError as error:
        return Finding(check, Health.LOOK, error.reason, ASK_FOR)
    except TimeoutError:
        return Finding(check, Health.UNKNOWN, f"no answer within {CALL_SECONDS:g} s")
    except GatewayError as error:
        return Finding(check, Health.UNKNOWN, error.reason, error.hint)


async def session(client: GatewayClient) -> list[Finding]:
    """What a session that is opened and closed at once shows of three scopes."""
    opening, reading, closing = "key: session:open", "key: invoke:read", "key: session:close"
    opened: list[Session] = []

    async def open_it() -> Session:
        opened.append(await client.open_session("mxgw_notebook doctor"))
        return opened[0]

    first = await judged(opening, open_it, lambda _: "a session was opened, and its worker started")
    if not opened:
        why = "no session could be opened"
        return [
            first,
            Finding(reading, Health.UNKNOWN, why),
            Finding(closing, Health.UNKNOWN, why),
        ]
    second = await judged(reading, lambda: opened[0].ping("doctor"), lambda _: "the session takes commands")
    third = await judged(closing, opened[0].close, lambda _: "the session was closed again")
    return [first, second, third]


async def latency(galaxy: GalaxyRepositoryClient) -> Finding:
    """How long a call takes, in the middle of a few."""
    taken: list[float] = []

    async def ask() -> float:
        for _ in range(LATENCY_CALLS):
            begun = time.perf_counter()
            with contextlib.suppress(PermissionDeniedError):  # an answer, which took its time as any other
                await galaxy.test_connection()
            taken.append(time.perf_counter() - begun)
        return statistics.median(taken)

    finding = await judged("latency", ask, lambda middle: f"a call takes {middle * 1000:,.0f} ms")
    if finding.verdict is Health.GOOD and statistics.median(taken) > SLOW_SECONDS:
        remedy = "Read many tags in one call, or check the network between."
        return replace(finding, verdict=Health.LOOK, remedy=remedy)
    return finding


def clock(client: GatewayClient, galaxy: GalaxyRepositoryClient) -> Finding:
    """How far both clocks are apart, by the date that answers carry."""
    ahead = [one.clock.ahead_seconds for one in (client, galaxy)]
    told = next((seconds for seconds in ahead if seconds is not None), None)
    if told is None:
        return Finding("clock", Health.UNKNOWN, "the gateway's answers have no date")
    apart = abs(told)
    words = f"the gateway's is {apart:,.0f} s {'ahead of' if told > 0 else 'behind'} this machine's"
    remedy = "Let both take the time from one server (NTP)."
    if apart > SKEW_BAD:
        return Finding("clock", Health.BAD, words, remedy)
    if apart > SKEW_SEEN:
        return Finding("clock", Health.LOOK, words, remedy)
    return Finding(
        "clock", Health.GOOD, f"within {SKEW_SEEN:g} s of this machine's, dates are of whole seconds"
    )


def limits(options: ClientOptions) -> Finding:
    """How large a message this side takes; the gateway's own limit cannot be asked for."""
    megabytes = options.message_limit / 1024 / 1024
    told = f"{megabytes:,.0f} MiB are taken and sent here; the gateway's own limit cannot be asked"
    if options.message_limit < FULL_MESSAGE:
        remedy = "Give message_limit=16 * 1024 * 1024, a gateway's default."
        return Finding("message limit", Health.LOOK, told, remedy)
    return Finding("message limit", Health.GOOD, told)
