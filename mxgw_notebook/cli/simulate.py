"""mxgw-py simulate"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

import click

from mxgw_notebook.cli.starting import started_gateway


@click.command()
@click.option("--port", default=5000, show_default=True, help="0 takes a free one.")
@click.option(
    "--api-key", envvar="MXGATEWAY_API_KEY", help="mxgw_<key-id>_<secret>; a random one unless given."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same plant.")
@click.option("--speed", default=1.0, show_default=True, help="Plant time against wall time.")
@click.option("--tls", is_flag=True, help="Serve TLS with a certificate made at start.")
def simulate(port: int, api_key: str | None, seed: int, speed: float, tls: bool) -> None:
    """Run the embedded gateway alone: a simulated plant, until Ctrl-C."""
    with started_gateway(port=port, api_key=api_key, seed=seed, speed=speed, tls=tls) as gateway:
        click.echo(
            f"Embedded gateway: {gateway.endpoint} (simulated plant, seed {seed}, process {gateway.pid})"
        )
        click.echo(f"API key:          {'as given' if api_key else gateway.api_key}")
        transport = f"--ca-file {gateway.ca_file}" if gateway.ca_file else "--plaintext"
        click.echo(
            f"In a notebook:    %mxgw connect {gateway.endpoint} {transport} --key-env MXGATEWAY_API_KEY"
        )
        wait_for_signal("Ctrl-C stops it.")
    click.echo("Stopped.")


def wait_for_signal(invitation: str) -> None:
    """Says so, and returns at SIGINT (Ctrl-C) or SIGTERM."""
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        del number, frame
        told.set()

    before: dict[int, Any] = {
        number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        click.echo(invitation)  # not before the signals are caught: whoever reads it may send one at once
        while not told.wait(0.2):  # Windows delivers signals between waits only
            pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
