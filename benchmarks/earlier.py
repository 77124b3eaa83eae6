"""What an earlier run showed, as `--json` wrote it, and what has changed since beyond its noise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.report import Report, Spread

Earlier = dict[str, dict[str, Spread]]


def read(path: str) -> Earlier:
    """The keys of each benchmark in a file of one or of several. Raises LookupError for a file of none."""
    try:
        written = json.loads(Path(path).read_text(encoding="utf-8"))
        each = [written] if "benchmark" in written else list(written.values())
        return {one["benchmark"]: spreads(one["details"]["keys"]) for one in each}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "python -m benchmarks NAME --json > FILE makes one"
        raise LookupError(f"{path} is no earlier run: {error!r}; {hint}") from None


def spreads(keys: dict[str, Any]) -> dict[str, Spread]:
    """The keys that were measured."""
    return {key: Spread(**found) for key, found in keys.items() if found is not None}


def compared(report: Report, earlier: dict[str, Spread]) -> Iterator[str]:
    """A line for each key of both. Beyond noise is where not one round of the one lies among the other's."""
    for key, now in report.keys.items():
        was = earlier.get(key)
        if now is None or was is None:
            yield f"{key}: not in both"
            continue
        apart = now.lowest > was.highest or now.highest < was.lowest
        change = f"{100 * (now.median / was.median - 1):+.0f} %" if was.median else "was 0"
        verdict = "beyond noise" if apart else "within noise"
        yield f"{key}: {was.median:,.4g} -> {now.median:,.4g} ({change}, {verdict})"
