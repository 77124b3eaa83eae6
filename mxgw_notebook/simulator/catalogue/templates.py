"""The templates of generated objects, and their attributes in the order in which they are worth having."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mxgw_notebook.simulator.catalogue.shape import Shape, Span, shared
from mxgw_notebook.simulator.plant import Classification, DataType, Listing, Traits

_VIEW, _OPERATE, _TUNE = Classification.VIEW_ONLY, Classification.OPERATE, Classification.TUNE
_CONFIGURE = Classification.CONFIGURE
_MODES = ("Manual", "Auto", "Cascade")


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured attribute of a template, in engineering units."""

    name: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Template:
    """`letters` begin the objects' tag names, `contains` names the templates of what they contain."""

    chain: tuple[str, ...]
    letters: str
    measured: tuple[Measured, ...]
    switches: tuple[str, ...] = ()
    settings: tuple[Measured, ...] = ()
    contains: tuple[tuple[str, str], ...] = ()  # contained name, template


def _chain(*names: str) -> tuple[str, ...]:
    return tuple(f"${name}" for name in (*names, "UserDefined"))


TEMPLATES: dict[str, Template] = {
    "$AnalogInput": Template(
        _chain("AnalogInput", "gMeasurement"), "TI", (Measured("PV", "degC", 0.0, 150.0),), ("Simulate",)
    ),
    "$PIDLoop": Template(
        _chain("PIDLoop", "gControl"),
        "FIC",
        (Measured("PV", "m3/h", 0.0, 80.0), Measured("CV", "%", 0.0, 100.0)),
        ("Tracking",),
        (Measured("SP", "m3/h", 0.0, 80.0), Measured("Kp", "", 0.0, 5.0), Measured("Ti", "s", 1.0, 60.0)),
    ),
    "$Pump": Template(
        _chain("Pump", "gRotating"),
        "P",
        (Measured("Speed", "rpm", 0.0, 2950.0), Measured("Flow", "m3/h", 0.0, 120.0)),
        ("Running", "Tripped", "StartCmd"),
        (Measured("SpeedSP", "%", 0.0, 100.0),),
        (("Motor", "$Motor"),),
    ),
    "$Motor": Template(
        _chain("Motor", "gRotating"),
        "M",
        (Measured("Current", "A", 0.0, 90.0), Measured("WindingTemp", "degC", 20.0, 120.0)),
        ("Overload",),
    ),
    "$ControlValve": Template(
        _chain("ControlValve", "gValve"),
        "CV",
        (Measured("Position", "%", 0.0, 100.0),),
        ("Stuck",),
        (Measured("PositionSP", "%", 0.0, 100.0),),
        (("Actuator", "$Actuator"),),
    ),
    "$Actuator": Template(
        _chain("Actuator", "gFitting"), "ZA", (Measured("SupplyPressure", "bar", 2.0, 7.0),), ("Fault",)
    ),
    "$Tank": Template(
        _chain("Tank", "gVessel"),
        "TK",
        (Measured("Level", "%", 0.0, 100.0), Measured("Temperature", "degC", 5.0, 90.0)),
        ("Overfilled",),
        (Measured("FillStop", "%", 50.0, 100.0),),
    ),
    "$DiscreteInput": Template(
        _chain("DiscreteInput", "gMeasurement"), "LSH", (Measured("OnCount", "", 0.0, 5000.0),), ("PV",)
    ),
    "$WinPlatform": Template(
        ("$WinPlatform",), "", (Measured("CpuLoad", "%", 0.0, 40.0),), ("ScanState", "ScanStateCmd")
    ),
    "$AppEngine": Template(
        ("$AppEngine",), "", (Measured("ScanTime", "ms", 0.0, 500.0),), ("ScanState", "ScanStateCmd")
    ),
    "$Area": Template(("$Area",), "", (Measured("AlarmCount", "", 0.0, 40.0),), ("AlarmInhibit",)),
}


def _rows(template: Template) -> list[tuple[Listing, Span]]:
    """Every attribute the template has, what matters most first."""
    return [*_values(template), *_texts(template), *_alarm_rows(template), *_SERVICE]


def _row(
    name: str, kind: DataType, who: Classification = _VIEW, span: Span | None = None, **more: Any
) -> tuple[Listing, Span]:
    return Listing(name, shared(Traits(kind, who, **more))), span or Span()


def _values(template: Template) -> Iterator[tuple[Listing, Span]]:
    """What is measured, switched and set, and the alarms themselves."""
    for one in template.measured:
        yield _row(one.name, DataType.DOUBLE, _VIEW, Span(one.low, one.high), historized=True)
    for name in template.switches:
        yield _row(name, DataType.BOOLEAN, _OPERATE if name.endswith("Cmd") else _VIEW)
    for one in template.settings:
        yield _row(one.name, DataType.DOUBLE, _OPERATE, Span(one.low, one.high))
    for one in template.measured:
        for limit in ("Hi", "Lo"):
            yield _row(f"{one.name}.{limit}", DataType.BOOLEAN, _VIEW, historized=True, is_alarm=True)


def _texts(template: Template) -> Iterator[tuple[Listing, Span]]:
    for one in (*template.measured, *template.settings):
        yield _row(f"{one.name}.EngUnits", DataType.STRING, _CONFIGURE, Span(text=one.unit or "-"))
    yield _row("Description", DataType.STRING, _CONFIGURE, Span(text=template.chain[0].strip("$")))
    yield _row("Mode", DataType.QUALIFIED_ENUM, _OPERATE, names=_MODES)


def _alarm_rows(template: Template) -> Iterator[tuple[Listing, Span]]:
    """What each alarm has beneath it."""
    for one in template.measured:
        for name in (f"{one.name}.Hi", f"{one.name}.Lo"):
            yield _row(f"{name}.Limit", DataType.DOUBLE, _TUNE, Span(one.low, one.high))
            yield _row(f"{name}.InAlarm", DataType.BOOLEAN)
            yield _row(f"{name}.Acked", DataType.BOOLEAN)
            yield _row(f"{name}.AckMsg", DataType.STRING, _OPERATE)
            yield _row(f"{name}.Priority", DataType.INTEGER, _TUNE, Span(1.0, 999.0))


_SERVICE = (
    _row("LastMaintenance", DataType.TIME, _CONFIGURE),
    _row("RunHours", DataType.FLOAT, _VIEW, Span(0.0, 30_000.0)),
    _row("Reset", DataType.BOOLEAN, Classification.SECURED_WRITE),
    _row("InService", DataType.BOOLEAN, Classification.VERIFIED_WRITE),
)


def shape(name: str, attributes: int) -> Shape:
    """A template's shape with exactly so many attributes; parameters make up what it lacks."""
    rows = _rows(TEMPLATES[name])[:attributes]
    traits = shared(Traits(DataType.DOUBLE, _TUNE))
    for number in range(1, attributes - len(rows) + 1):
        rows.append((Listing(f"Parameter{number:03d}", traits), Span()))
    return Shape([listing for listing, _ in rows], [span for _, span in rows])
