"""Completion behind %mxgw, in the body of %%mxgw and in texts that our methods take in Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher
from IPython.core.interactiveshell import InteractiveShell

from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.gateway import RECORDING, connected_names, current, saved_lists, scenarios
from mxgw_notebook.magics.command import Command
from mxgw_notebook.magics.commands import all_commands, find_command
from mxgw_notebook.magics.open_text import OpenText, open_text
from mxgw_notebook.magics.words import ON, QUOTES, as_word
from mxgw_notebook.profiles import profiles

LINE = re.compile(r"(?:[^%#'\"]*=\s*)?\s*%(?P<cell>%?)mxgw\s+(?P<typed>.*)", re.DOTALL)
CELL = re.compile(r"\s*%%mxgw[^\S\n]*(?P<name>\S*)")
# The last name of a condition: what stands before it is complete.
LAST_NAME = re.compile(r"[^\s()<>=!,]*\Z")
LAST_WORD = re.compile(r"[^\s,;'\"]*\Z")
WORD = re.compile(r"\w*\Z")
LIST_SIGN = "@"  # begins the name of a watch list
REVIEWS = ("report", "suppressed")
# What the texts name that our methods take, and those that are given by keyword.
METHODS = {
    "read": "tag", "watch": "tag", "write": "tag", "add": "tag", "remove": "tag", "find": "tag",
    "history": "tag", "values": "tag", "plan": "tag", "xy": "tag", "scale": "tag", "attributes": "tag",
    "when": "when", "pen": "when", "acknowledge": "alarm", "trend": "alarm", "browse": "object",
    "objects": "object", "instances": "template", "note": "", "dossier": "", "arm": "", "armed": "",
    "alarms": "",
}  # fmt: skip
# Those of the package itself: `mx.connect("`.
FUNCTIONS = {"connect": "endpoint", "current": "connected", "disconnect": "connected"}
IN_TEXT_NEVER = set("'\"{}")
VARIABLES_IN = ("tag", "alarm")  # what these places take may name variables
KEYWORDS = ("template", "area", "attribute", "category", "data_type", "security", "tags", "scenario")
# What an option or a keyword takes whose name is not that of a kind.
OF_OPTION = {"data_type": "type", "tags": "tag"}
LISTED = {"tag", "tags", "attribute"}  # kinds of which commas part several
LAST_OF_LIST = re.compile(r"[^,;]*\Z")


@context_matcher(identifier="mxgw")  # type: ignore[untyped-decorator]
def complete(context: CompletionContext) -> Any:
    """What fits at the cursor; nothing of IPython's own beside it, jedi takes seconds here."""
    lines = context.full_text.split("\n")
    # Up to the cursor: what stands behind it belongs to the person, and is left alone.
    before = lines[context.cursor_line][: context.cursor_position]
    # In a body lines are names, on the first line of a cell there is a command with options.
    if context.cursor_line == 0 or not (cell := CELL.match(context.full_text)):
        found = LINE.fullmatch(before)
        if found is None:
            return in_python("\n".join([*lines[: context.cursor_line], before]))
        return on_line(found["typed"], bool(found["cell"]))
    command = find_command(cell["name"] or "read")
    if command is not None and command.body_words:
        begun = WORD.search(before)[0]  # type: ignore[index]  # it matches nothing, too
        return answer(begun, [word for word in command.body_words if word.startswith(begun.lower())])
    if command is None or not (command.takes_tags or command.with_cell):
        return answer("", [], False)
    if not command.takes_tags and len(before.split()) + before.endswith(" ") > 1:
        return answer("", [])  # a value comes behind a tag
    begun = LAST_WORD.search(before)[0]  # type: ignore[index]  # the same
    return answer(begun, words_of("tag", begun))


def on_line(typed: str, cell: bool) -> Any:
    """What fits behind %mxgw."""
    words = typed.split()
    begun = words.pop() if words and not typed[-1].isspace() else ""
    if not words:
        kept = [
            name
            for name, one in all_commands().items()
            if one.takes_tags or one.with_cell or one.takes_body or not cell
        ]
        return answer(begun, kept)
    # Of a command that does not exist nothing can follow; the mistake is told when the line runs.
    command = find_command(words[0])
    if command is None:
        return answer(begun, [])
    option, sign, value = begun.partition("=")
    if sign and option in command.options():
        words, begun = [*words, option], value
    if not LISTED.isdisjoint(command.completes):
        begun = LAST_OF_LIST.search(begun)[0]  # type: ignore[index]  # it matches nothing, too
    quote, begun = (begun[0], begun[1:]) if begun[:1] in QUOTES else ("", begun)
    return answer(begun, of_command(command, words[1:], begun, quote))


def of_command(command: Command, words: list[str], begun: str, quote: str) -> Iterable[str]:
    """Options, an option's values, or what the command takes at this place, maybe behind an open quote."""
    options = command.options()
    if words and words[-1] == ON:
        return connected_names()
    if begun.startswith("-"):
        return [name for name in (*options, ON) if name not in words]
    option = options.get(words[-1]) if words else None
    if (option := option or command.list_before(words)) is not None and option.nargs != 0:
        return words_of_kind(OF_OPTION.get(option.dest, option.dest), begun, quote)
    place = sum(not word.startswith("-") for word in words)
    if choices := command.choices_at(place):
        return choices
    kinds = command.completes or ("",)
    return words_of_kind(kinds[min(place, len(kinds) - 1)], begun, quote)


