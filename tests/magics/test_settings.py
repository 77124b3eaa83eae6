"""%config MxgwMagics: what a session takes where a line does not say it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from mxgw_notebook.gateway import current
from tests.magics.conftest import Notebook


@pytest.fixture(autouse=True)
def usual(shell: InteractiveShell) -> Iterator[None]:
    """What a test sets is not left to the next: %config keeps it in the shell."""
    yield
    shell.config.pop("MxgwMagics", None)


def test_config_lists_every_setting_and_what_it_is_now(notebook: Notebook) -> None:
    assert "MxgwMagics" in notebook.run("%config").out.split()
    notebook.run("%config MxgwMagics.confirm_timeout = 30")
    listed = notebook.run("%config MxgwMagics").out
    assert "MxgwMagics.window=<Stretch>" in listed
    assert "Current: 30.0" in listed


def test_a_window_is_that_of_the_watches_that_follow(connected: Notebook) -> None:
    connected.run('%config MxgwMagics.window = "10m"')
    levels = connected.run("levels = %mxgw watch Tank001.Level\nlevels").value
    assert levels.trend().window_seconds == 600
    longer = connected.run("longer = %mxgw watch Tank001.Level --window 1h\nlonger").value
    assert longer.trend().window_seconds == 3600
    assert connected.run("again = %mxgw watch Tank001.Level\nagain").value is levels
    levels.stop()
    longer.stop()


def test_a_saved_list_keeps_its_own_window(
    connected: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feed.toml").write_text('tags = ["Tank001.Level"]\nwindow = "5m"\n')
    connected.run('%config MxgwMagics.window = "10m"')
    listed = connected.run("listed = %mxgw watch @feed\nlisted").value
    assert listed.trend().window_seconds == 300
    listed.stop()


def test_an_arming_lasts_as_long_as_the_session_says(connected: Notebook) -> None:
    connected.run("%mxgw disarm")
    connected.run('%config MxgwMagics.arm_for = "30m"')
    connected.run("%mxgw arm --reason tests")
    arming = current().arming
    assert arming is not None
    assert arming.seconds == 1800
    assert "default: 30m" in connected.run("%mxgw help arm").out


def test_events_keep_what_the_session_says(connected: Notebook) -> None:
    connected.run('%config MxgwMagics.before = "1m"')
    connected.run("%mxgw when Tank001.Level > 1e9")
    again = connected.run("%mxgw when Tank001.Level > 1e9 --before 1m --after 10s")
    assert again.out.startswith("In place of ")
    other = connected.run("%mxgw when Tank001.Level > 1e9 --before 10s")
    assert "In place of" not in other.out


def test_an_operator_is_the_one_who_acknowledges(connected: Notebook) -> None:
    connected.run('%config MxgwMagics.operator = "shift B"')
    connected.run("%config MxgwMagics.require_comment = True")
    alarms = connected.run("alarms = %mxgw alarms\nalarms").value
    assert (alarms.table().operator, alarms.table().comment_required) == ("shift B", True)
    alarms.stop()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('window = "soon"', "a length of time such as 10s, 5min or 2h"),
        ("read_timeout = -1", "a number of seconds above 0"),
        ("confirm_timeout = float('nan')", "a number of seconds above 0"),
    ],
)
def test_what_does_not_fit_is_one_line_and_spoils_no_other(
    notebook: Notebook, line: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    notebook.run(f"%config MxgwMagics.{line}")
    (shown,) = caplog.messages  # IPython says it so
    assert told in shown
    assert "\n" not in shown
    assert notebook.run("%config MxgwMagics.read_timeout = 7").err == ""
    assert "default: 7" in notebook.run("%mxgw help read").out


def test_an_extension_loaded_again_keeps_them(notebook: Notebook) -> None:
    notebook.run("%config MxgwMagics.read_timeout = 7")
    again = notebook.run("%reload_ext mxgw_notebook")
    assert (again.out, again.err) == ("", "")
    assert "default: 7" in notebook.run("%mxgw help read").out
    assert notebook.run("%config").out.split().count("MxgwMagics") == 1


def test_a_configuration_files_setting_that_does_not_fit_is_said_and_hinders_nothing(
    notebook: Notebook, shell: InteractiveShell
) -> None:
    shell.config.MxgwMagics.window = "soon"
    shell.config.MxgwMagics.read_timeout = 7
    loaded = notebook.run("%reload_ext mxgw_notebook").out
    assert loaded.startswith("Not set: The 'window' trait")
    assert "default: 7" in notebook.run("%mxgw help read").out


def test_a_window_below_a_second_is_one_line(connected: Notebook) -> None:
    assert "too short for a trend" in connected.run("%mxgw watch Tank001.Level --window 10ms").err
