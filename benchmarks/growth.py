"""How time and memory grow with what there is: attributes, tags, alarms, points, containment, hours recorded.

Each size is a variant of its own, so a process of its own. Memory is what the work adds to it at most. An
exponent of 1 is in proportion; below it, what does not grow still counts for more.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks import galaxy, many
from benchmarks.alarm_source import transition
from benchmarks.benchmark import Benchmark, Exponent, Figures, Setting, Variant
from benchmarks.frames import TAGS, samples_of
from benchmarks.many import EVENTS_A_TAG, FEW
from benchmarks.memory import forget_peak, peak_mb
from benchmarks.pages import ATTRIBUTES
from benchmarks.process import no_source, source
from mxgw_notebook.analysis import QualityAccessor
from mxgw_notebook.client import ClientOptions, GalaxyObject, GatewayClient, SnapshotComplete, objects_columns
from mxgw_notebook.client.alarms import transition_from_wire
from mxgw_notebook.frames import active_alarms_frame, galaxy_frames, long_frame, reply_page, wide_frame
from mxgw_notebook.history import MONTH_PLANT, open_recording, record_month
from mxgw_notebook.live.alarms import AlarmBoard

RECORDED_TAGS, INTERVAL_SECONDS = 50, 10.0
LEAST_MB = 1.0  # below it a process's memory says nothing


def attributes(setting: Setting) -> Figures:
    """A galaxy of so many attributes, twenty an object, into both tables."""
    objects = max(1, setting.size // ATTRIBUTES)
    with source("benchmarks.pages", str(objects)) as address, taking(setting) as took:
        took["seconds"], loaded = galaxy.loaded(Setting(address, objects))
    return whole(took, len(loaded.attributes), objects * ATTRIBUTES)


def tags(setting: Setting) -> Figures:
    """So many tags advised, and ten events of each stored."""
    events = EVENTS_A_TAG * setting.size
    with source("benchmarks.tags_source", str(events), str(FEW), str(setting.size)) as address:
        with taking(setting) as took:
            figures, watched = many.stored(Setting(address, events), setting.size)
        took["seconds"] = figures["subscribe_seconds"] + events / figures["events_per_second"]
    return whole(took, len(watched), setting.size)


def alarms(setting: Setting) -> Figures:
    """So many alarms raised onto the board, and its table of all of them."""
    return asyncio.run(raised(setting))


async def raised(setting: Setting) -> Figures:
    """The same, on the running loop."""
    records = [transition_from_wire(transition(number, 0, number)) for number in range(setting.size)]
    client = GatewayClient(ClientOptions(endpoint="localhost:1", plaintext=True))  # it is never asked
    board = AlarmBoard(client)
    with taking(setting) as took:
        board.take(SnapshotComplete())
        for record in records:
            board.take(record)
        active = [(alarm.record, alarm.state, alarm.raised_ns) for alarm in board.active()]
        table = active_alarms_frame(active)
    await client.close()
    return whole(took, len(table), setting.size)


def points(setting: Setting) -> Figures:
    """So many samples of fifty tags to a long and a wide table, and to means by minute."""
    samples = samples_of(setting.size)
    with taking(setting) as took:
        frame = long_frame(samples)
        frame.attrs["gaps"] = []
        tables = wide_frame(samples, "1s"), QualityAccessor(frame).resample("1min")
    if not all(map(len, tables)):
        raise ValueError("a table is empty")
    return whole(took, len(frame) // TAGS, max(2, setting.size // TAGS))


def depth(setting: Setting) -> Figures:
    """Objects each within the one before, so deep, as the galaxy's tables."""
    columns = objects_columns([nested_object(number) for number in range(1, setting.size + 1)])
    with taking(setting) as took:
        objects, _ = galaxy_frames([reply_page(columns)])
    return whole(took, int(objects["depth"].max()) + 1, setting.size)


def nested_object(number: int) -> GalaxyObject:
    """The object of that number, which is within the one before."""
    name = f"Vessel{number:06}"
    return GalaxyObject(gobject_id=number, tag_name=name, browse_name=name, parent_gobject_id=number - 1)


def hours(setting: Setting) -> Figures:
    """A recording of so many hours of fifty tags, read back as means of an hour."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "recording")
        for _ in record_month(place, RECORDED_TAGS, setting.size, INTERVAL_SECONDS):
            pass
        with taking(setting) as took:
            recording = open_recording(place, plant=MONTH_PLANT)
            table = recording.frame(*recording.tags, every="1h", how="mean")
    return whole(took, len(table), RECORDED_TAGS * setting.size)


@contextmanager
def taking(setting: Setting) -> Iterator[dict[str, float]]:
    """The seconds that the work takes, and the memory that it adds to the process at most."""
    took = {"size": float(setting.size)}
    forget_peak()
    before, start = peak_mb(), perf_counter()
    yield took
    took.setdefault("seconds", perf_counter() - start)
    took["added_mb"] = max(peak_mb() - before, LEAST_MB)


def whole(took: Figures, found: int, wanted: int) -> Figures:
    """What it took; fails a size that did not do the whole job."""
    if found != wanted:
        raise ValueError(f"{found:,} of {wanted:,}")
    return took


THOUSAND, MILLION = 1_000, 1_000_000
# What grows, with the sizes at which it is looked at.
GROWING: Mapping[str, tuple[Callable[[Setting], Figures], tuple[int, ...]]] = {
    "attributes": (attributes, (THOUSAND, 10 * THOUSAND, 100 * THOUSAND, MILLION)),
    "tags": (tags, (10, 100, THOUSAND, 10 * THOUSAND, 50 * THOUSAND)),
    "alarms": (alarms, (10, 100, THOUSAND, 10 * THOUSAND, 100 * THOUSAND)),
    "points": (points, (THOUSAND, 10 * THOUSAND, 100 * THOUSAND, MILLION, 10 * MILLION)),
    "depth": (depth, (10, 100, THOUSAND, 5 * THOUSAND)),
    "hours": (hours, (1, 10, 100, 720)),
}


def variant_name(growing: str, size: int) -> str:
    """What the variant of one size is called."""
    return f"{growing}_{size}"


def exponents(growing: str, sizes: tuple[int, ...]) -> dict[str, Exponent]:
    """By which power its time and memory grow over the last step."""
    less, more = (variant_name(growing, size) for size in sizes[-2:])
    return {
        f"{growing}_time_exponent": Exponent(less, more, "seconds"),
        f"{growing}_memory_exponent": Exponent(less, more, "added_mb"),
    }


BENCHMARK = Benchmark(
    about="time and memory over attributes, tags, alarms, points, containment and hours of recording",
    source=no_source,
    variants=tuple(
        Variant(variant_name(growing, size), measure, size)
        for growing, (measure, sizes) in GROWING.items()
        for size in sizes
    ),
    keys={
        key: formed
        for growing, (_, sizes) in GROWING.items()
        for key, formed in exponents(growing, sizes).items()
    },
)
