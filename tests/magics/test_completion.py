"""Tab behind %mxgw and in the body of %%mxgw."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter

from mxgw_notebook.gateway import current
from mxgw_notebook.gateway.galaxy.completing import ASK_SECONDS
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import Eventually
from tests.magics.conftest import Notebook

MOST_SECONDS = 0.05
MOST_WAITED = 1.0


def tab(notebook: Notebook, text: str) -> list[str]:
    """What Tab offers at the end of a text, each as the text would read with it."""
    with provisionalcompleter():
        found = list(notebook.shell.Completer.completions(text, len(text)))
    return [text[: one.start] + one.text for one in found]


@pytest.fixture
def known(connected: Notebook, eventually: Eventually) -> Notebook:
    """The shell, connected, its galaxy loaded."""
    eventually(lambda: "%mxgw read Pump001." in tab(connected, "%mxgw read Pump001"))
    # Tags come from the gateway before the galaxy is here; templates do not.
    eventually(lambda: "%mxgw find --template $Pump" in tab(connected, "%mxgw find --template $Pum"))
    return connected


def test_commands_complete_without_a_gateway(notebook: Notebook) -> None:
    assert tab(notebook, "%mxgw wat") == ["%mxgw watch"]
    assert tab(notebook, "values = %mxgw rea") == ["values = %mxgw read"]
    kinds = {"history", "read", "record", "sql", "watch", "when", "write"}
    assert set(tab(notebook, "%%mxgw ")) == {f"%%mxgw {kind}" for kind in kinds}
    assert tab(notebook, "%mxgw help acknow") == ["%mxgw help acknowledge"]


def test_options_complete_and_the_given_one_is_not_offered_again(notebook: Notebook) -> None:
    assert tab(notebook, "%mxgw find x --hist") == ["%mxgw find x --historized"]
    assert "%mxgw find --alarm --alarm" not in tab(notebook, "%mxgw find --alarm --")


def test_a_tag_completes_in_two_steps_never_by_case(known: Notebook) -> None:
    assert tab(known, "%mxgw read pump001") == ["%mxgw read Pump001."]
    assert "%mxgw read Pump001.Speed" in tab(known, "%mxgw read pump001.sp")
    assert "%mxgw watch Tank001.Level Pump001.Speed" in tab(known, "%mxgw watch Tank001.Level Pump001.Sp")


def test_a_tag_completes_by_its_attribute_alone(known: Notebook) -> None:
    assert "%mxgw read Pump001.Speed" in tab(known, "%mxgw read speed")


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("%mxgw read Tank001.Level,pump001.sp", "%mxgw read Tank001.Level,Pump001.Speed"),
        ("%mxgw read Tank001.Level, Pump001.Sp", "%mxgw read Tank001.Level, Pump001.Speed"),
        ('%mxgw read "Pump001.Sp', '%mxgw read "Pump001.Speed'),
        ("%mxgw read 'pump001.sp", "%mxgw read 'Pump001.Speed"),
        ("%mxgw find --template=$Pum", "%mxgw find --template=$Pump"),
        ('%mxgw find --template "$Pum', '%mxgw find --template "$Pump'),
        (
            "%mxgw note stuck --tags Tank001.Level Pump001.Sp",
            "%mxgw note stuck --tags Tank001.Level Pump001.Speed",
        ),
        ("%mxgw dossier --tags Pump001.Sp", "%mxgw dossier --tags Pump001.Speed"),
        ("%mxgw xy Tank001.Level Pump001.Sp", "%mxgw xy Tank001.Level Pump001.Speed"),
        ("%mxgw values save a.parquet Pump001.Sp", "%mxgw values save a.parquet Pump001.Speed"),
        ("%%mxgw read\nTank001.Level, Pump001.Sp", "%%mxgw read\nTank001.Level, Pump001.Speed"),
        ("%%mxgw write\nPump001.SpeedS", "%%mxgw write\nPump001.SpeedSP"),
    ],
)
def test_a_name_completes_behind_commas_quotes_and_signs(known: Notebook, typed: str, completed: str) -> None:
    assert completed in tab(known, typed)


def test_no_tag_is_offered_for_a_value(known: Notebook) -> None:
    assert "Tank" not in "".join(tab(known, "%%mxgw write\nFIC101.SP = Tank001")[:1]).removesuffix("Tank001")


def test_the_body_of_a_cell_completes_tags(known: Notebook) -> None:
    assert "%%mxgw read\nTank001.Level\nPump001.Speed" in tab(
        known, "%%mxgw read\nTank001.Level\nPump001.Spe"
    )
    assert "%%mxgw\nPump001." in tab(known, "%%mxgw\npump001")


def test_the_body_of_a_query_completes_tables_and_columns(known: Notebook) -> None:
    assert tab(known, "%%mxgw sql\nselect tag, qual") == [
        "%%mxgw sql\nselect tag, quality", "%%mxgw sql\nselect tag, quality_code",
    ]  # fmt: skip
    assert tab(known, "%%mxgw sql\nselect tag from samp") == ["%%mxgw sql\nselect tag from samples"]


def test_values_of_options_complete(known: Notebook) -> None:
    assert tab(known, "%mxgw find x --template $Pum") == ["%mxgw find x --template $Pump"]
    assert tab(known, "%mxgw find --type Doub") == ["%mxgw find --type Double"]
    assert tab(known, "%mxgw find --security Op") == ["%mxgw find --security Operate"]
    assert tab(known, "%mxgw objects --area Utili") == ["%mxgw objects --area Utilities"]
    assert "%mxgw instances $Tank Level" in tab(known, "%mxgw instances $Tank Lev")


def test_other_cells_complete_as_ever(known: Notebook) -> None:
    assert "import operator" in tab(known, "import oper")


@pytest.mark.parametrize(
    "text", ["%mxgw read nothing_like_this", "%mxgw read x", "%mxgw find --template $", "%mxgw "]
)
def test_a_key_press_takes_50_ms_and_waits_for_nothing(known: Notebook, text: str) -> None:
    tab(known, text)
    took, worked = [], []
    for _ in range(3):
        # Of the processor: on a busy machine the clock tells what others take.
        start, busy = time.perf_counter(), time.process_time()
        tab(known, text)
        took.append(time.perf_counter() - start)
        worked.append(time.process_time() - busy)
    assert min(worked) < MOST_SECONDS
    assert min(took) < MOST_WAITED


def test_what_can_be_connected_to_completes(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "before.parquet").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "first.parquet").touch()
    monkeypatch.chdir(tmp_path)
    assert tab(notebook, "%mxgw connect ") == [
        f"%mxgw connect {name}" for name in ("demo", "before.parquet", "old/")
    ]
    assert tab(notebook, "%mxgw connect de") == ["%mxgw connect demo"]
    assert tab(notebook, "%mxgw connect old/") == ["%mxgw connect old/first.parquet"]


def test_files_complete_where_a_file_is_meant(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "before.parquet").touch()
    monkeypatch.chdir(tmp_path)
    for command in ("diff", "diff before.parquet", "impact", "snapshot", "values compare"):
        assert tab(notebook, f"%mxgw {command} ") == [f"%mxgw {command} before.parquet"]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("%mxgw values ", {"save", "compare", "restore"}),
        ("%mxgw flight ", {"on", "off"}),
        ("%mxgw connect demo --scenario sh", {"shift"}),
        ("%mxgw connect demo --scenario=sh", {"shift"}),
    ],
)
def test_the_words_that_alone_fit_complete(notebook: Notebook, typed: str, completed: set[str]) -> None:
    before = typed[: max(typed.rfind(" "), typed.rfind("=")) + 1]
    assert set(tab(notebook, typed)) == {before + word for word in completed}


@pytest.mark.parametrize("typed", ["%mxgw disconnect ", "%mxgw status ", "%mxgw read --on ", "%mxgw read x "])
def test_where_nothing_fits_python_is_not_offered(notebook: Notebook, typed: str) -> None:
    assert set(tab(notebook, typed)) <= {typed}


def test_the_plants_that_are_connected_complete(known: Notebook) -> None:
    # They have names only where mxgw.toml gives them: tests/magics/test_plants.py has those.
    assert set(tab(known, "%mxgw disconnect ")) <= {"%mxgw disconnect "}


def test_saved_watch_lists_complete_where_one_may_stand_alone(
    known: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    current().watch("Tank001.Level").save(tmp_path / "feed.toml")
    (tmp_path / "mxgw.toml").write_text('[plants.a]\nendpoint = "localhost:1"\n', "utf-8")
    (tmp_path / "torn.toml").write_bytes(b"tags = [\xff")
    monkeypatch.chdir(tmp_path)
    assert tab(known, "%mxgw watch @") == ["%mxgw watch @feed"]
    assert tab(known, "%mxgw read @fe") == ["%mxgw read @feed"]
    assert "%mxgw watch @feed" in tab(known, "%mxgw watch ")
    assert "%mxgw watch Tank001.Level @feed" not in tab(known, "%mxgw watch Tank001.Level @f")


def test_what_alarms_and_cells_take_completes(notebook: Notebook) -> None:
    assert tab(notebook, "%mxgw alarms rep") == ["%mxgw alarms report"]
    assert {"%%mxgw when", "%%mxgw read", "%%mxgw watch"} <= set(tab(notebook, "%%mxgw "))


def test_active_alarms_complete_by_any_part(known: Notebook, eventually: Eventually) -> None:
    alarm = "Galaxy!Production1.Tank005.Level.Hi"  # or HiHi: as high as it stands just now

    def offers(text: str, begin: str) -> bool:
        return any(entry.startswith(begin + alarm) for entry in tab(known, text))

    # Tab does not wait long for the gateway: on a busy machine it offers them the next time.
    eventually(lambda: offers("%mxgw acknowledge Tank005", "%mxgw acknowledge "))
    known.run("import mxgw_notebook as mx\ngateway = mx.current()")
    eventually(lambda: offers("gateway.acknowledge('Galaxy!Production1.Tank005.", "gateway.acknowledge('"))


def test_alarms_of_a_gateway_that_is_slow_are_there_the_next_time(
    notebook: Notebook,
    own_embedded: EmbeddedGateway,
    monkeypatch: pytest.MonkeyPatch,
    eventually: Eventually,
) -> None:
    monkeypatch.setenv("PLANT_KEY", own_embedded.api_key)
    notebook.run(f"%mxgw connect {own_embedded.endpoint} --plaintext --key-env PLANT_KEY")
    own_embedded.fault("slow-stream", rpc="QueryActiveAlarms", seconds=2 * ASK_SECONDS)
    begun = time.monotonic()
    assert not any("Galaxy!" in entry for entry in tab(notebook, "%mxgw acknowledge Galaxy"))
    assert time.monotonic() - begun < 5.0  # a key press waits a little, not for the answer
    eventually(lambda: any("Galaxy!" in entry for entry in tab(notebook, "%mxgw acknowledge Galaxy")))


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ('gateway.read("Pump001.Spee', 'gateway.read("Pump001.Speed'),
        ("gateway.read('Tank001.Level', 'Pump001.Spee", "gateway.read('Tank001.Level', 'Pump001.Speed"),
        ('x = 1\ny = gateway.watch([\n "Pump001.Spee', 'x = 1\ny = gateway.watch([\n "Pump001.Speed'),
        ('watch(["Pump001.Spee', 'watch(["Pump001.Speed'),
        ('gateway.write({"Pump001.SpeedS', 'gateway.write({"Pump001.SpeedSP'),
        ('gateway.when("FIC101.PV > 8 and Pump001.Spee', 'gateway.when("FIC101.PV > 8 and Pump001.Speed'),
        ('gateway.objects(template="$Pum', 'gateway.objects(template="$Pump'),
        ('mx.current().read("Pump001.Spee', 'mx.current().read("Pump001.Speed'),
        ('gateway.history("Pump001.Spee', 'gateway.history("Pump001.Speed'),
        ('gateway.plan({"Pump001.SpeedS', 'gateway.plan({"Pump001.SpeedSP'),
        ('gateway.note("x", tags=["Pump001.Spee', 'gateway.note("x", tags=["Pump001.Speed'),
        ('gateway.dossier("-1h", tags="Pump001.Spee', 'gateway.dossier("-1h", tags="Pump001.Speed'),
        ('gateway.attributes(template="$Pum', 'gateway.attributes(template="$Pump'),
        ('gateway.alarms(area="Utili', 'gateway.alarms(area="Utilities'),
        ('gateway.find("x", data_type="Doub', 'gateway.find("x", data_type="Double'),
        ('mx.connect("dem', 'mx.connect("demo'),
        ('mx.connect("demo", scenario="shi', 'mx.connect("demo", scenario="shift'),
    ],
)  # fmt: skip
def test_texts_that_our_methods_take_complete(known: Notebook, typed: str, completed: str) -> None:
    known.run("import mxgw_notebook as mx\ngateway = mx.current()\nwatch = gateway.watch")
    assert completed in tab(known, typed)


@pytest.mark.parametrize("typed", ['open("Pump001.Spee', '"Pump001.Spee', 'gateway.read(x) + "Pump001.Spee'])
def test_other_texts_are_left_to_ipython(known: Notebook, typed: str) -> None:
    known.run("import mxgw_notebook as mx\ngateway = mx.current()")
    assert not any("Speed" in line for line in tab(known, typed))


def test_tags_complete_before_the_galaxy_is_loaded(connected: Notebook) -> None:
    gateway = current()
    # One that nobody has asked for a name yet, and whose galaxy is not there: only the gateway can answer.
    source = gateway._model.source
    assert "Pump001." in gateway.runner.run(source.beginning("pump00", 200))
    assert gateway.runner.run(source.beginning("pump001.speeds", 200))[0] == "Pump001.SpeedSP"
    assert gateway.runner.run(source.beginning("*", 200)) == []
    assert len(gateway.runner.run(source.beginning("p", 3))) == 3
