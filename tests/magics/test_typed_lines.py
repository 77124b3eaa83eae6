"""Lines as a person types them: comments behind them, names with odd characters, patterns, variables."""

from __future__ import annotations

import pytest

from tests.magics.conftest import Notebook

TANKS = {f"Tank{number:03}.Level" for number in range(1, 17)}


@pytest.fixture
def typing(connected: Notebook) -> Notebook:
    """The shell, connected, with variables that are spelt as names of the plant."""
    connected.run("Tank, Level, pattern = 'Pump', 'Speed', '*Pump*.Speed'")
    connected.run("tags = ['Tank001.Level', 'Pump001.Speed']")
    connected.run("import pandas as pd; series = pd.Series(tags)")
    return connected


# ------------------------------------------------------------------ comments


@pytest.mark.parametrize(
    "line",
    [
        "%mxgw objects Pump001   # it's a plant; \"why?",
        "found = %mxgw objects Pump001 # ... and it can be kept?",
        "%mxgw read Pump001.Speed\t# rpm",
        "%mxgw status # how it stands",
        "%mxgw # all commands",
        "%%mxgw read # the feed\nPump001.Speed # {rpm} $rpm\n  # nothing else",
        "%mxgw write FIC101.SP 40 # the setpoint",
        "%mxgw help read # more?",
    ],
)
def test_a_blank_and_a_hash_begin_a_comment(typing: Notebook, line: str) -> None:
    assert typing.run(line).err == ""


def test_a_hash_within_a_name_is_a_part_of_it(typing: Notebook) -> None:
    assert "Tank#1.Level: invalid reference" in typing.run("%mxgw read Tank#1.Level").err
    frame = typing.run("%%mxgw read\nTank#1.Level\nTank001.Level  # %").value
    assert frame["tag"].tolist() == ["Tank#1.Level", "Tank001.Level"]


# ------------------------------------------------------------------ patterns and templates


@pytest.mark.parametrize(
    "line",
    [
        r"%mxgw find /^Tank\d{3}\.Level$/",
        r"found = %mxgw find /^Tank\d{3}\.Level$/",
        "%mxgw find Tank0??.Level --template $Tank",
    ],
)
def test_a_pattern_means_what_it_says(typing: Notebook, line: str) -> None:
    cell = typing.run(line)
    found = typing["found"] if cell.value is None else cell.value
    assert set(found["tag"]) == TANKS


@pytest.mark.parametrize("line", ["%mxgw objects --template $Tank", "%mxgw instances $Tank Level"])
def test_a_template_is_no_variable(typing: Notebook, line: str) -> None:
    frame = typing.run(line).value
    names = frame.get("tag_name", frame.index)
    assert names.str.startswith("Tank").all()


def test_a_pattern_may_end_in_a_question_mark(typing: Notebook) -> None:
    typing.run("found = 'as it was'")
    assert typing.run("found = %mxgw objects Tank00?").err == ""
    assert typing["found"]["tag_name"].tolist() == [f"Tank00{number}" for number in range(1, 10)]
    for line in (
        "%mxgw objects Tank00?",
        "%mxgw objects \\\n Tank00?",
        "if 1:\n    kept = %mxgw objects Tank00?",
    ):
        assert typing.run(line).out.count("Docstring") == 0
    assert len(typing["kept"]) == 9


def test_a_question_about_a_command_is_answered(typing: Notebook) -> None:
    assert typing.run("%mxgw objects?").out.startswith("usage: %mxgw objects")
    assert "? alone may be a question" in typing.run("%mxgw objects ?").err


def test_a_line_within_a_text_stays_a_text(typing: Notebook) -> None:
    typing.run("text = '''\n%mxgw objects Tank00?\n'''")
    assert typing["text"] == "\n%mxgw objects Tank00?\n"


