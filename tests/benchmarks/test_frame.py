"""Rounds, medians and ratios, and the command line that prints them."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import psutil
import pytest

from benchmarks import __main__ as command
from benchmarks.benchmark import Benchmark, Exponent, Figure, Ratio, Round, Setting, Variant, load, names
from benchmarks.process import ROOT, MeasurementError, measured, source
from benchmarks.report import Report, Spread, written
from benchmarks.rounds import Plan

pytestmark = pytest.mark.long


def unmeasured(_setting: Setting) -> dict[str, float]:
    raise AssertionError("only its figures are needed")


JOB = Benchmark(
    about="a job done fast and slowly",
    source=lambda _size: nullcontext("127.0.0.1:1"),
    variants=(Variant("fast", unmeasured, 10), Variant("slow", unmeasured, 10)),
    keys={"seconds": Figure("fast", "seconds"), "slow_over_fast": Ratio("slow", "fast", "seconds")},
)


def rounds(*pairs: tuple[float, float]) -> list[Round]:
    return [{"fast": {"seconds": fast}, "slow": {"seconds": slow}} for fast, slow in pairs]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_spread_is_the_median_between_the_extremes() -> None:
    assert Spread.of([5.0, 1.0, 2.0]) == Spread(median=2.0, lowest=1.0, highest=5.0)


def test_ratios_are_formed_within_a_round() -> None:
    # The machine was four times slower in the second round, for both alike.
    report = Report.of(JOB, rounds((1.0, 3.0), (4.0, 12.0), (1.0, 3.0)))
    assert report.keys["slow_over_fast"] == Spread(3.0, 3.0, 3.0)


def test_the_median_of_ratios_is_not_the_ratio_of_medians() -> None:
    report = Report.of(JOB, rounds((1.0, 2.0), (2.0, 10.0), (3.0, 3.0)))
    assert report.keys["slow_over_fast"] == Spread(2.0, 1.0, 5.0)
    assert report.keys["seconds"] == Spread(2.0, 1.0, 3.0)


def test_an_exponent_is_the_power_of_the_size_by_which_a_figure_grows() -> None:
    measured = {"few": {"size": 10.0, "seconds": 2.0}, "many": {"size": 100.0, "seconds": 200.0}}
    assert Exponent("few", "many", "seconds").of(measured) == pytest.approx(2.0)


def test_every_figure_of_a_variant_is_summarised() -> None:
    report = Report.of(JOB, rounds((1.0, 2.0), (2.0, 4.0)))
    assert report.variants["slow"] == {"seconds": Spread(3.0, 2.0, 4.0)}


def test_the_json_has_the_keys_on_top_and_all_keys_sorted() -> None:
    text = written(Report.of(JOB, rounds((1.0, 2.0))).as_object("job", Plan(rounds=1)))
    result = json.loads(text)
    assert result["slow_over_fast"] == 2.0
    assert text == json.dumps(result, sort_keys=True, indent=2)


def test_the_table_names_every_key_and_figure() -> None:
    table = Report.of(JOB, rounds((1.0, 2.0))).as_table()
    assert [line.split("  ")[0] for line in table.splitlines()[1:]] == [
        "seconds",
        "slow_over_fast",
        "fast: seconds",
        "slow: seconds",
    ]


def test_every_round_holds_every_variant_in_an_order_that_the_seed_decides() -> None:
    variants = ["a", "b", "c", "d"]
    orders = list(Plan(rounds=6, seed=3).orders(variants))
    assert [sorted(order) for order in orders] == [variants] * 6
    assert len({tuple(order) for order in orders}) > 1
    assert orders == list(Plan(rounds=6, seed=3).orders(variants))


def test_a_quick_plan_measures_little() -> None:
    assert Plan(quick=True).size(100_000) < Plan().size(100_000) == 100_000
    assert Plan(quick=True).size(1) == 1


def test_a_benchmark_is_found_by_the_name_of_its_module() -> None:
    assert "events" in names()
    assert {"http2", "preframed", "report"}.isdisjoint(names())
    assert load("events").variant("bare").name == "bare"


def test_a_misspelt_benchmark_is_one_line_with_the_right_names() -> None:
    result = run("event")
    assert result.returncode == 1
    assert result.stderr.splitlines() == [f"no benchmark named 'event'; there are: {', '.join(names())}"]


def test_the_list_has_a_line_a_benchmark() -> None:
    assert [line.split()[0] for line in run("--list").stdout.splitlines()] == names()


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that are run, in their order. What is measured is given; The soak fails."""
    asked: list[str] = []

    def measure(name: str, benchmark: Benchmark, plan: Plan) -> list[Round]:
        asked.append(name)
        if name == "soak":
            raise MeasurementError("soak/process was not done after 300 s")
        return rounds((1.0, 2.0))[: plan.rounds]

    monkeypatch.setattr(command, "run", measure)
    monkeypatch.setattr(command, "load", lambda name: JOB if name in names() else load(name))
    return asked


