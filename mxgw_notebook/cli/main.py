"""The entry point: one group, and the only place where an error becomes an exit code."""

from __future__ import annotations

import sys

import click

from mxgw_notebook.cli.contract import contract
from mxgw_notebook.cli.demo import demo
from mxgw_notebook.cli.simulate import simulate
from mxgw_notebook.cli.version import version
from mxgw_notebook.errors import GatewayError

FAILED = 1
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def mxgw() -> None:
    """Explore a plant on AVEVA System Platform through the MXAccess Gateway."""


for command in (contract, demo, simulate, version):
    mxgw.add_command(command)


def main() -> None:
    """Runs mxgw-py.

    Exit codes: 0 done, 1 failed (one line on standard error), 2 wrong usage, 130 interrupted.
    """
    try:
        mxgw.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except GatewayError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(FAILED)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
