"""mxgw-py version"""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

import click

PACKAGES = ("mxgw-notebook", "grpcio", "protobuf", "pandas", "ipywidgets")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, sorted keys.")
def version(as_json: bool) -> None:
    """Show the versions of this package and of its dependencies."""
    versions = {"python": platform.python_version(), **{name: version_of(name) for name in PACKAGES}}
    if as_json:
        click.echo(json.dumps(versions, sort_keys=True))
        return
    for name, number in versions.items():
        click.echo(f"{name:<15} {number or 'not installed'}")


def version_of(package: str) -> str | None:
    """The version of an installed package; None for one that is not, as a notebook's in a container."""
    try:
        return installed(package)
    except PackageNotFoundError:
        return None