def test_what_finds_nothing_is_said_for_the_word_that_it_is(typing: Notebook) -> None:
    told = typing.run("%mxgw objects --template $Tank $gVessel").out
    assert "$gVessel is a template: --template $gVessel" in told
    assert "not your variable" not in told  # $Tank is a template of this galaxy, and was found
    assert "gateway.objects(Tank) takes it" in typing.run("%mxgw objects $Tank").out


@pytest.mark.parametrize("pattern", ["Tank00[1-3].Level", "Tank00[12].Level", "Tank00[!1].Level"])
def test_sets_are_said_to_be_none_in_a_glob(typing: Notebook, pattern: str) -> None:
    assert "A /regular expression/ has sets" in typing.run(f"%mxgw find {pattern}").out
    regex = f"/^{pattern.replace('!', '^').replace('.', '[.]')}$/"
    assert set(typing.run(f"%mxgw find {regex}").value["tag"]) < TANKS
    assert "sets" not in typing.run("%mxgw find Tank001.Nothing[2]").out  # an element of an array


def test_what_was_meant_as_a_variable_in_a_pattern_is_said(typing: Notebook) -> None:
    assert "gateway.find(pattern) takes it" in typing.run("none = %mxgw find $pattern").out
    assert "has no special meaning in a pattern" in typing.run("%mxgw find {pattern}").err


# ------------------------------------------------------------------ tags and values


@pytest.mark.parametrize("typed", ["{tags}", "$tags", "{series}", "{series.tolist()}", "{tags[0]}, $tags[1]"])
def test_tags_come_from_lists_and_series(typing: Notebook, typed: str) -> None:
    if "[1]" in typed:
        typed = "{tags[0]}, {tags[1]}"
    frame = typing.run(f"%mxgw read {typed}").value
    assert frame["tag"].tolist() == ["Tank001.Level", "Pump001.Speed"]


def test_a_cell_of_tags_takes_variables_and_commas(typing: Notebook) -> None:
    typing.run("number = 2")
    frame = typing.run("%%mxgw read\n$tags\nTank00{number}.Level, Tank003.Level;").value
    assert frame["tag"].tolist() == [*typing["tags"], "Tank002.Level", "Tank003.Level"]


def test_a_variable_is_an_owner_too_and_of_a_function(typing: Notebook) -> None:
    typing.run("def level(tank):\n    found = %mxgw read $tank.Level {tank}.Temperature\n    return found")
    assert typing.run("level('Tank002')").value["tag"].tolist() == ["Tank002.Level", "Tank002.Temperature"]


def test_a_value_is_the_variables_own(typing: Notebook) -> None:
    typing.run("values = [0.1 + 0.2, -5.0]; text = '$5 a {piece}'")
    assert typing.run("%mxgw write FIC101.SP {values[0]}").value["written"].tolist() == [0.1 + 0.2]
    assert typing.run("%mxgw write FIC101.SP {values[0] * 10 + 1}").value["written"].tolist() == [4.0]
    assert typing.run("%mxgw write Pump001.Manufacturer $text").value["written"].tolist() == ["$5 a {piece}"]
    assert typing.run("%mxgw write Pump001.Manufacturer '$text'").value["written"].tolist() == ["$text"]
    assert typing.run("%mxgw write Pump001.Manufacturer {{Tank}}").value["written"].tolist() == ["{Tank}"]
    frame = typing.run("%mxgw write Pump001.Manufacturer '{\"a\": 1}'").value
    assert frame["written"].tolist() == ['{"a": 1}']
    typing.run("%mxgw write FIC101.SP 40")


@pytest.mark.parametrize("typed", ["Tank{n:03}.Level", "Tank{n:03d}.Level", "Tank00{n!s}.Level"])
def test_a_number_is_formatted_as_in_an_f_string(typing: Notebook, typed: str) -> None:
    frame = typing.run(f"n = 2\nfound = %mxgw read {typed}\nfound").value
    assert frame["tag"].tolist() == ["Tank002.Level"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("X{n:zz}.Level", "{n:zz} has no value: ValueError"),
        ("X{missing:03}.Level", "There is no variable missing. For the text itself write {{missing:03}}"),
    ],
)
def test_a_format_that_does_not_fit_is_said(typing: Notebook, typed: str, told: str) -> None:
    typing.run("n = 2")
    assert told in typing.run(f"%mxgw read {typed}").err


