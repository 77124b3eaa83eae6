"""The words of a line of %mxgw, and what each means: a text as it stands, a variable's value, tags.

Quotes group, a backslash is a character (alarm references have them), a blank and then # begin a comment.
Between braces stands Python: its blanks and quotes part nothing.

Why: DECISIONS.md, "%mxgw expands variables itself".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import CodeType
from typing import Any

from mxgw_notebook.errors import ConfigurationError

# Where a quote stood, and before what argparse would take for an option; nobody can type them.
# Behind any command: the plant that is meant.
ON = "--on"
SHIELD, DOUBLE, SINGLE = "\0", "\1", "\2"
QUOTES = {'"': DOUBLE, "'": SINGLE}
TYPED = str.maketrans({SHIELD: "", DOUBLE: '"', SINGLE: "'"})
PLAIN = str.maketrans({SHIELD: "", DOUBLE: "", SINGLE: ""})
PART = re.compile(r"\s+|\"[^\"]*\"|'[^']*'|.", re.DOTALL)
# $name and {expression}, or doubled: then the text itself is meant. Between single quotes $ is a character.
FIELD = re.compile(
    r"(?P<text>\$\$|\{\{[^{}]*\}\}"
    rf"|{SINGLE}[^{SINGLE}{{]*{SINGLE})"
    r"|\$(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<brace>\{)"
)
NEVER_OFFERED = set("{},;")
SEPARATORS = re.compile(r"[,;]")
# {number:03} as in an f-string; what has quotes or blanks is a text such as {"a": 1}.
FORMATTED = re.compile(r"\{[^\W\d][^:\"'{}]*(:[^\s:\"'{}]+)?\}")
OPENED, CLOSED = "[", "]"
IN_BRACES = re.compile(r"\{[^\d\W].*\}", re.DOTALL)

Names = Mapping[str, Any]
Meaning = Callable[[str, Names], Any]


def marked_words(line: str) -> list[str]:
    """The words of a line with marks where quotes stood, so that what they held is known for quoted.

    Raises ConfigurationError for a quote that is not closed.
    """
    words: list[str] = []
    word, place = "", 0
    while place < len(line):
        part = expression_at(line, place) or PART.match(line, place)[0]  # type: ignore[index]
        place += len(part)
        # Within a word it is a character: names have it (Tank#1.Level).
        if part == "#" and not word:
            break
        if part in QUOTES:
            raise ConfigurationError("A quote is not closed", hint=f"In: {line.strip()}")
        if part.isspace():
            words, word = [*words, word] if word else words, ""
        elif part[0] in QUOTES:
            word += f"{QUOTES[part[0]]}{part[1:-1]}{QUOTES[part[0]]}"
        else:
            word += part
    return [*words, word] if word else words


def words_of(line: str) -> list[str]:
    """The words of a line as they were meant, their quotes gone."""
    return [plain(word) for word in marked_words(line)]


def expression_at(text: str, start: int) -> str:
    """The braces that open here, to their end, with what they hold; empty where none do or are not closed."""
    depth, quote = 0, ""
    for place in range(start, len(text)) if text[start] == "{" else ():
        character = text[place]
        if quote:
            quote = "" if character == quote else quote
        elif character in QUOTES:
            quote = character
        else:
            depth += (character == "{") - (character == "}")
        if not depth:
            return text[start : place + 1]
    return ""


def plain(word: str) -> str:
    """A word without marks."""
    return word.translate(PLAIN)


def as_word(name: str, *, literal: bool) -> str:
    """The word of a line that means this name and nothing else; empty where no word does.

    Names come from a gateway or a file, and what is completed is run: what stands in braces, parts words or
    looks like an option is offered to nobody. `literal` says that the place takes no variables.
    """
    if not name.isprintable() or set(name) & NEVER_OFFERED or name.startswith("-"):
        return ""
    # A variable may yet be made that a bare $ would name.
    forms = ("{}", "'{}'", '"{}"') if literal or "$" not in name else ("'{}'",)
    return next((word for word in (form.format(name) for form in forms) if means(word, name, literal)), "")


def means(word: str, name: str, literal: bool) -> bool:
    """Whether a word of a line stands for this name."""
    try:
        (marked,) = marked_words(word)
        return (plain(marked) if literal else expanded(marked, {})) == name
    except (ConfigurationError, ValueError):
        return False


# ------------------------------------------------------------------ what a word means


def as_it_stands(word: str, names: Names) -> str:
    """A pattern or a template: it means what it says, whatever variables there are.

    Raises ConfigurationError for what finds nothing as it stands, and may have been meant otherwise.
    """
    del names
    if IN_BRACES.fullmatch(word):
        hint = "In Python, gateway.find(pattern) takes a variable."
        raise ConfigurationError(
            f"{word} has no special meaning in a pattern, and no name has braces", hint=hint
        )
    if word == "?":
        hint = 'Help is %mxgw help COMMAND; the pattern is written in quotes: "?".'
        raise ConfigurationError("? alone may be a question or a pattern", hint=hint)
    return plain(word)


def expanded(word: str, names: Names) -> Any:
    """A value: a variable's own where the word is one, else the text with the variables in it put in.

    Raises ConfigurationError for a variable that is not there, and for one of many values within a text.
    """
    parts = list(parts_of(word, names))
    if len(parts) == 1:
        return plain(parts[0]) if isinstance(parts[0], str) else parts[0][0]
    return plain("".join(part if isinstance(part, str) else text_of(part[0]) for part in parts))


def tags(word: str, names: Names) -> list[Any]:
    """Tags: as many as commas part, or as a variable has; a list as Python writes it has brackets."""
    meant = expanded(word, names)
    if not isinstance(meant, str):
        return [meant]
    return [tag for part in SEPARATORS.split(meant) if (tag := without_brackets(part))]


def without_brackets(tag: str) -> str:
    """A tag without the bracket of the list that it begins or ends; an element, Tag[1], keeps its own."""
    tag = tag.removeprefix(OPENED)
    return tag.removesuffix(CLOSED) if tag.count(CLOSED) > tag.count(OPENED) else tag


def one_or_many(word: str, names: Names) -> list[Any]:
    """References: one, or as many as a variable has."""
    meant = expanded(word, names)
    return [meant] if isinstance(meant, str) else list(meant)


def listed(given: Sequence[Sequence[Any]]) -> list[Any]:
    """What several words mean, one after the other."""
    return [one for meant in given for one in meant]


def condition(word: str, names: Names) -> str:
    """A part of a condition, which has quotes of its own."""
    parts = (part if isinstance(part, str) else text_of(part[0]) for part in parts_of(word, names))
    return "".join(parts).translate(TYPED)


def text_of(value: Any) -> str:
    """A value within a text. Raises ConfigurationError for many, of which a text would make one name."""
    if hasattr(value, "__iter__") and not isinstance(value, str):
        hint = "Give it as a separate word."
        raise ConfigurationError(f"A {type(value).__name__} cannot be put into a text", hint=hint)
    return str(value)


def parts_of(word: str, names: Names) -> Iterator[str | tuple[Any]]:
    """The word in parts: texts, and the values of variables, each a tuple of one."""
    place = 0
    while field := FIELD.search(word, place):
        if field.start() > place:
            yield word[place : field.start()]
        place = field.end()
        if field["text"]:
            yield field["text"].removeprefix("$").removeprefix("{").removesuffix("}")
        elif field["name"]:
            yield from dollar_value(field["name"], names, alone=field[0] == word)
        elif braces := expression_at(word, field.start()):
            place = field.start() + len(braces)
            yield brace_value(braces, names)
        else:
            yield field[0]
    if place < len(word):
        yield word[place:]


def dollar_value(name: str, names: Names, *, alone: bool) -> Iterator[str | tuple[Any]]:
    """The value of `$name`, or of `$name.part` as far as it has such parts: `$tank.Level` is one tank's."""
    first, *others = name.split(".")
    if first not in names:
        if alone:
            raise no_variable(first, f"$${name}")
        yield f"${name}"
        return
    value = names[first]
    # As far as there are such attributes, and no methods: `$tank.Level` is a tag of the object that tank
    # names.
    while others and not callable(getattr(value, others[0], print)):
        value = getattr(value, others.pop(0))
    yield (value,)
    if others:
        yield f".{'.'.join(others)}"


def brace_value(braces: str, names: Names) -> str | tuple[Any]:
    """The value of `{expression}`, formatted as by an f-string where it asks; what is neither is a text."""
    code = compiled(braces[1:-1])
    if code is None and FORMATTED.fullmatch(braces):
        code = compiled(f"f'{braces}'")
    if code is None:
        return braces
    try:
        # On a copy: an expression that assigns would else change the notebook's names behind its back.
        return (eval(code, dict(names)),)
    except NameError as error:
        raise no_variable(str(error.name), f"{{{braces}}}") from None
    except Exception as error:
        raise ConfigurationError(f"{braces} has no value: {type(error).__name__}: {error}") from None


def compiled(expression: str) -> CodeType | None:
    """The code of an expression, also of `x for x in tags` as a call takes it; None where it is none."""
    for form in ("{}", "({})") if " for " in expression else ("{}",):
        with suppress(SyntaxError, ValueError):
            return compile(form.format(expression.strip()), "<%mxgw>", "eval")
    return None


def no_variable(name: str, text: str) -> ConfigurationError:
    """What to say of a variable that is not there."""
    return ConfigurationError(f"There is no variable {name}", hint=f"For the text itself write {text}.")
