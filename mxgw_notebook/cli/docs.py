"""mxgw-py docs"""

from __future__ import annotations

import json
import webbrowser
from pathlib import Path

import click

from mxgw_notebook.errors import ConfigurationError

MANUAL = Path(__file__).parents[1] / "manual"
BUILDING = 'python -m pip install -e ".[docs]", then python -m docs, in a source checkout.'


@click.command()
@click.option("--path", "only_path", is_flag=True, help="Print where the manual is, and open nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print where the manual is as one JSON object, and open nothing."
)
def docs(only_path: bool, as_json: bool) -> None:
    """Open the manual in the browser; needs no network."""
    page = MANUAL / "index.html"
    if not page.is_file():
        raise ConfigurationError("This installation has no manual", hint=f"Build it: {BUILDING}")
    if as_json:
        click.echo(json.dumps({"manual": str(page)}, sort_keys=True))
    elif only_path or not webbrowser.open(page.as_uri()):
        click.echo(page)  # where there is no browser, somebody has one elsewhere
