"""mxgw-py simulate"""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import Any

import click

from mxgw_notebook.cli.console import obey_terminal
from mxgw_notebook.cli.starting import started_gateway
from mxgw_notebook.simulator import LIMITS, SCENARIOS, listing

EPILOG = (
    "\b\nWhile it runs, lines typed (or piped) into it are obeyed:\n"
    "  fault NAME:KEY=VALUE,...   clear [NAME ...]   deploy   status\n\n"
    f"\b\nLimits: {', '.join(LIMITS[:9])},\n  {', '.join(LIMITS[9:])}\n\n"
    "\b\nFaults, with their usual settings:\n" + "\n".join(f"  {line}" for line in listing().splitlines())
)


@click.command(epilog=EPILOG)
@click.option("--port", default=5000, show_default=True, help="0 takes a free one.")
@click.option(
    "--api-key", envvar="MXGATEWAY_API_KEY", help="mxgw_<key-id>_<secret>; a random one unless given."
)
@click.option("--keys", default="", metavar="FILE", help="Further keys with scopes and constraints (JSON).")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same plant.")
@click.option("--speed", default=1.0, show_default=True, help="Plant time against wall time.")
@click.option("--tls", is_flag=True, help="Serve TLS with a certificate made at start.")
@click.option("--scenario", type=click.Choice(list(SCENARIOS)), help="What the plant lives through.")
@click.option("--objects", default=0, help="So many generated objects beside the plant.")
@click.option("--attributes-per-object", default=20, show_default=True, help="Of each of them.")
@click.option("--rate", default=0.0, help="Events a second that their advised attributes make.")
@click.option("--alarms", default=0, help="So many alarms that stand in them.")
@click.option("--galaxy", default="", metavar="FILE", help="A plant file (Parquet) in the plant's place.")
@click.option("--fault", "faults", multiple=True, metavar="NAME:KEY=VALUE,...", help="Wrong from the start.")
@click.option("--limit", "limits", multiple=True, metavar="NAME=VALUE", help="Another limit than the usual.")
def simulate(api_key: str | None, scenario: str | None, **settings: Any) -> None:
    """Run the embedded gateway alone: a simulated plant, until Ctrl-C."""
    # What it cannot keep up with is told here, not lost.
    logging.getLogger("mxgw_notebook.simulator").addHandler(logging.StreamHandler())
    with started_gateway(api_key=api_key, scenario=scenario or "", **settings) as gateway:
        told_of = f"simulated plant, seed {settings['seed']}, process {gateway.pid}"
        click.echo(f"Embedded gateway: {gateway.endpoint} ({told_of})")
        click.echo(f"API key:          {'as given' if api_key else gateway.api_key}")
        transport = f"--ca-file {gateway.ca_file}" if gateway.ca_file else "--plaintext"
        click.echo(
            f"In a notebook:    %mxgw connect {gateway.endpoint} {transport} --key-env MXGATEWAY_API_KEY"
        )
        obey_terminal(gateway)
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
