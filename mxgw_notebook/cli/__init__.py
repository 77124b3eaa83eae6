"""mxgw-py, the command line."""

from __future__ import annotations

import sys

from mxgw_notebook.errors import GatewayError


def main() -> None:
    """Runs mxgw-py; see `cli.main`."""
    try:
        # Imported here: protos of the user's own are loaded with it, and may not fit.
        from mxgw_notebook.cli.main import main as run
    except GatewayError as error:
        sys.exit(f"Error: {error}")
    run()


__all__ = ["main"]