def test_several_names_are_run_in_their_order_a_table_each(
    declared: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["many", "events"]) == 0
    assert declared == ["many", "events"]
    table = Report.of(JOB, rounds((1.0, 2.0))).as_table()
    assert capsys.readouterr().out == f"many\n{table}\n\nevents\n{table}\n"


def test_of_several_names_json_is_one_object_with_one_for_each(
    declared: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["many", "--json", "--rounds", "1"]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert alone["benchmark"] == "many"
    assert command.main(["many", "events", "--json", "--rounds", "1"]) == 0
    both = json.loads(capsys.readouterr().out)
    assert both == {"events": {**alone, "benchmark": "events"}, "many": alone}
    assert declared == ["many", "many", "events"]


def test_without_a_name_all_are_run_and_are_one_page(
    declared: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([]) == 1
    assert declared == names()
    lines = capsys.readouterr().out.splitlines()
    assert "| many | slow_over_fast | 2 | 2 | 2 |" in lines
    assert "| soak | failed | | | |" in lines


def test_the_page_is_written_beside_the_json(declared: list[str], tmp_path: Path) -> None:
    assert command.main(["many", "--json", "--rounds", "1", "--page", str(tmp_path / "page.md")]) == 0
    assert "| many | slow_over_fast | 2 | 2 | 2 |" in (tmp_path / "page.md").read_text()


def test_what_has_changed_since_an_earlier_run_is_told(
    declared: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report = Report.of(JOB, rounds((1.0, 8.0), (1.0, 9.0)))
    earlier = tmp_path / "earlier.json"
    earlier.write_text(written(report.as_object("many", Plan(rounds=2))))
    assert command.main(["many", "--against", str(earlier)]) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "many against the earlier run",
        "seconds: 1 -> 1 (+0 %, within noise)",
        "slow_over_fast: 8.5 -> 2 (-76 %, beyond noise)",
    ]


def test_a_file_that_is_no_earlier_run_is_one_line(
    declared: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "notes.json").write_text("[]")
    assert command.main(["many", "--against", str(tmp_path / "notes.json")]) == 1
    assert declared == []
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_one_that_fails_takes_nothing_from_the_others(
    declared: list[str], capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    assert command.main(["soak", "events", *form]) == 1
    printed = capsys.readouterr()
    assert declared == ["soak", "events"]
    assert printed.err == "soak/process was not done after 300 s\n"
    assert "slow_over_fast" in printed.out
    assert "soak" not in printed.out


def test_a_misspelt_name_is_found_before_anything_is_measured(
    declared: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["events", "man"]) == 1
    assert declared == []
    assert capsys.readouterr().err.startswith("no benchmark named 'man'; there are: alarms, ")


def test_a_variant_that_is_stuck_is_told_in_one_line() -> None:
    with pytest.raises(MeasurementError, match=r"^events/bare was not done after 0\.01 s$"):
        measured("events", "bare", "127.0.0.1:1", 1, timeout=0.01)


def test_a_variant_that_fails_says_why() -> None:
    with pytest.raises(MeasurementError, match=r"events/nobody failed:\n(?s:.*)KeyError: 'nobody'"):
        measured("events", "nobody", "127.0.0.1:1", 1)


def test_a_source_that_does_not_come_up_is_an_error() -> None:
    with (
        pytest.raises(MeasurementError, match="ended with 1 before it listened"),
        source("benchmarks.preframed"),
    ):
        pytest.fail("nothing listens here")


def test_peak_memory_is_that_of_the_child_alone() -> None:
    ballast = bytearray(b"x" * 200_000_000)
    code = "from benchmarks.memory import peak_mb as p; a = p(); b'x' * 100_000_000; print(a, p())"
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    before, after = map(float, child.stdout.split())
    assert len(ballast) > before * 1e6
    assert 95 < after - before < 120


@pytest.mark.skipif(
    not hasattr(psutil.Process, "cpu_affinity"), reason="this system pins no process to a core"
)
def test_a_pinned_child_has_one_core() -> None:
    code = "import psutil, benchmarks.child as c; c.pin_to_one_core(); print(psutil.Process().cpu_affinity())"
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(json.loads(child.stdout)) == 1


def test_the_events_benchmark_prints_its_keys() -> None:
    result = run("events", "--quick", "--rounds", "1", "--json")
    assert result.returncode == 0, result.stderr
    shown = json.loads(result.stdout)
    for key in ("events_per_second", "stored_over_bare", "stored_over_aio"):
        assert shown[key] > 0
    (measurement,) = shown["details"]["rounds"]
    assert set(measurement) == {"bare", "stored", "process", "aio"}
    assert all(figures["peak_mb"] > 0 for figures in measurement.values())
