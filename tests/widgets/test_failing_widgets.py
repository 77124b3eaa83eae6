"""What fails in a widget is told where one looks, and the widget lives on."""

from __future__ import annotations

import pytest

from mxgw_notebook.widgets.wishes import KINDS
from tests.widgets.doubles import comm_of
from tests.widgets.lives import Life, Quiet, tree, trend_life

WORDS = "a mistake of ours"


def fail(*_: object, **__: object) -> None:
    raise RuntimeError(WORDS)


def test_a_look_that_fails_is_told_and_then_everything_comes_anew(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.put("a")
    life.next()
    with monkeypatch.context() as mistake:
        mistake.setattr(life.widget._source, "since", fail)
        with pytest.raises(RuntimeError, match=WORDS):
            life.next()
    told = life.sent()[-1].content
    assert (told["kind"], told["phase"]) == ("trouble", "failing")
    assert told["status"] == f"failing: RuntimeError: {WORDS}"
    again = life.next()
    assert again.content["reset"] is True
    assert (again.content["phase"], life.names(again)) == ("live", ["a"])


def test_a_widget_whose_last_look_fails_is_stopped_all_the_same(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life.widget._source, "since", fail)
    with pytest.raises(RuntimeError, match=WORDS):
        life.widget.stop()
    assert life.sent()[-1].content["status"] == f"stopped: RuntimeError: {WORDS}"


def test_a_message_that_cannot_be_served_is_told_in_the_widget(
    life: Life, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(life.widget, "_take_wish", fail)
    comm_of(life.widget).say({"kind": "whatever it is"})
    told = life.sent()[-1].content
    assert (told["kind"], told["text"]) == ("notice", f"RuntimeError: {WORDS}")
    assert WORDS in caplog.text


def test_a_picture_that_cannot_be_drawn_leaves_the_widget_to_be_shown(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life.widget._source, "since", fail)
    data, _ = life.widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"] == f"<p>failing: RuntimeError: {WORDS}</p>"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_wish_that_cannot_be_served_is_told_and_the_others_are(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = trend_life()
    life.put("a")
    life.next()
    with monkeypatch.context() as mistake:
        mistake.setattr(life.widget, "_serve", fail)
        comm_of(life.widget).say({"kind": kind, "text": "csv"})
        assert (life.next().content["kind"], life.sent()[-1].content["text"]) == (
            "notice",
            f"RuntimeError: {WORDS}",
        )
    life.put("b")
    assert life.names(life.next()) == ["b"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({"kind": "select", "keys": ["a"]}, {"kind": "notice", "text": f"RuntimeError: {WORDS}"}),
        (
            {"kind": "children", "number": 7, "view": "areas", "key": "a", "text": ""},
            {"kind": "failed", "number": 7, "key": "a", "reason": f"RuntimeError: {WORDS}"},
        ),
        (
            {"kind": "act", "number": 8, "action": "copy"},
            {"kind": "done", "number": 8, "action": "copy", "notice": f"RuntimeError: {WORDS}"}
            | {"text": "", "values": []},
        ),
    ],
    ids=lambda content: content["kind"],
)
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
def test_a_click_into_the_tree_that_fails_is_answered(
    question: dict[str, object], answer: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("select", "start"):
        monkeypatch.setattr(Quiet, name, fail)
    shown = tree()
    comm_of(shown).say(question)
    assert comm_of(shown).custom()[-1].content == answer
