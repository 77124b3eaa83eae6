"""mxgw-py contract"""

from __future__ import annotations

import json

import click

from mxgw_notebook.own_protos import VARIABLE


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array, sorted by name.")
def contract(as_json: bool) -> None:
    """Show how the protos of MXGATEWAY_PROTO_PATH differ from the built-in ones."""
    from mxgw_notebook.client import contract_differences

    found = contract_differences()
    if as_json:
        click.echo(
            json.dumps(
                [{"name": one.name, "builtIn": one.built_in, "inUse": one.in_use} for one in found],
                sort_keys=True,
            )
        )
        return
    for difference in found:
        click.echo(
            f"{difference.name}: {difference.built_in or 'not there'} -> {difference.in_use or 'not there'}"
        )
    click.echo(
        f"{len(found)} names differ."
        if found
        else f"The built-in contract is in use, or an equal one ({VARIABLE})."
    )
