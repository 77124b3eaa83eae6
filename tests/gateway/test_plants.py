"""Plants by name: a file says of each how it is reached, and several are connected at once."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import mxgw_notebook as mx
from mxgw_notebook.errors import ConfigurationError, NotArmedError, NotConnectedError, SessionClosedError
from mxgw_notebook.gateway import Gateway, connect, current, disconnect, use
from mxgw_notebook.profiles import profile_named, profiles
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

Write = Callable[[str], Path]

TWO = """
[plants.plant-a]
endpoint = "{endpoint}"
plaintext = true
key = {{ env = "KEY_OF_A" }}
kind = "production"
audit = "audit.jsonl"

[plants.plant-b]
endpoint = "{endpoint}"
plaintext = true
key = {{ file = "b.key" }}
kind = "test"
read_only = true
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes mxgw.toml beside the notebook; the user has none."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("KEY_OF_A", KEY)
    (tmp_path / "b.key").write_text(f"{KEY}\n")
    (tmp_path / "b.key").chmod(0o600)

    def write(text: str) -> Path:
        file = tmp_path / "mxgw.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def both(written: Write, embedded: EmbeddedGateway) -> tuple[Gateway, Gateway]:
    """Two plants, of which the second is current."""
    written(TWO.format(endpoint=embedded.endpoint))
    return connect("plant-a"), connect("plant-b")


def test_plants_stay_connected_beside_each_other_and_one_is_current(both: tuple[Gateway, Gateway]) -> None:
    a, b = both
    assert current() is b
    assert current("plant-a") is a
    assert vars(mx)["gateway"]("plant-a") is a  # a package, which mypy does not take for a function
    assert use("plant-a") is a is current()
    table = mx.connections()
    assert table[["plant", "kind", "current", "armed"]].to_numpy().tolist() == [
        ["plant-a", "production", True, "no"],
        ["plant-b", "test", False, "never: read-only"],
    ]


def test_connecting_to_a_plant_again_closes_its_former_connection_and_no_other(
    both: tuple[Gateway, Gateway],
) -> None:
    a, b = both
    again = connect("plant-b")
    assert current() is again
    assert len(mx.connections()) == 2
    assert len(a.read("Tank001.Level")) == 1
    with pytest.raises(SessionClosedError):
        b.read("Tank001.Level")


def test_after_the_current_one_is_closed_no_other_is_current_by_itself(both: tuple[Gateway, Gateway]) -> None:
    disconnect()
    with pytest.raises(NotConnectedError, match=r"No gateway is current\. Still connected are plant-a"):
        current()
    disconnect("plant-a")
    with pytest.raises(NotConnectedError, match="No gateway is connected"):
        current()


def test_a_plant_that_is_not_connected_is_named_with_those_that_are(both: tuple[Gateway, Gateway]) -> None:
    with pytest.raises(NotConnectedError, match=r"plant-c is not connected. Connected are plant-a, plant-b"):
        current("plant-c")


def test_connecting_or_choosing_another_disarms_whatever_was_armed(both: tuple[Gateway, Gateway]) -> None:
    a, _ = both
    use("plant-a")
    a.arm("tests")
    use("plant-b")
    assert a.arming is None
    with pytest.raises(NotArmedError, match="plant-a is not armed"):
        a.write("FIC101.SP", 41.0)


def test_a_plant_that_is_read_only_is_never_armed(written: Write, embedded: EmbeddedGateway) -> None:
    written(TWO.format(endpoint=embedded.endpoint))
    with pytest.raises(ConfigurationError, match=r"plant-b is always read-only, because .*mxgw\.toml says"):
        connect("plant-b", writable="tests")
    with pytest.raises(ConfigurationError, match="plant-b was not armed: it is read-only"):
        connect("plant-b").arm("tests")
    with pytest.raises(ConfigurationError, match="read-only"):
        connect("plant-b", read_only=False, writable="tests")


def test_plans_tables_and_the_audit_name_the_plant(both: tuple[Gateway, Gateway], tmp_path: Path) -> None:
    a, b = both
    use("plant-a")
    a.arm("tests")
    plan = a.plan({"FIC101.SP": 41.0})
    assert plan.plant == "plant-a"
    assert set(plan.frame()["plant"]) == {"plant-a"}
    assert set(a.audit_trail()["plant"]) == {"plant-a"}
    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert {line["plant"] for line in lines} == {"plant-a"}
    watch = b.watch("Tank001.Level")
    alarms = b.alarms()
    tables = [
        b.read("Tank001.Level"), b.objects("Tank*"), b.attributes("Tank001.*"), b.find("Tank001.Level"),
        watch.frame(), watch.wide(), watch.health(), alarms.frame(), alarms.history(), alarms.episodes(),
        b.instances("$Tank").read("Level"), b.tag_health(), b.actions(), b.audit_trail(),
    ]  # fmt: skip
    assert [table.attrs.get("plant") for table in tables] == ["plant-b"] * len(tables)


def test_widgets_and_their_pictures_name_a_plant_and_show_its_colour(both: tuple[Gateway, Gateway]) -> None:
    a, _ = both
    watch = a.watch("Tank001.Level")
    for widget in (watch.trend(), watch.table(), a.alarms().table(), a.browse().widget.tree):
        assert (widget.plant, widget.plant_colour) == ("plant-a, production", "#b3261e")
        assert "plant-a, production" in widget.picture()


def test_a_gateway_without_a_name_still_gives_way_to_the_next(
    both: tuple[Gateway, Gateway], embedded: EmbeddedGateway
) -> None:
    first = connect(embedded.endpoint, api_key=KEY, plaintext=True)
    connect(embedded.endpoint, api_key=KEY, plaintext=True)
    with pytest.raises(SessionClosedError):
        first.read("Tank001.Level")
    assert list(mx.connections()["plant"]) == ["plant-a", "plant-b", embedded.endpoint]


