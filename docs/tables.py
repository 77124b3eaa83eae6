"""Every DataFrame that a public call answers, made once at the simulated plant: for its columns and dtypes."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pandas as pd

import mxgw_notebook as mx
from docs.names import OTHER_FACES
from mxgw_notebook import analysis
from mxgw_notebook.analysis import galaxy_review

Made = Iterator[tuple[str, pd.DataFrame]]
# It answers as Gateway does.
OF_A_FILE = "SavedGalaxy"
# The tables of a report are those of functions with sections of their own; a plan's answers are its outcomes.
LIKE_OTHERS = {
    "AlarmReport.tables",
    "Plan.apply",
    "Plan.offer",
    "Plan.carry_out",
    "RecordedParts.alarm_measures",
}
# Calls with the columns of another one.
SAME_COLUMNS = {"Recording.impact": "Gateway.impact", "analysis.deploy_impact": "Gateway.impact"}
# What they answer has the columns of what they are given.
AS_GIVEN = {"Gateway.sql", "Recording.sql", "analysis.portable", "analysis.read_table"}
SECONDS = 1.5
LEVEL = "Tank001.Level"
LIMIT = 50.0


@cache
def tables() -> dict[str, pd.DataFrame]:
    """Each call's DataFrame by the call; columns and dtypes stay where there are no rows."""
    gateway = mx.connect("demo", seed=1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            made = [
                *of_package(),
                *of_galaxy(gateway, Path(folder)),
                *of_tags(gateway),
                *of_alarms(gateway),
                *of_past(gateway, Path(folder)),
            ]
    finally:
        mx.disconnect()
    return dict(made)


def frame_calls() -> Iterator[tuple[str, str]]:
    """Every public call that is said to answer a DataFrame of its own, with its docstring."""
    classes = [(f"{name}.", getattr(mx, name)) for name in mx.__all__ if name != OF_A_FILE]
    holders: list[tuple[str, object, Iterable[str]]] = [
        ("", mx, mx.__all__),
        *((prefix, one, dir(one)) for prefix, one in classes if inspect.isclass(one)),
        ("frame.mxgw.", analysis.QualityAccessor, dir(analysis.QualityAccessor)),
        ("analysis.", analysis, analysis.__all__),
        ("galaxy_review.", galaxy_review, OTHER_FACES[galaxy_review.__name__] or ()),
    ]
    for prefix, holder, names in holders:
        for name in names:
            found = getattr(mx, name) if holder is mx else inspect.getattr_static(holder, name)
            function = found.fget if isinstance(found, property) else found
            if not name.startswith("_") and answers_frame(function) and prefix + name not in LIKE_OTHERS:
                yield prefix + name, inspect.getdoc(function) or ""


def of_package() -> Made:
    """What is connected, and what was kept of former kernels."""
    yield "connections", mx.connections()
    yield "flights", mx.flights()
    yield "doctor", mx.doctor()


def of_galaxy(gateway: mx.Gateway, folder: Path) -> Made:
    """The plant's model."""
    yield "Gateway.objects", gateway.objects()
    yield "Gateway.attributes", gateway.attributes()
    yield "Gateway.find", gateway.find("*.Level")
    yield "Instances.read", gateway.instances("$Tank").read("Level")
    before = gateway.snapshot(folder / "before.parquet")
    yield "Gateway.diff", gateway.diff(before)
    yield "Gateway.alarm_changes", gateway.alarm_changes(before)
    yield "analysis.alarm_changes", analysis.alarm_changes(before, before)
    yield "analysis.diff", analysis.diff(before, before)
    objects, attributes = gateway.objects(), gateway.attributes()
    yield "galaxy_review.template_usage", galaxy_review.template_usage(objects)
    yield "galaxy_review.naming_outliers", galaxy_review.naming_outliers(objects)
    yield "galaxy_review.areas_by_size", galaxy_review.areas_by_size(objects)
    yield "galaxy_review.attributes_by_type", galaxy_review.attributes_by_type(attributes)
    yield "galaxy_review.alarms_without_limits", galaxy_review.alarms_without_limits(attributes)
    yield "galaxy_review.unread_history", galaxy_review.unread_history(attributes, [LEVEL])
    priorities = gateway.read("Tank00*.Level.*.Priority")
    yield "galaxy_review.equal_priorities", galaxy_review.equal_priorities(priorities)
    browser = gateway.browse()
    yield "Browser.selection", browser.selection
    yield "Browser.objects", browser.objects
    deploys = gateway.deploys()
    yield "Deploys.frame", deploys.frame()
    yield "Deploys.changes", deploys.changes()


def of_tags(gateway: mx.Gateway) -> Made:
    """Values."""
    yield "Gateway.read", gateway.read(LEVEL)
    yield "Gateway.write", gateway.write({"FIC101.SP": 42.0})
    plan = gateway.plan({"FIC101.SP": 43.0})
    yield "Plan.frame", plan.frame()
    plan.apply(yes=True)
    yield "Plan.outcomes", plan.outcomes()
    yield "Plan.rehearse", plan.undo().rehearse()
    kept = gateway.values("FIC101.SP")
    yield "KeptValues.frame", kept.frame()
    yield "KeptValues.compare", kept.compare()
    yield "Gateway.actions", gateway.actions()
    gateway.note("seen")
    yield "Gateway.notes", gateway.notes()
    event = gateway.when(f"{LEVEL} > 0")
    watch = gateway.watch(LEVEL, "Pump001.Speed")
    yield "Gateway.impact", gateway.impact(gateway.galaxy())
    yield "Watch.collect", watch.collect(SECONDS)
    yield "Watch.frame", watch.frame()
    yield "Watch.wide", watch.wide()
    yield "Watch.between", watch.between("-1s")
    yield "XY.frame", watch.xy(*watch.tags[:2]).frame()
    yield "Watch.health", watch.health()
    yield "Watch.selection", watch.selection()
    yield "Trend.selection", watch.trend().selection()
    yield "Gateway.tag_health", gateway.tag_health()
    yield "EventWatch.frame", event.frame()
    yield "EventWatch.samples", event.samples(1)
    yield "Gateway.status", gateway.status()
    yield "Gateway.history", gateway.history(LEVEL)
    yield "Gateway.audit_trail", gateway.audit_trail()
    yield from of_samples(watch.frame())
    one = watch.frame().query("tag == @LEVEL")
    yield "analysis.tune_alarm", analysis.tune_alarm(one, limit=LIMIT, kind="hi")
    yield "analysis.left_open", watch.wide()


def of_samples(samples: pd.DataFrame) -> Made:
    """What a long frame of samples is made into."""
    start, end = samples["timestamp"].min(), pd.Timestamp.now("UTC")
    of = analysis.QualityAccessor(samples)  # what `frame.mxgw` is
    yield "frame.mxgw.good", of.good()
    yield "frame.mxgw.mask", of.mask()
    yield "frame.mxgw.hold_last_good", of.hold_last_good()
    yield "frame.mxgw.time_in_state", of.time_in_state()
    yield "frame.mxgw.between", of.between(start, end)
    yield "frame.mxgw.align", of.align("1s")
    yield "frame.mxgw.resample", of.resample("1s")


def of_past(gateway: mx.Gateway, folder: Path) -> Made:
    """What a recording has, and a page about it."""
    watch, recorded = gateway.watch(LEVEL), folder / "recorded"
    recorder = watch.record(recorded)
    watch.collect(SECONDS)
    recorder.stop()
    recording = mx.open_recording(recorded)
    for name in (
        "frame",
        "wide",
        "gaps",
        "alarms",
        "episodes",
        "writes",
        "acknowledges",
        "notes",
        "descriptions",
    ):
        yield f"Recording.{name}", getattr(recording, name)()
    parts = recording.parts(LEVEL)
    yield "RecordedParts.time_in_state", parts.time_in_state()
    yield "RecordedParts.tune_alarm", parts.tune_alarm(LIMIT)
    yield "RecordedParts.episodes", parts.episodes()
    dossier = gateway.dossier("-1min")
    yield "Dossier.sources", dossier.sources()
    yield "Dossier.uncovered", dossier.uncovered()


def of_alarms(gateway: mx.Gateway) -> Made:
    """Alarms, and what is worked out of them."""
    review = gateway.alarms()
    yield "AlarmReview.frame", review.frame()
    yield "AlarmReview.filtered", review.filtered()
    yield "AlarmReview.selection", review.selection()
    yield "AlarmReview.suppressed", review.suppressed()
    yield "AlarmReview.history", review.history()
    yield "AlarmReview.episodes", review.episodes()
    yield "AlarmReview.acknowledge", review.acknowledge(review.frame()["reference"].iloc[0])
    yield "Gateway.acknowledge", gateway.acknowledge(review.frame()["reference"].iloc[0])
    yield "Gateway.audit", gateway.audit()
    report = review.report()
    yield "AlarmReport.summary", report.summary
    yield "AlarmReport.unjudged", report.unjudged
    yield "AlarmReport.provenance", report.provenance
    yield "analysis.alarm_episodes", analysis.alarm_episodes(review.history())
    yield "analysis.read_alarm_log", analysis.read_alarm_log(review.history())
    yield "analysis.out_of_service", analysis.out_of_service(review.history())
    samples = gateway.watch(LEVEL).frame()
    for name in analysis.__all__:
        function = getattr(analysis, name)
        if answers_frame(function) and next(iter(inspect.signature(function).parameters)) == "episodes":
            more = (samples,) if name == "suggest" else ()
            yield f"analysis.{name}", function(review.episodes(), *more)


def answers_frame(function: object) -> bool:
    """Whether a call is said to answer a DataFrame."""
    return callable(function) and "DataFrame" in str(
        getattr(function, "__annotations__", {}).get("return", "")
    )
