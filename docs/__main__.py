"""`python -m docs` builds the manual into the package, from where a wheel takes it along."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from docs.site import MANUAL, build


def main() -> int:
    """Builds, and says how long it took; any warning of the generator is a failure."""
    parser = argparse.ArgumentParser(prog="python -m docs", description="Build the manual, strictly.")
    parser.add_argument("--into", type=Path, default=MANUAL, help="another folder than the package's own")
    parser.add_argument(
        "--no-run", action="store_true", help="do not run the tutorials: quicker, without outputs"
    )
    arguments = parser.parse_args()
    begun = time.monotonic()
    code = build(arguments.into, run=not arguments.no_run)
    took = time.monotonic() - begun
    sys.stdout.write(f"{arguments.into}: {'built' if code == 0 else 'failed'} in {took:.0f} s\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
