"""Secured and verified writes: signed by users whose passwords are asked for, and stand nowhere then."""

from __future__ import annotations

import getpass
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mxgw_notebook.client import Secret, Signature
from mxgw_notebook.errors import ConfigurationError, MxAccessError, NotArmedError, PlanError, WriteError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.signing import in_keyring, service_of
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY
from tests.magics.conftest import Notebook, notebook, shell

__all__ = ["notebook", "shell"]  # fixtures

SECURED, VERIFIED = "Pump001.Reset", "Tank001.InService"
WRONG = "wr0ng-passw0rd"
PASSWORDS = {"operator": "demo-operator", "supervisor": "demo-supervisor", "engineer": WRONG}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A page whose person types each user's password; the questions so far."""
    questions: list[str] = []

    def type_in(prompt: str = "", stream: Any = None) -> str:
        del stream
        questions.append(prompt)
        return PASSWORDS[prompt.split()[2]]

    monkeypatch.setattr(getpass, "getpass", type_in)
    monkeypatch.setattr("mxgw_notebook.gateway.signing.in_page", lambda: True)
    return questions


@pytest.fixture
def plant(embedded: EmbeddedGateway) -> Iterator[Gateway]:
    """Armed as any plant is; what it was is restored."""
    gateway = connect(embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    yield gateway
    gateway.close()


def now(gateway: Gateway, tag: str) -> Any:
    value = gateway.read(tag)["value"].iloc[0]
    return value.item() if hasattr(value, "item") else value


def test_a_secured_write_is_signed_by_one_person(plant: Gateway, asked: list[str]) -> None:
    done = plant.write(SECURED, True, user="operator")
    assert done["outcome"].tolist() == ["completed"]
    assert asked == [f"Password of operator at {plant.endpoint}: "]
    with pytest.raises(WriteError, match="1012"):
        plant.write(SECURED, True)
    assert len(asked) == 1


def test_a_verified_write_takes_a_second_person(plant: Gateway, asked: list[str]) -> None:
    was = now(plant, VERIFIED)
    try:
        with pytest.raises(WriteError, match="1013"):
            plant.write(VERIFIED, not was, user="operator")
        done = plant.write({VERIFIED: not was}, user="operator", verifier="supervisor")
        assert done["outcome"].tolist() == ["completed"]
        assert now(plant, VERIFIED) is (not was)
        assert [question.split()[2] for question in asked] == ["operator", "operator", "supervisor"]
        last = plant.audit_trail().iloc[-1]
        assert last["operator"].endswith("signed by operator, verified by supervisor")
        assert plant.actions()["operator"].iloc[-1] == last["operator"]
    finally:
        plant.write(VERIFIED, was, user="operator", verifier="supervisor")


def test_a_wrong_password_writes_nothing_and_is_shown_nowhere(plant: Gateway, asked: list[str]) -> None:
    with pytest.raises(MxAccessError, match="authenticate_user engineer: access denied") as caught:
        plant.write(SECURED, True, user="engineer")
    assert asked
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    told = "".join(shown.format()) + repr(caught.value) + plant.audit_trail().to_string()
    assert "authenticate_user" in told
    assert WRONG not in told
    action = plant.actions().iloc[-1]
    assert (action["tag"], action["taken"]) == (SECURED, False)


def test_nobody_is_asked_where_the_plant_is_not_armed(plant: Gateway, asked: list[str]) -> None:
    plant.disarm()
    with pytest.raises(NotArmedError):
        plant.write(SECURED, True, user="operator")
    with pytest.raises(NotArmedError):
        plant.write({SECURED: True}, user="operator")
    with pytest.raises(NotArmedError):
        plant.plan({VERIFIED: not now(plant, VERIFIED)}, user="operator", verifier="boss").apply(yes=True)
    assert asked == []


@pytest.mark.parametrize(
    "signers",
    [{"verifier": "operator"}, {"user": "operator", "verifier": "Operator"}, {"user": " "}, {"user": 5}],
)
def test_signers_that_sign_nothing_are_one_line(plant: Gateway, signers: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        plant.write(SECURED, True, **signers)
    assert "\n" not in str(caught.value)


def test_where_nobody_can_be_asked_it_says_where_a_password_may_be(plant: Gateway) -> None:
    with pytest.raises(ConfigurationError, match=r"Nobody can be asked .* keyring set"):
        plant.write(SECURED, True, user="operator")


@pytest.mark.keeps_keys("a keyring of the test's own has a password")
def test_a_keyring_has_what_need_not_be_asked(
    plant: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {(service_of(plant.endpoint), "operator"): "demo-operator"}
    (tmp_path / "keyring.py").write_text(
        f"def get_password(service, user):\n    return {kept!r}.get((service, user))\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    before = sys.modules.pop("keyring", None)
    try:
        assert plant.write(SECURED, True, user="operator")["outcome"].tolist() == ["completed"]
        assert in_keyring(plant.endpoint, "supervisor") is None
    finally:
        sys.modules.pop("keyring", None)
        if before is not None:
            sys.modules["keyring"] = before


@pytest.mark.usefixtures("asked")
def test_a_line_names_who_signs_and_no_password(plant: Gateway, notebook: Notebook) -> None:
    cell = notebook.run(f"%mxgw write {SECURED} true --user operator")
    assert cell.value["outcome"].tolist() == ["completed"]
    told = notebook.run(f"%mxgw write {SECURED} true --user engineer").err
    assert "access denied" in told
    assert WRONG not in told + notebook.run("%hist").out
    assert "it takes a user who signs" in notebook.run(f"%mxgw write --plan {SECURED} true --yes").err


@pytest.mark.usefixtures("asked")
def test_values_are_restored_with_a_signature(plant: Gateway, notebook: Notebook, tmp_path: Path) -> None:
    was, file = now(plant, VERIFIED), tmp_path / "before.parquet"
    notebook.run(f"%mxgw values save {file} {VERIFIED}")
    plant.write(VERIFIED, not was, user="operator", verifier="supervisor")
    signers = "--user operator --verifier supervisor"
    assert "takes a user who signs" in notebook.run(f"%mxgw values restore {file} --yes").err
    restored = notebook.run(f"%mxgw values restore {file} --yes {signers}").value
    assert restored["verdict"].tolist() == ["as wanted"]
    assert now(plant, VERIFIED) == was
    assert "writes nothing that is signed" in notebook.run(f"%mxgw values compare {file} {signers}").err


def test_a_plan_says_who_is_missing_and_asks_as_it_is_applied(plant: Gateway, asked: list[str]) -> None:
    was, setpoint = now(plant, VERIFIED), now(plant, "FIC101.SP")
    values = {VERIFIED: not was, "FIC101.SP": setpoint + 1}
    unsigned = plant.plan(values, user="operator").frame()
    assert unsigned["verdict"].tolist() == ["refused", "write"]
    assert "another who verifies" in unsigned["reason"][0]
    plan = plant.plan(values, user="operator", verifier="supervisor")
    assert asked == []
    with pytest.raises(PlanError, match="a button cannot ask"):
        plant.runner.run(plan.carry_out())
    outcomes = plan.apply(yes=True)
    assert outcomes is not None
    assert outcomes["verdict"].tolist() == ["as wanted", "as wanted"]
    operators = plant.actions().set_index("tag")["operator"].tail(2)
    assert "verified by supervisor" in operators[VERIFIED]
    assert "signed" not in operators["FIC101.SP"]  # which needs no signature
    assert len(asked) == 2
    back = plan.undo().apply(yes=True)
    assert back is not None
    assert back["verdict"].tolist() == ["as wanted", "as wanted"]
    assert (now(plant, VERIFIED), now(plant, "FIC101.SP")) == (was, setpoint)


def test_a_signed_plan_is_rehearsed_and_nobody_asked(plant: Gateway, asked: list[str]) -> None:
    values = {VERIFIED: not now(plant, VERIFIED)}
    plan = plant.plan(values, user="jdoe", verifier="boss")
    row = plan.rehearse(seconds=30).iloc[0]
    assert (row["verdict"], row["undone"]) == ("as wanted", "as wanted")
    assert asked == []


def test_a_signature_is_blind() -> None:
    signature = Signature("operator", Secret(WRONG), "supervisor", Secret(WRONG))
    assert WRONG not in repr(signature) + str(signature)
