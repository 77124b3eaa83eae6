"""A session's events read by a process of its own, so that no cell can keep the gateway waiting.

The child reads, decodes and writes into memory that both share; taking them here is copying arrays.

Why: DECISIONS.md, "Events are read by a thread and decoded in batches; under load, by a process".
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from json import JSONDecodeError
from typing import Any

import grpc

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.failures import mistaken, translated
from mxgw_notebook.client.fast_events.columns import EventColumns
from mxgw_notebook.client.fast_events.ring import EventRing
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.environment import without_keys
from mxgw_notebook.errors import CallError, GatewayError

Launched = tuple[EventRing, subprocess.Popen[str]]

START_SECONDS = 20.0
STOP_SECONDS = 2.0
# gRPC's own threads wake for every packet. Without them only the reader looks for packets, and not while it
# rests. A name that gRPC does not know does nothing.
WITHOUT_THREADS = {"GRPC_EXPERIMENTS": "-event_engine_client"}
# Not interrupted with the kernel, no console that opens, and a core before a cell that computes has one.
WINDOWS_FLAGS = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW", "ABOVE_NORMAL_PRIORITY_CLASS")


class ProcessReader:
    """Reads one session's event stream in a child process. The same face as `EventReader`.

    `start` waits until the child reads: one of its own, or `launched` before. The child dies with this
    process, however that ends.
    """

    def __init__(
        self,
        options: ClientOptions,
        session_id: str,
        *,
        after_worker_sequence: int = 0,
        on_end: Callable[[CallError | None], None] | None = None,
        ended: Callable[[CallError | None], None] | None = None,
        clock: GatewayClock | None = None,
        launched: Launched | None = None,
    ) -> None:
        self.kind = "process"
        self.finished = False
        self.failure: CallError | None = None
        self.clock = clock or GatewayClock(options)
        self._options, self._on_end, self._launched = options, on_end or ended, launched
        self._session_id, self._after = session_id, after_worker_sequence
        self._dropped = self._received = 0
        self._ring: EventRing | None = None
        self._child: subprocess.Popen[str] | None = None
        self._reading = False
        self._settled = threading.Event()  # whether it reads is known
        self._stopping = False
        # `stop` comes from the loop, from the interpreter's end and from a failed start, at once if need be:
        # the child must be ended by one of them and its counters read once.
        self._stops = threading.Lock()

    @property
    def dropped(self) -> int:
        """Events that found no room because nobody took them in time."""
        # The ring's counter, or what it was when the child ended: a count that people watch never goes back.
        return max(self._dropped, self._ring.counter("dropped") if self._ring else 0)

    @property
    def received(self) -> int:
        """Events that the child has read."""
        return max(self._received, self._ring.counter("received") if self._ring else 0)

    @property
    def taken(self) -> int:
        """Events of those received that do not wait in the ring any more."""
        return self.received - (
            self._ring.counter("written") - self._ring.counter("taken") if self._ring else 0
        )

    def start(self) -> None:
        """Starts the child and returns once it reads. Raises GatewayError when it cannot."""
        try:
            self._ring, self._child = self._launched or launch_reader()
        except OSError as error:
            raise GatewayError(f"The reader's process could not be started: {error}") from None
        # Before the orders: a child that fails at once says why into a pipe that somebody has to read.
        threading.Thread(
            target=self._listen, args=(self._child,), name=f"mxgw events {self._session_id}", daemon=True
        ).start()
        self._order(self._child, self._ring)
        # Set also when the child has ended without reading: a failed start is told at once.
        if not self._settled.wait(START_SECONDS) or not self._reading:
            self.stop()
            raise GatewayError("The reader's process did not start")

    def columns(self) -> EventColumns | None:
        """The events since the last call as columns; None when there are none. For one thread at a time."""
        ring = self._ring
        return ring.take(self.clock, self._options.api_key) if ring is not None else None

    def stop(self) -> None:
        """Ends the stream and the child; both are gone when it returns. Harmless the second time."""
        self._stopping = True
        with self._stops:
            # The ring stays: what the child wrote before it ended is still to be taken.
            child, self._child = self._child, None
            if child is None:
                return
            end_process(child)
            self._received, self._dropped = self.received, self.dropped

    def _order(self, child: subprocess.Popen[str], ring: EventRing) -> None:
        options = asdict(self._options)
        options["ca_file"] = str(self._options.ca_file) if self._options.ca_file else None
        # By the pipe, not by arguments or environment, in which others on this machine can read the key.
        orders = {
            "options": options, "session_id": self._session_id, "after": self._after, "ring": ring.handle,
        }  # fmt: skip
        with contextlib.suppress(OSError):  # it is gone already: `_listen` says so
            assert child.stdin is not None
            child.stdin.write(json.dumps(orders) + "\n")
            child.stdin.flush()

    def _hear(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        with child.stdout as lines:
            for line in lines:
                with contextlib.suppress(JSONDecodeError):  # a site's own start-up code may print too
                    self._take_in(json.loads(line))

    def _listen(self, child: subprocess.Popen[str]) -> None:
        """What the child tells, until it is gone."""
        try:
            self._hear(child)
        except Exception as mistake:  # without a reason it would look like the gateway's own end
            self.failure = mistaken(mistake, "StreamEvents", self._options)
        # No last line: it was killed, or ran out of memory. UNAVAILABLE has the link go on in that session.
        if not self._stopping and self.failure is None and not self.finished:
            self.failure = self._error("UNAVAILABLE", "the reader's process ended")
        self.finished = True
        self._settled.set()
        # Of one that never read `start` tells: a second notice would end the link's next reader.
        if self._reading and self._on_end is not None:
            self._on_end(None if self._stopping else self.failure)

    def _take_in(self, facts: dict[str, Any]) -> None:
        if facts.get("reading"):
            self._reading = True
            self._settled.set()
            return
        self.finished = True
        if facts["code"]:
            self.failure = self._error(facts["code"], facts["details"])

    def _error(self, code: str, details: str) -> CallError:
        return translated(ToldError(grpc.StatusCode[code], details), "StreamEvents", self._options)


class ToldError(grpc.RpcError):
    """A failed call as the child tells of it."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(details)
        self._code, self._details = code, details

    def code(self) -> grpc.StatusCode:
        """The status code."""
        return self._code

    def details(self) -> str:
        """The gateway's or gRPC's own words."""
        return self._details