def test_the_doctor_looks_at_a_plant_by_its_name(written: Write, embedded: EmbeddedGateway) -> None:
    written(TWO.format(endpoint=embedded.endpoint))
    findings = mx.doctor("plant-b").set_index("check")
    assert findings.loc["gateway", "verdict"] == "good"


# -------------------------------------------------------------- what the file says


def test_what_a_call_is_given_comes_before_the_environment_and_that_before_the_file(
    written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(TWO.format(endpoint="one:1"))
    profile = profile_named("plant-a")
    assert profile is not None
    assert profile.options({}, refuse).target == "one:1"
    monkeypatch.setenv("MXGW_PLANT_A_ENDPOINT", "two:2")
    monkeypatch.setenv("MXGW_PLANT_A_API_KEY", "mxgw_other_key")
    monkeypatch.setenv("MXGATEWAY_API_KEY", "mxgw_of_any_gateway")
    options = profile.options({}, refuse)
    assert (options.target, str(options.api_key)) == ("two:2", "mxgw_other_key")
    assert str(profile.options({"api_key": "mxgw_given_key"}, refuse).api_key) == "mxgw_given_key"


def refuse(question: str) -> str:
    raise AssertionError(question)


def test_the_file_beside_the_notebook_comes_before_that_of_the_user(written: Write, tmp_path: Path) -> None:
    written('[plants.a]\nendpoint = "beside:1"')
    folder = tmp_path / "settings" / "mxgw_notebook"
    folder.mkdir(parents=True)
    (folder / "mxgw.toml").write_text('[plants.a]\nendpoint = "users:1"\n[plants.b]\nendpoint = "users:2"')
    assert {name: one.endpoint for name, one in profiles().items()} == {"a": "beside:1", "b": "users:2"}


def test_a_key_is_asked_for_where_the_file_says_so(written: Write) -> None:
    written('[plants.a]\nendpoint = "one:1"\nplaintext = true\nkey = "prompt"')
    profile = profile_named("a")
    assert profile is not None
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return "mxgw_asked_for"

    options = profile.options({}, answer)
    assert asked == ["API key of a: "]
    assert str(options.api_key) == "mxgw_asked_for"
    assert "asked_for" not in repr(options)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are told otherwise there")
def test_a_key_that_others_may_read_is_refused(written: Write, tmp_path: Path) -> None:
    written(TWO.format(endpoint="one:1"))
    (tmp_path / "b.key").chmod(0o644)
    profile = profile_named("plant-b")
    assert profile is not None
    with pytest.raises(ConfigurationError, match=r"Other users can read the key of plant-b .* chmod 600"):
        profile.options({}, refuse)


@pytest.mark.keeps_keys("writes one where it does not belong, to be refused")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[plants.a]\nendpoint = "x:1"\nreadonly = true', "readonly is not known; known are .*read_only"),
        ('[plants.a]\nendpoint = "x:1"\napi_key = "mxgw_a_secret"', "a key does not stand in this file"),
        (
            '[plants.a]\nendpoint = "x:1"\nkey = { env = "mxgw_a_secret" }',
            "a key does not stand in this file",
        ),
        (
            '[plants.a]\nendpoint = "x:1"\nkey = { vault = "x" }',
            'key is "prompt", or one of env, file, keyring',
        ),
        ('[plants.a]\nendpoint = "x:1"\nkind = "prod"', "kind is production or test"),
        ('[plants.a]\nendpoint = "x:1"\nread_only = "yes"', "read_only is true or false"),
        ('[plants.a]\nendpoint = "x:1"\ncolour = "red"', 'colour is as "#b3261e"'),
        ("[plants.a]\nplaintext = true", "it needs an endpoint"),
        ('[plants.demo]\nendpoint = "x:1"', "a name is of letters"),
        ('[plants."a b"]\nendpoint = "x:1"', "a name is of letters"),
        ("plants = 3", "has no plants"),
        ('[plant.a]\nendpoint = "x:1"', "has no plants"),
        ("[plants.a\n", "cannot be read"),
        (f"a = {'[' * 5000}", "cannot be read"),
    ],
)
def test_what_a_file_cannot_say_is_one_line_with_its_place(written: Write, text: str, told: str) -> None:
    file = written(text)
    with pytest.raises(ConfigurationError, match=told) as caught:
        connect("a")
    assert str(file) in str(caught.value)
    assert "a_secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ('{ env = "NOT_SET_ANYWHERE" }', "NOT_SET_ANYWHERE has no key for a"),
        ('{ file = "none.key" }', "The key of a cannot be read from .*none.key: No such file"),
        ('{ keyring = "nobody" }', "(?i)keyring"),
    ],
)
def test_a_key_that_is_not_there_is_one_line(written: Write, key: str, told: str) -> None:
    written(f'[plants.a]\nendpoint = "localhost:1"\nplaintext = true\nkey = {key}')
    with pytest.raises(ConfigurationError, match=told):
        connect("a")


def test_a_name_that_no_file_has_is_a_host(written: Write) -> None:
    written(TWO.format(endpoint="one:1"))
    assert profile_named("plant-c") is None
    assert profile_named("plant-a:5000") is None


def test_a_file_elsewhere_is_named_by_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "plants.toml"
    file.write_text('[plants.far]\nendpoint = "far:1"')
    monkeypatch.setenv("MXGW_PLANTS", str(file))
    assert list(profiles()) == ["far"]
    monkeypatch.setenv("MXGW_PLANTS", os.devnull + "x")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        profiles()
