"""Another system's words as transitions. What a word says may depend on how the alarm stood before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import KINDS, NOTED
from mxgw_notebook.analysis.other_logs.layout import Layout
from mxgw_notebook.analysis.other_logs.tables import Origin
from mxgw_notebook.errors import ConfigurationError

RAISE, RETRIGGER, CLEAR, ACKNOWLEDGE = KINDS
Kinds = NDArray[Any]
Flags = NDArray[np.bool_]
Words = Mapping[str, str | None]


def spelled(word: Any) -> str:
    """A word as it is compared: whatever its case, with one underscore for what stands between its parts."""
    return "_".join(str(word).strip().upper().replace("-", " ").replace("_", " ").split())


def transitions(
    found: pd.Series[Any], layout: Layout, words: Words, alarms: pd.Series[Any], types: pd.Series[Any],
    origin: Origin,
) -> tuple[Kinds, Kinds]:  # fmt: skip
    """What each row says that happened, and what else at the same time; "" for nothing.

    A row may say two things at once: an alarm that was not acknowledged and is over and acknowledged now.

    Raises ConfigurationError for words that nobody explained, with how many rows have each.
    """
    told = meanings(layout, words)
    plain = found.map(spelled).replace(same_states(layout, words))
    check_known(found, plain, {*told, *layout.states}, layout, origin)
    kinds = np.array([told.get(word) or "" for word in plain], dtype=object)
    second = np.full(len(kinds), "", dtype=object)
    stated = (plain.isin(list(layout.states)) & ~plain.isin(list(told))).to_numpy()
    if stated.any():
        holds, answered = (
            np.array([layout.states[word][part] for word in plain[stated]], dtype=object) for part in (0, 1)
        )
        kinds[stated], second[stated] = by_state(
            pd.factorize(alarms[stated])[0], pd.factorize(types[stated])[0], holds, answered.astype(bool)
        )
    return kinds, second


def meanings(layout: Layout, words: Words) -> dict[str, str | None]:
    """The words that say what happened: the layout's own, and those that were explained."""
    told = dict(layout.events)
    for word, meaning in words.items():
        if meaning is not None and spelled(meaning) in layout.states:
            continue
        if meaning is None or meaning in KINDS or meaning in NOTED:
            told[spelled(word)] = meaning
        elif spelled(meaning) in layout.events:
            told[spelled(word)] = layout.events[spelled(meaning)]
        else:
            message = f"words= explains {word!r} by {meaning!r}, which is not a transition"
            hint = f"One is {', '.join((*KINDS, *NOTED))}, or None for what is about no alarm."
            raise ConfigurationError(message, hint=hint)
    return told


def same_states(layout: Layout, words: Words) -> dict[str, str]:
    """The words that were explained by one of the layout's own states."""
    return {
        spelled(word): spelled(meaning)
        for word, meaning in words.items()
        if meaning is not None and spelled(meaning) in layout.states
    }


def check_known(
    found: pd.Series[Any], plain: pd.Series[Any], known: set[str], layout: Layout, origin: Origin
) -> None:
    """Raises ConfigurationError for words that nobody explained: taken for nothing, they would be green."""
    strange = ~plain.isin(list(known))
    if not strange.any():
        return
    counts = found[strange].value_counts()
    listed = ", ".join(f"{word!r} ({rows:,} rows)" for word, rows in counts.head(8).items())
    more = f" and {len(counts) - 8} more" if len(counts) > 8 else ""
    first = origin.row(strange.to_numpy().argmax())
    message = f"{int(strange.sum()):,} of {len(found):,} rows have words of no known meaning: {listed}{more}"
    example = f"words={{{str(counts.index[0])!r}: 'raise'}}"
    hint = f"The first is in {first}. Say what they stand for, as {example}; None leaves them out."
    raise ConfigurationError(f"{message} (layout {layout.name})", hint=hint)


def by_state(codes: Any, types: Any, holds: Kinds, acked: Flags) -> tuple[Kinds, Kinds]:
    """The transitions between states of alarms, by number of the alarm and of its type, in the order of time.

    `holds` is whether the condition does after the row, None where the row leaves that open.
    """
    # Alarm by alarm, each in the order of its rows, so that the row before is the state before.
    order = np.argsort(codes, kind="stable")
    codes, types, acked = codes[order], types[order], acked[order]
    left_open = np.array([one is None for one in holds], bool)[order]
    inside = standing(codes, holds[order])
    new = np.append(True, codes[1:] != codes[:-1])
    was_in, was_acked = np.append(False, inside[:-1]), np.append(False, acked[:-1])
    seen = ~new  # of an alarm's first row nobody knows what was before
    other_type = np.append(False, types[1:] != types[:-1])
    kinds, second = np.full(len(codes), "", object), np.full(len(codes), "", object)
    asks, answers = inside & ~acked, inside & acked
    kinds[asks] = RAISE
    # While it stands, one of another type is a further state of the same alarm, as Hi and HiHi of InTouch.
    kinds[asks & seen & was_in & other_type] = RETRIGGER
    kinds[answers] = ACKNOWLEDGE
    # Between two rows it was raised and answered: the one row says both.
    came_back = answers & seen & ~was_in & ~left_open
    kinds[came_back], second[came_back] = RAISE, ACKNOWLEDGE
    kinds[~inside] = CLEAR
    over = ~inside & acked
    second[over & ~(seen & was_in & was_acked)] = ACKNOWLEDGE
    # It had cleared before, and waited: to be acknowledged now is not to clear once more.
    only_answered = (over & seen & ~was_in & ~was_acked) | (left_open & ~inside)
    kinds[only_answered], second[only_answered] = ACKNOWLEDGE, ""
    back = np.argsort(order, kind="stable")
    return kinds[back], second[back]


def standing(codes: Any, holds: Kinds) -> Flags:
    """Whether each alarm's condition holds after each row; one that leaves it open is as before it."""
    told = pd.Series([np.nan if one is None else float(one) for one in holds])
    # Nothing before: an alarm that is acknowledged has been one.
    found: Flags = told.groupby(codes).ffill().fillna(1.0).to_numpy() > 0
    return found