def end_process(child: subprocess.Popen[str]) -> None:
    """Asks a child to go, and insists when it does not."""
    with contextlib.suppress(OSError):
        if child.stdin is not None:
            # The child watches its input: its end is the request, which also works where there are no
            # signals.
            child.stdin.close()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def launch_reader() -> Launched:
    """A child and the ring that it shares with this process. Raises OSError when there cannot be one."""
    ring, descriptors = EventRing.create()
    try:
        return ring, launch_child(descriptors)
    except OSError:
        ring.close()
        raise
    finally:
        # The child has its own by now, and the map holds the memory: one left open here would be lost with
        # each reader that is started, until no file can be opened.
        for descriptor in descriptors:
            os.close(descriptor)


def launch_child(descriptors: tuple[int, ...]) -> subprocess.Popen[str]:
    """The child, which waits for its orders."""
    # In a session of its own the terminal's Ctrl-C and its closing do not reach the child: the pipe ends it.
    settings: dict[str, Any] = {"pass_fds": descriptors, "start_new_session": True}
    if os.name == "nt":
        settings = {"creationflags": sum(getattr(subprocess, flag, 0) for flag in WINDOWS_FLAGS)}
    return subprocess.Popen(
        [sys.executable, "-m", "mxgw_notebook.client.fast_events.reader_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=WITHOUT_THREADS | without_keys(),  # its orders come by the pipe
        **settings,
    )