def words_of_kind(kind: str, begun: str, quote: str = "") -> Iterable[str]:
    """The words of a kind: what the galaxy knows nothing of, or its names."""
    own: dict[str, Callable[[], Iterable[str]]] = {
        "command": all_commands,
        "review": lambda: REVIEWS,
        "endpoint": lambda: endpoints(begun),
        "file": lambda: files(begun),
        "scenario": scenarios,
        "connected": connected_names,
        "tags": lambda: [*lists_of(begun), *words_of("tag", begun, quote)],
        "": lambda: (),
    }
    return own[kind]() if kind in own else words_of(kind, begun, quote)


def endpoints(begun: str) -> list[str]:
    """What can be connected to without a network: the simulated plant, and saved galaxies."""
    if begun.startswith(RECORDING):
        found = files(begun.removeprefix(RECORDING))
        return [f"{RECORDING}{name}" for name in found if name.endswith("/")]
    return ["demo", *plants(), *files(begun)]


def files(begun: str) -> list[str]:
    """Parquet files and folders that begin so."""
    folder = Path(begun).parent if Path(begun).name and not begun.endswith("/") else Path(begun or ".")
    try:
        found = sorted(one for one in folder.iterdir() if one.suffix == ".parquet" or one.is_dir())
    except OSError:
        found = []
    shown = [f"{one.as_posix()}/" if one.is_dir() else one.as_posix() for one in found]
    return [name for name in shown if not Path(name).name.startswith(".")]


def lists_of(begun: str) -> list[str]:
    """The watch lists of this folder, where one may be meant."""
    if begun and not begun.startswith(LIST_SIGN):
        return []
    words = (as_word(name, literal=False) for name in saved_lists(Path()))
    return [word for word in words if word]


def plants() -> list[str]:
    """Those that mxgw.toml names; what is wrong in it is told when one connects."""
    try:
        return list(profiles())
    except ConfigurationError:
        return []


def in_python(code: str) -> Any:
    """What fits into a text that one of our methods is given."""
    found = open_text(code)
    if found is None or not is_ours(found, get_names()):
        return answer("", [], False)
    kind = found.keyword if found.keyword in KEYWORDS else {**METHODS, **FUNCTIONS}[found.method]
    begun = found.begun
    if kind == "when":
        name = LAST_NAME.search(begun)
        kind, begun = "tag", name[0] if name else ""
    offered = list(filter(stays_text, texts_of_kind(OF_OPTION.get(kind, kind), begun)))
    return answer(begun, offered, bool(offered))


def texts_of_kind(kind: str, begun: str) -> Iterable[str]:
    """The texts of a kind, as they stand in Python."""
    return words_of_kind(kind, begun) if kind in (*FUNCTIONS.values(), "scenario", "") else names(kind, begun)


def stays_text(name: str) -> bool:
    """Whether a name may stand within quotes, maybe of an f"": it neither ends them nor is run in braces."""
    return name.isprintable() and not set(name) & IN_TEXT_NEVER


def is_ours(found: OpenText, known: Mapping[str, Any]) -> bool:
    """Whether the text belongs to a method of a thing of ours, by the variable it is called on."""
    if found.method in FUNCTIONS:
        return getattr(known.get(found.called_on), "__name__", "") == "mxgw_notebook"
    if found.method not in METHODS:
        return False
    first, _, rest = found.called_on.partition(".")
    if not first:  # `watch = gateway.watch`, or the function of that name
        return type(getattr(known.get(found.method), "__self__", None)).__module__.startswith("mxgw_notebook")
    if rest or first not in known:
        return found.called_on.endswith("current()")
    return type(known[first]).__module__.startswith("mxgw_notebook.gateway")


def get_names() -> Mapping[str, Any]:
    """The variables of the shell that completes."""
    from IPython import get_ipython

    shell = get_ipython()
    return shell.user_ns if shell else {}


def names(kind: str, begun: str) -> list[str]:
    """Names of the current gateway's galaxy; none without one."""
    try:
        return current().completing.names(kind, begun)
    except GatewayError:
        return []


def words_of(kind: str, begun: str, quote: str = "") -> list[str]:
    """The same as words of a line, quoted where they have to be; behind an open quote those that may be."""
    literal = kind not in VARIABLES_IN
    found = names(kind, begun)
    if quote:
        return [name for name in found if as_word(name, literal=literal) and quote not in name]
    return [word for name in found if (word := as_word(name, literal=literal))]


def answer(begun: str, found: Iterable[str], ours: bool = True) -> Any:
    """A matcher's result; what was begun is replaced."""
    fitting = [name for name in found if begun.lower() in name.lower()]
    # What begins so comes before what merely holds it.
    fitting.sort(key=lambda name: not name.lower().startswith(begun.lower()))
    if ours and not fitting:
        fitting = [begun]  # without any of ours, be it an empty one, IPython would ask jedi after all
    return {
        "completions": [SimpleCompletion(name, type="mxgw") for name in fitting],
        "matched_fragment": begun,
        "suppress": ours,
        "ordered": True,
    }


def load(shell: InteractiveShell) -> None:
    """Makes the shell ask us first."""
    unload(shell)
    shell.Completer.custom_matchers.append(complete)


def unload(shell: InteractiveShell) -> None:
    """Takes that back."""
    matchers = shell.Completer.custom_matchers
    # By its name, not by identity: an extension that is loaded again after a reload has another function.
    matchers[:] = [matcher for matcher in matchers if getattr(matcher, "matcher_identifier", "") != "mxgw"]
