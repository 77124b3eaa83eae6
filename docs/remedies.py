"""The page of errors: each class with what to try, and every message that the code has, with its remedy."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

import mxgw_notebook
from docs.names import ERRORS, public, section
from docs.settings import table
from mxgw_notebook import errors
from mxgw_notebook.next_steps import Place, as_done_in

PACKAGE = Path(mxgw_notebook.__file__).parent
LEFT_OUT = ("_generated", "simulator", "static")
OURS = {
    name
    for name, found in vars(errors).items()
    if inspect.isclass(found) and issubclass(found, errors.GatewayError)
}


def pages() -> Mapping[str, str]:
    """The page of classes, and the page of messages."""
    classes = [section(path) for path, home in sorted(public()) if home == ERRORS]
    return {
        "reference/errors.md": "\n".join([ABOUT, remedies_by_class(), *classes]),
        "reference/messages.md": f"{ABOUT_MESSAGES}\n{table(('error', 'what it says', 'what to try'), messages())}",
    }


def remedies_by_class() -> str:
    """What each error says one can try, where it has no better advice at the place where it arises."""
    rows = (
        (f"[{name}](#{name.lower()})", *(as_done_in(place, found.default_hint) for place in Place))
        for name, found in sorted(vars(errors).items())
        if name in OURS and found.default_hint
    )
    return table(("error", *(f"in {place.value}" for place in Place)), rows)


def messages() -> Iterator[tuple[str, str, str]]:
    """Every message with a remedy that the code raises, by its text; `{...}` stands for what the case has."""
    found = {row for path in sources() for row in messages_in(path)}
    yield from sorted(found, key=lambda row: (row[0], row[1].lower(), row[2]))


def sources() -> Iterator[Path]:
    """The files that raise errors to people."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not set(LEFT_OUT) & set(path.relative_to(PACKAGE).parts):
            yield path


def messages_in(path: Path) -> Iterator[tuple[str, str, str]]:
    """The errors that a file makes with a hint of its own."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        texts = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and (row := message_of(node, texts)):
                yield row


def message_of(call: ast.Call, texts: Mapping[str, ast.expr]) -> tuple[str, str, str] | None:
    """The row of a call that makes an error; None for any other call, and for texts that come from elsewhere."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    hint = next((word.value for word in call.keywords if word.arg == "hint"), None)
    if name not in OURS or hint is None or not call.args:
        return None
    said, remedy = (text_of(part, texts) for part in (call.args[0], hint))
    return (f"`{name}`", said, as_done_in(Place.PYTHON, remedy)) if said and remedy else None


def text_of(node: ast.expr, texts: Mapping[str, ast.expr]) -> str:
    """The text of an expression, with `{...}` where something is put in; empty where it is not known here."""
    if isinstance(node, ast.Name) and node.id in texts:
        return text_of(texts[node.id], {})
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return escaped(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            escaped(str(part.value)) if isinstance(part, ast.Constant) else "{...}" for part in node.values
        )
    return ""


def escaped(text: str) -> str:
    """A text that Markdown leaves as it is."""
    for sign in "\\*_<[`":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split(" "))


ABOUT = """# Errors

Every error of this package is a `GatewayError`. Its text is one line: what happened, then what to try next.
`error.hint` is the second part. `error.may_be_done` is true if the request was sent to the gateway and nobody knows
its result.

The remedy fits the place where you are: a call in Python, `%mxgw`, or `mxgw-py`.
[](messages.md) lists every message.
"""
ABOUT_MESSAGES = """# Messages and remedies

Every error message with its own remedy, as a call in Python shows it. `{...}` means a name or a number of your case.
Search this page for the words that you read.
"""
