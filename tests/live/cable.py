"""Two hosts with a router between them, in network namespaces: it can stop passing packets, as a cut cable.

Nothing is refused and no interface goes down at either end: what is sent vanishes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

HERE, THERE, OTHER = "10.213.1.1", "10.213.2.1", "10.213.2.3"
NAME = "gateway.test"
PORT = 5000
FOLLOW = """
import json, sys
from mxgw_notebook import Plant, run_until_stopped

async def main():
    endpoint, key, keepalive, *tags = sys.argv[1:]
    settings = {"api_key": key, "plaintext": True, "keepalive": float(keepalive)}
    async with await Plant.connect(endpoint, **settings) as plant:
        async for update in plant.follow(tags, every=0.2):
            print(json.dumps({
                "phase": update.standing.phase.value,
                "samples": [[one.tag, one.time_ns, one.value] for one in update.samples],
                "gaps": [[gap.number, gap.start_ns, gap.end_ns, gap.filled] for gap in update.gaps],
            }), flush=True)

run_until_stopped(main())
"""


def why_not() -> str:
    """Why there can be no namespaces here; empty where there can."""
    if sys.platform != "linux" or shutil.which("ip") is None:
        return "network namespaces are Linux', and made by `ip`"
    name = f"mxgw-try-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"no network namespace may be made here: {made.stderr.strip()}"
    forward = ["ip", "netns", "exec", name, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]
    allowed = subprocess.run(forward, capture_output=True, text=True, check=False)
    subprocess.run(["ip", "netns", "del", name], check=False)
    return f"a namespace may not forward here: {allowed.stderr.strip()}" if allowed.returncode else ""


class Cable:
    """A client's host, a router, a gateway's host. Made by `laid`."""

    def __init__(self) -> None:
        self.client, self.router, self.gateway = (f"mxgw-{os.getpid()}-{end}" for end in "crg")
        self.hosts = Path("/etc/netns") / self.client / "hosts"

    def lay(self) -> None:
        for name in (self.client, self.router, self.gateway):
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        self._join(self.client, "10.213.1", 1)
        self._join(self.gateway, "10.213.2", 1)
        ip("-n", self.gateway, "address", "add", f"{OTHER}/24", "dev", "eth")
        self.plug()
        self.hosts.parent.mkdir(parents=True, exist_ok=True)
        # Nobody answers there, and at once: names stand in the file of hosts alone.
        self.hosts.with_name("resolv.conf").write_text("nameserver 127.0.0.1\n")
        self.name(THERE)

    def _join(self, host: str, network: str, number: int) -> None:
        """A wire from a host to the router."""
        port = f"to-{host[-1]}"
        ip("-n", self.router, "link", "add", port, "type", "veth", "peer", "name", "eth", "netns", host)
        ip("-n", host, "address", "add", f"{network}.{number}/24", "dev", "eth")
        ip("-n", self.router, "address", "add", f"{network}.254/24", "dev", port)
        ip("-n", host, "link", "set", "eth", "up")
        ip("-n", self.router, "link", "set", port, "up")
        ip("-n", host, "route", "add", "default", "via", f"{network}.254")

    def remove(self) -> None:
        for name in (self.client, self.router, self.gateway):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
        shutil.rmtree(self.hosts.parent, ignore_errors=True)

    def pull(self) -> None:
        """From now on what is sent vanishes, both ways."""
        self._forward("0")

    def plug(self) -> None:
        self._forward("1")

    def _forward(self, number: str) -> None:
        words = f"echo {number} > /proc/sys/net/ipv4/ip_forward"
        subprocess.run(["ip", "netns", "exec", self.router, "sh", "-c", words], check=True)

    def name(self, address: str) -> None:
        """The gateway's name means this address at the client's host from now on."""
        self.hosts.write_text(f"127.0.0.1 localhost\n{address} {NAME}\n")

    def serve(self, address: str = THERE) -> EmbeddedGateway:
        """An embedded gateway at the gateway's host."""
        command = [sys.executable, "-m", "mxgw_notebook.simulator", "--die-with-parent"]
        command += ["--host", address, "--port", str(PORT), "--seed", "1"]
        return EmbeddedGateway._spawn(["ip", "netns", "exec", self.gateway, *command], KEY, 30.0)

    def start(self, host: str, code: str, *arguments: str) -> subprocess.Popen[str]:
        """A Python program at one of the hosts."""
        command = ["ip", "netns", "exec", host, sys.executable, "-c", code, *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@contextlib.contextmanager
def laid() -> Iterator[Cable]:
    """A cable, removed with the block."""
    cable = Cable()
    try:
        cable.lay()
        yield cable
    finally:
        cable.remove()


def ip(*words: str) -> None:
    """Runs `ip`."""
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Told:
    """What a program that follows tags has told, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(json.loads(line))

    @property
    def phase(self) -> str:
        return str(self.lines[-1]["phase"]) if self.lines else ""

    @property
    def samples(self) -> list[tuple[str, int, Any]]:
        return [(tag, at, value) for line in list(self.lines) for tag, at, value in line["samples"]]

    @property
    def gaps(self) -> dict[int, tuple[int, int | None, bool]]:
        """The newest word of each gap: from when to when, and whether a replay has filled it."""
        told = [gap for line in list(self.lines) for gap in line["gaps"]]
        return {number: (start, end, filled) for number, start, end, filled in told}

    def end(self) -> None:
        """Ends the program, if it still runs."""
        self.process.kill()
        self.process.wait()
        self._reading.join(5.0)