@pytest.mark.parametrize("typed", ['{"a": 1}', "'{\"a\":1}'", "'{a: 1}'"])
def test_what_is_neither_value_nor_format_is_a_text(typing: Notebook, typed: str) -> None:
    frame = typing.run(f"%mxgw write Pump001.Manufacturer {typed}").value
    assert frame["written"].tolist() == [typed.strip("'")]


@pytest.mark.parametrize("typed", ["{setpiont}", "$setpiont", "'{setpiont}'"])
def test_a_variable_that_is_not_there_is_not_written(typing: Notebook, typed: str) -> None:
    assert "There is no variable setpiont" in typing.run(f"%mxgw write Pump001.Manufacturer {typed}").err


def test_a_list_within_a_name_is_asked_about(typing: Notebook) -> None:
    assert "Give it as a separate word" in typing.run("%mxgw read X{tags}.Level").err


def test_a_condition_keeps_its_quotes_and_takes_variables(typing: Notebook) -> None:
    typing.run("high = 1e9")
    typing.run('events = %mxgw when FIC101.Mode == "no such. mode" and Tank001.Level > $high for 5s')
    assert (
        typing["events"].condition == 'FIC101.Mode == "no such. mode" and Tank001.Level > 1000000000.0 for 5s'
    )
    typing.run("events.stop()")


def test_commas_part_tags(typing: Notebook) -> None:
    frame = typing.run("%mxgw read Tank001.Level, Pump001.Speed,FIC101.SP").value
    assert frame["tag"].tolist() == ["Tank001.Level", "Pump001.Speed", "FIC101.SP"]


@pytest.mark.parametrize(
    "typed",
    [
        "{tag for tag in tags}",
        "{(tag for tag in tags)}",
        "{pd.Index(tags)}",
        "{map(str, tags)}",
        "{dict.fromkeys(tags)}",
        "{pd.Categorical(tags)}",
        "{tags[0:2]}",
        "[Tank001.Level, Pump001.Speed]",
        '["Tank001.Level", "Pump001.Speed"]',
        "Tank001.Level;Pump001.Speed,",
        "{pd.DataFrame({'tag': tags})}",
        "{pd.DataFrame({'quality': 0}, index=pd.Index(tags, name='tag'))}",
        "{pd.DataFrame(0.0, index=[0], columns=[*tags])}",
    ],
)
def test_tags_come_from_whatever_lists_them(typing: Notebook, typed: str) -> None:
    frame = typing.run(f"%mxgw read {typed}").value
    assert frame["tag"].tolist() == ["Tank001.Level", "Pump001.Speed"]


def test_a_bracket_of_an_element_stays_with_its_tag(typing: Notebook) -> None:
    assert "Tank001.Level[1]: invalid reference" in typing.run("%mxgw read Tank001.Level[1]").err


def test_a_table_without_tags_is_not_read_by_the_names_of_its_columns(typing: Notebook) -> None:
    typing.run("table = pd.DataFrame({'name': tags})")
    told = typing.run("%mxgw read {table}").err
    assert "The table has no column tag" in told
    assert "table['name']" in told
    assert len(typing.run("%mxgw read {table['name']}").value) == 2


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("%mxgw arm --reason -test- --for 5m", "-test-"),
        ("%mxgw arm --reason=-test-", "-test-"),
        ("%mxgw note -stuck- --at -1min", "Noted"),
    ],
)
def test_a_text_behind_an_option_may_begin_with_a_dash(typing: Notebook, line: str, printed: str) -> None:
    assert printed in typing.run(line).out


def test_an_option_is_no_text_of_the_one_before_it(typing: Notebook) -> None:
    assert "--reason: expected one argument" in typing.run("%mxgw arm --reason --for 5m").err


