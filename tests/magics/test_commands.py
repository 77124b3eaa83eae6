"""Every command of %mxgw, as typed into a cell."""

from __future__ import annotations

import pandas as pd
import psutil
import pytest

from mxgw_notebook.errors import NotConnectedError
from mxgw_notebook.gateway import AlarmReview, Watch, current
from mxgw_notebook.magics.commands import COMMANDS
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import waiting
from tests.magics.conftest import Notebook


def test_connecting_says_to_what(
    notebook: Notebook, embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXGATEWAY_API_KEY", KEY)
    cell = notebook.run(f"%mxgw connect {embedded.endpoint} --plaintext")
    told = f"Connected to {embedded.endpoint}: a real plant with {current().object_count():,} objects"
    assert cell.out == f"{told}; read-only until %mxgw arm.\n"
    assert cell.value is None


def test_connecting_to_demo_starts_a_plant(notebook: Notebook) -> None:
    cell = notebook.run("%mxgw connect demo --seed 2")
    assert "a simulated plant with" in cell.out
    assert "armed: writes go out" in cell.out
    assert current().simulated


def test_an_unkind_demo_is_connected_to_read_and_watched_all_the_same(notebook: Notebook) -> None:
    assert "a simulated plant with" in notebook.run("%mxgw connect demo --unkind").out
    assert "Nope.Nope: invalid reference (6)" in notebook.run("%mxgw read Nope.Nope").err
    frame = notebook.run("%mxgw read Pump001.Speed Nope.Nope").value
    assert frame["failure"].tolist() == ["", "invalid reference (6)"]
    facts = notebook.run("%mxgw status").value["value"]
    assert facts["galaxy database"].startswith("not known: ")
    notebook.run("%mxgw disconnect")


def test_connecting_with_tls_takes_the_ca_file(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MXGATEWAY_API_KEY", KEY)
    with EmbeddedGateway.start(api_key=KEY, tls=True) as gateway:
        options = f"--ca-file {gateway.ca_file} --server-name-override localhost"
        assert "Connected" in notebook.run(f"%mxgw connect {gateway.endpoint} {options}").out
        notebook.run("%mxgw disconnect")


def test_status_is_a_table_of_facts(connected: Notebook) -> None:
    frame = connected.run("%mxgw status").value
    assert frame.loc["gateway", "value"] == current().endpoint


def test_a_buffered_watch_is_asked_for_by_its_interval(connected: Notebook, eventually: Eventually) -> None:
    watch = connected.run("%mxgw watch Pump001.Speed --buffered 200ms").value
    assert isinstance(watch, Watch)
    assert "buffered 200 ms" in repr(watch)
    eventually(lambda: len(watch.frame()) > 2)
    watch.stop()


def test_an_earlier_period_is_laid_on_by_the_line_and_taken_away(connected: Notebook) -> None:
    cell = connected.run("%mxgw watch Pump001.Speed --overlay 1d")
    assert "Traceback" not in cell.out
    watch = cell.value
    assert watch.views.lines.shift_ns == 86_400 * 10**9
    assert connected.run("%mxgw watch Pump001.Speed").value.views.lines.shift_ns == 86_400 * 10**9
    assert connected.run("%mxgw watch Pump001.Speed --overlay none").value is watch
    assert watch.views.lines.shift_ns == 0
    connected.run("%mxgw watch Pump001.Speed --overlay -1d")
    assert watch.views.lines.shift_ns == 86_400 * 10**9
    assert "is not a length of time" in connected.run("%mxgw watch Pump001.Speed --overlay soon").err
    watch.stop()


def test_one_tag_over_another_is_the_same_view_each_time(connected: Notebook, eventually: Eventually) -> None:
    cell = connected.run("%mxgw xy Pump001.Speed Tank001.Level --window 5min")
    assert cell.err == ""
    over = cell.value
    assert over is not None, cell.out
    eventually(lambda: len(over.frame()) > 1)
    assert connected.run("%mxgw xy Pump001.Speed Tank001.Level --window 5min").value is over
    assert connected.run("%mxgw xy Pump001.Speed, Tank001.Level --window 5min").value is over
    assert "of two tags, not 1" in connected.run("%mxgw xy Pump001.Speed").err
    assert "The values of FIC101.Mode are texts" in connected.run("%mxgw xy Pump001.Speed FIC101.Mode").err
    assert "Nope.Nope" in connected.run("%mxgw xy Pump001.Speed Nope.Nope").err


def test_objects_are_filtered(connected: Notebook) -> None:
    frame = connected.run("%mxgw objects *pump* --template $Pump --category ApplicationObject").value
    assert frame["template_chain"].str.contains("$Pump", regex=False).all()
    area = frame["area"].iloc[0]
    narrowed = connected.run(f'%mxgw objects --area "{area}"').value
    assert set(narrowed["area"]) == {area}


def test_attributes_are_filtered(connected: Notebook) -> None:
    frame = connected.run("%mxgw attributes Tank001.* --historized --type Double").value
    assert len(frame) > 0
    assert frame["is_historized"].all()
    alarms = connected.run("%mxgw attributes --alarm --security ViewOnly --area * --template Tank").value
    assert alarms["is_alarm"].all()


def test_find_takes_globs_and_words(connected: Notebook) -> None:
    assert "Pump001.Speed" in connected.run("%mxgw find *Pump*.Speed").value["tag"].tolist()
    assert "Pump001.Speed" in connected.run("%mxgw find pump001 speed").value["tag"].tolist()


def test_a_result_can_be_assigned(connected: Notebook) -> None:
    connected.run("df = %mxgw read Pump001.Speed Tank001.Level")
    assert isinstance(connected["df"], pd.DataFrame)
    assert connected["df"]["tag"].tolist() == ["Pump001.Speed", "Tank001.Level"]


def test_a_tag_can_come_from_a_variable(connected: Notebook) -> None:
    connected.run("tag = 'Tank001.Level'")
    assert connected.run("%mxgw read $tag").value["tag"].tolist() == ["Tank001.Level"]
    assert connected.run("%mxgw read {tag}").value["tag"].tolist() == ["Tank001.Level"]


def test_a_cell_lists_tags_with_comments(connected: Notebook) -> None:
    cell = connected.run("%%mxgw read --timeout 2\n# the feed\nPump001.Speed   # rpm\n\n  Tank001.Level\n")
    assert cell.value["tag"].tolist() == ["Pump001.Speed", "Tank001.Level"]
    assert connected.run("%%mxgw\nTank001.Level").value["tag"].tolist() == ["Tank001.Level"]


def test_a_write_gives_its_outcome(connected: Notebook) -> None:
    frame = connected.run("%mxgw write FIC101.SP 44.5").value
    assert frame["outcome"].tolist() == ["completed"]
    assert connected.run("%mxgw read FIC101.SP").value["value"].tolist() == [44.5]


def test_a_negative_number_is_a_value_and_no_option(connected: Notebook) -> None:
    assert connected.run("%mxgw write FIC101.SP -0.5").value["written"].tolist() == [-0.5]
    connected.run("%mxgw write FIC101.SP 40")


@pytest.mark.parametrize(("typed", "number"), [("-1e-3", -0.001), ("-.5e1", -5.0), ("-1E+1", -10.0)])
def test_a_negative_number_in_any_form_is_a_value(connected: Notebook, typed: str, number: float) -> None:
    assert connected.run(f"%mxgw write FIC101.SP {typed} --timeout 5").value["written"].tolist() == [number]
    assert connected.run(f"%mxgw write --timeout 5 FIC101.SP {typed}").value["written"].tolist() == [number]
    connected.run("%mxgw write FIC101.SP 40")


@pytest.mark.parametrize("typed", ["-hello", "--hello", "---", "-x=1", "-- --timeout", "'- see note'"])
def test_a_text_may_begin_with_a_dash(connected: Notebook, typed: str) -> None:
    frame = connected.run(f"%mxgw write Pump001.Manufacturer {typed}").value
    assert frame["written"].tolist() == [typed.removeprefix("-- ").strip("'")]


@pytest.mark.parametrize("line", ["5 --timout 3", "--timout 3", "--allow-nonfinit"])
def test_a_slip_in_an_option_is_no_value(connected: Notebook, line: str) -> None:
    told = connected.run(f"%mxgw write FIC101.SP {line}").err
    # The last is an option, shortened, and takes no value.
    assert ("Usage: %mxgw write" if "nonfinit" in line else "Did you mean --timeout?") in told


@pytest.mark.parametrize("value", ["0.4", "-1", "nan", "[true]"])
def test_what_is_no_truth_value_starts_no_pump(connected: Notebook, value: str) -> None:
    assert "cannot be written as Boolean" in connected.run(f"%mxgw write Pump001.StartCmd {value}").err


def test_infinity_is_written_where_the_refusals_own_option_is_given(connected: Notebook) -> None:
    assert "--allow-nonfinite" in connected.run("%mxgw write FIC101.SP inf").err
    frame = connected.run("%mxgw write FIC101.SP inf --allow-nonfinite").value
    assert frame["outcome"].tolist() == ["completed"]
    assert "--allow-empty" in connected.run("%mxgw write Recipe_101.Charges[] []").err
    before = connected.run("%mxgw read Recipe_101.Charges[]").value["value"].iloc[0].tolist()
    frame = connected.run("%mxgw write Recipe_101.Charges[] [] --allow-empty").value
    assert frame["outcome"].tolist() == ["completed"]
    connected.run(f"%mxgw write Recipe_101.Charges[] '{before}'")
    connected.run("%mxgw write FIC101.SP 40")


def test_a_watch_comes_back_at_once_and_names_what_failed(
    connected: Notebook, eventually: Eventually
) -> None:
    cell = connected.run("levels = %mxgw watch Tank001.Level Nope.Nope")
    assert cell.out.startswith("Not watched yet: Nope.Nope: invalid reference")
    levels = connected["levels"]
    assert isinstance(levels, Watch)
    eventually(lambda: len(levels.frame()))
    levels.stop()


def test_a_cell_of_tags_is_watched(connected: Notebook) -> None:
    cell = connected.run("%%mxgw watch\nTank001.Level  # m\nTank002.Level\n")
    assert isinstance(cell.value, Watch)
    assert cell.value.tags == ["Tank001.Level", "Tank002.Level"]
    cell.value.stop()


def test_alarms_are_reviewed_and_acknowledged(notebook: Notebook, eventually: Eventually) -> None:
    with (
        EmbeddedGateway.start(seed=1, api_key=KEY, speed=120.0) as fast,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("MXGATEWAY_API_KEY", KEY)
        notebook.run(f"%mxgw connect {fast.endpoint} --plaintext")
        notebook.run("%mxgw arm --reason tests")
        notebook.run("alarms = %mxgw alarms --operator tester")
        review = notebook["alarms"]
        assert isinstance(review, AlarmReview)
        eventually(lambda: waiting(review))
        reference = waiting(review)[0]
        cell = notebook.run(
            f'%mxgw acknowledge "{reference}" --comment "seen, valve stuck" --operator tester'
        )
        assert cell.value["result"].tolist() == ["acknowledged"]
        eventually(lambda: "seen, valve stuck" in review.history()["comment"].tolist())
        notebook.run("%mxgw disconnect")


def test_backslashes_in_a_reference_survive(connected: Notebook) -> None:
    cell = connected.run(r"%mxgw acknowledge \\Galaxy\Area001.Pump001.PumpFault")
    assert repr(r"\\Galaxy\Area001.Pump001.PumpFault") in cell.err
    assert connected.run(r"none = %mxgw alarms \\Galaxy\Area001").err == ""
    assert len(connected["none"].frame()) == 0
    connected["none"].stop()


def test_disconnecting_ends_it(connected: Notebook) -> None:
    connected.run("%mxgw disconnect")
    with pytest.raises(NotConnectedError):
        current()
    assert connected.run("%mxgw disconnect").out == "Nothing was closed.\n"


def test_disconnecting_says_what_it_closed(connected: Notebook) -> None:
    plant = current().plant
    told = connected.run("%mxgw disconnect").out
    assert told == f"Disconnected from {plant}: every watch, stream and session has ended.\n"


def test_loading_the_extension_again_says_that_the_connection_is_gone(connected: Notebook) -> None:
    plant = current().plant
    assert connected.run("%reload_ext mxgw_notebook").out.startswith(f"Disconnected from {plant}. ")
    assert "Connect first" in connected.run("%mxgw status").err


def test_a_demo_lives_through_a_scenario_and_one_that_died_says_how_to_start_another(
    notebook: Notebook,
) -> None:
    assert "There are startup, " in notebook.run("%mxgw connect demo --scenario shfit").err
    told = notebook.run("%mxgw connect demo --scenario shift --speed 120").out
    assert told.startswith("Connected to")
    (plant,) = embedded_plants()
    assert "shift" in " ".join(plant.cmdline())
    plant.kill()
    plant.wait(10)
    died = notebook.run("%mxgw read Tank001.Level").err
    assert "The simulated plant at" in died
    assert "Start another: %mxgw connect demo." in died
    assert notebook.run("%mxgw connect demo").out.startswith("Connected to")


def embedded_plants() -> list[psutil.Process]:
    """The simulated plants with a scenario that this process has started."""
    below = psutil.Process().children(recursive=True)
    return [child for child in below if "--scenario" in " ".join(child.cmdline())]


# ------------------------------------------------------------------ help


def test_help_lists_every_command(notebook: Notebook) -> None:
    for line in ("%mxgw help", "%mxgw"):
        listed = notebook.run(line).out
        assert all(f"  {name:<12} {command.summary}" in listed for name, command in COMMANDS.items())


def test_the_commands_are_those_of_the_documentation() -> None:
    documented = """connect disconnect status browse objects attributes find instances read write watch when
            alarms arm disarm audit
        acknowledge deploys snapshot diff impact dossier note notes
        help history record flight sql values doctor connections xy"""
    assert set(COMMANDS) == set(documented.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_one_command_shows_its_usage_and_an_example(notebook: Notebook, name: str) -> None:
    shown = notebook.run(f"%mxgw help {name}").out
    assert shown.startswith(f"usage: %mxgw {name}")
    assert f"example:\n  {COMMANDS[name].example}" in shown
    assert notebook.run(f"%mxgw {name} --help").out == shown


def test_unloading_takes_the_magics_back_and_closes_the_gateway(connected: Notebook) -> None:
    connected.run("%unload_ext mxgw_notebook")
    assert "not found" in connected.run("%mxgw status").err
    with pytest.raises(NotConnectedError):
        current()
    connected.run("%load_ext mxgw_notebook")
    assert "Connect first" in connected.run("%mxgw status").err


def test_sql_is_asked_in_a_cell_of_what_was_seen(connected: Notebook) -> None:
    connected.run("levels = %mxgw watch Tank001.Level Tank002.Level")
    found = connected.run("%%mxgw sql --from -1h\nselect distinct tag from samples order by tag").value
    assert found["tag"].tolist() == ["Tank001.Level", "Tank002.Level"]
    assert "The query belongs in the cell" in connected.run("%mxgw sql").err
