"""Text of a plant never becomes code: names from a false gateway or a file are quoted, or refused."""

from __future__ import annotations

import ast
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError
from mxgw_notebook.gateway.galaxy.browser import code_of
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.magics import completion
from mxgw_notebook.magics.words import as_word, expanded, marked_words, plain
from mxgw_notebook.words import visible
from tests.magics.conftest import Notebook

HOSTILE = [
    "{__import__('os').system('touch /tmp/run')}.PV",
    "A.B\n!touch run",
    "A.B\r%run other",
    "$secret",
    "$tank.Level",
    "A.B' 'C.D",
    'A.B" --timeout "9',
    "-x.PV",
    "--ask-key",
    "A B.PV",
    "#A.B",
    "A.B,C.D",
    "A.B;C.D",
    "\x1b[2J\x1b]0;owned\x07A.B",
    "A\u202eB.PV",
    "A.B\u2028C",
    "'''+__import__('os').getcwd()+'''",
    "\\",
    "{{x}}",
    "A.B?",
    "%mxgw write X 1",
    "<img src=x onerror=alert(1)>",
    "",
]


class Trap(dict[str, Any]):
    """Variables of which none may be asked for."""

    def __getitem__(self, name: str) -> Any:
        raise AssertionError(f"{name} was looked up")

    def __contains__(self, name: object) -> bool:
        raise AssertionError(f"{name} was looked up")


def check_inert(name: str) -> None:
    for literal in (True, False):
        word = as_word(name, literal=literal)
        if word:
            (marked,) = marked_words(word)
            assert (plain(marked) if literal else expanded(marked, Trap())) == name
            assert not word.startswith("-")
            assert "\n" not in word


@pytest.mark.parametrize("name", HOSTILE)
def test_a_completed_name_means_itself_or_is_not_offered(name: str) -> None:
    check_inert(name)


@given(
    st.text(alphabet=st.one_of(st.sampled_from("{}$'\"\\ -#%!?,;\n\rAb.[]()="), st.characters()), max_size=12)
)
def test_no_name_is_run_by_being_completed(name: str) -> None:
    check_inert(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_cell_made_of_tags_holds_them_as_texts(name: str) -> None:
    code = code_of([name, "Tank001.Level"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = ast.parse(code)
    (*_, call) = tree.body
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    assert ast.literal_eval(call.value.args[0]) == [name, "Tank001.Level"]
    assert code.isascii()


def test_plain_names_stay_a_line() -> None:
    assert (
        code_of(["Tank001.Level", "Recipe_101.Charges[]"]) == "%mxgw read Tank001.Level Recipe_101.Charges[]"
    )


def test_tab_offers_no_name_that_would_run(connected: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "names", lambda kind, begun: [*HOSTILE, "Tank001.Level"])
    offered = completion.words_of("tag", "")
    assert "Tank001.Level" in offered
    assert "'A B.PV'" in offered
    assert "'$secret'" in offered
    assert not [word for word in offered if set("{}\n") & set(word)]
    made = completion.in_python("import mxgw_notebook as mx\nmx.current().read('")["completions"]
    assert not [one.text for one in made if set("'\"{}\n") & set(one.text)]


def test_no_text_of_a_plant_commands_a_terminal() -> None:
    assert visible("a\x1b[31mb\u202ec\n\td") == "a\\x1b[31mb\\u202ec\n\td"
    for error in (
        GatewayError("\x1b[2J"),
        ConfigurationError("x", hint="\x9b0m"),
        TagError({"\x1b]0;t\x07": "no"}),
    ):
        assert str(error).isprintable()
    assert "\x1b" not in repr(WholeTable({"tag": ["\x1b[2J"]}))