# ------------------------------------------------------------------ cells of writes


@pytest.mark.parametrize(
    "line", ["FIC101.SP 41", "FIC101.SP = 41", "FIC101.SP=41", "FIC101.SP\t41 # why?", "FIC101.SP = {40 + 1}"]
)
@pytest.mark.parametrize("options", ["", " --plan"])
def test_a_line_of_a_cell_is_a_tag_and_its_value(typing: Notebook, line: str, options: str) -> None:
    frame = typing.run(f"%%mxgw write --dry-run{options}\n{line}").value.frame()
    assert frame[["tag", "new"]].values.tolist() == [["FIC101.SP", 41.0]]


def test_a_line_of_a_cell_that_does_not_fit_is_named(typing: Notebook) -> None:
    told = typing.run("%%mxgw write\nFIC101.SP 41\nFIC101.PV").err
    assert "required: VALUE. In: FIC101.PV" in told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1,5", "decimals come after a point"),
        ("\N{MINUS SIGN}5", "the - of the keyboard"),
        ("1_000", "not parted"),
    ],
)
def test_a_number_of_another_spelling_is_explained(typing: Notebook, typed: str, told: str) -> None:
    assert told in typing.run(f"%mxgw write FIC101.SP {typed}").err


# ------------------------------------------------------------------ globs, tables, templates


def test_globs_tables_and_templates_are_read_and_watched(typing: Notebook) -> None:
    nine = [f"Tank00{number}.Level" for number in range(1, 10)]
    typing.run("found = %mxgw find Tank00?.Level")
    for typed in ("Tank00*.Level", "{found}", "$found", "$found.tag"):
        assert typing.run(f"%mxgw read {typed}").value["tag"].tolist() == nine
    watch = typing.run("%mxgw watch Tank00?.Level").value
    assert watch.tags == nine
    watch.stop()
    by_template = typing.run("%mxgw read --template $Tank --attribute Level,Temperature").value
    assert {tag.partition(".")[2] for tag in by_template["tag"]} == {"Level", "Temperature"}


def test_a_template_without_an_attribute_is_asked_about(typing: Notebook) -> None:
    for typed in ("--attribute Level", "--template $Tank"):
        for command in ("read", "watch"):
            assert "belong together" in typing.run(f"%mxgw {command} {typed}").err


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("FIC101.Mode Tank001.Level", "The values of FIC101.Mode are texts"),
        ("Tank001.Level Pump001.Manufacturer", "The values of Pump001.Manufacturer are texts"),
        ("FIC101.Mode Pump001.Manufacturer", "The values of FIC101.Mode are texts"),
        ("Tank001.Level Nope.X", "Nope.X: invalid reference"),
        ("Tank00*.Level Pump001.Speed", "not of those of a glob"),
        ("Tank001.L*l Pump001.Speed", "not of those of a glob"),
        ("Tank001.Level", "An XY view is of two tags, not 1"),
    ],
)
def test_an_xy_view_of_what_has_no_axis_is_refused_before_it_is_watched(
    typing: Notebook, typed: str, told: str
) -> None:
    before = typing.run("%mxgw status").value.loc["tags watched", "value"]
    assert told in typing.run(f"%mxgw xy {typed}").err
    assert typing.run("%mxgw status").value.loc["tags watched", "value"] == before


def test_an_xy_view_takes_numbers_and_booleans_in_any_capitals(typing: Notebook) -> None:
    over = typing.run("%mxgw xy tank001.level, Pump001.Running").value
    assert (over.x, over.y) == ("tank001.level", "Pump001.Running")


def test_find_by_a_filter_alone_and_a_template_spelt_wrong(typing: Notebook) -> None:
    assert set(typing.run("%mxgw find --area Utilities").value["area"]) == {"Utilities"}
    assert "Did you mean $Tank?" in typing.run("%mxgw find level --template $Tnak").err
