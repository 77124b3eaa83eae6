"""A log of alarm transitions as a DataFrame: what it needs, and what it says of itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import in_reason, kinds_joined, known_ns

NEEDED = ("reference", "time", "transition")
# What a log may leave out, and what stands for it then.
OPTIONAL: dict[str, Any] = {
    "tag": "", "area": "", "description": "", "severity": 0, "alarm_type": "", "operator": "", "comment": "",
    "value": None, "limit": None, "origin": "",
}  # fmt: skip
# Where a log has what is not a number beside its numbers.
TEXTS_BESIDE = {"value": "value_text", "limit": "limit_text"}
TIMES = ("time", "raised")
KINDS = ("raise", "retrigger", "clear", "acknowledge")
# What a log tells besides: that an alarm went out of service or came back, and that somebody wrote.
OUT_OF_SERVICE = {
    "shelved": "unshelved", "suppressed": "unsuppressed", "silenced": "unsilenced", "disabled": "enabled",
    "inhibited": "uninhibited",
}  # fmt: skip
WRITE = "write"
NOTED = (*OUT_OF_SERVICE, *OUT_OF_SERVICE.values(), WRITE)
UNKNOWN = np.iinfo(np.int64).min  # a time that is not known, as NaT is stored
REVIEWED, NOT_CONNECTED = "reviewed", "not_connected"
TURNED_ROUND, LEFT_OUT, NOTES, SOURCE = "turned_round", "left_out", "notes", "source"
UNTIMED = "untimed"
ONLY = "only"  # in words, of which of the plant's alarms the log is, where it is not of all
DISORDERED = "disordered"
SERVICE_KNOWN = "service_known"  # somebody looked which alarms are out of service
KEPT = (REVIEWED, NOT_CONNECTED, TURNED_ROUND, LEFT_OUT, UNTIMED, DISORDERED, NOTES, SOURCE, ONLY)


def checked_log(history: pd.DataFrame) -> pd.DataFrame:
    """The log with every column the analysis asks for, oldest row first; times out of reason are NaT.

    The rows stay as they are, in the order they came, unless that is plainly the newest first: then they are
    turned round, and `attrs["turned_round"]` says so. `attrs["left_out"]` counts transitions of kinds that
    the gateway itself does not name, `attrs["untimed"]` raises of which nobody knows when,
    `attrs["disordered"]` rows that are older than the one before them. Rows of NOTED words are no transitions
    of alarms, and stay.

    Raises:
        ConfigurationError: `reference`, `time` or `transition` is missing, a transition is called by a word
            that is not ours, times are numbers or texts that are no times, transitions are of no alarm.
    """
    if missing := [name for name in NEEDED if name not in history]:
        columns = ", ".join(map(str, history.columns)) or "none"
        message = f"This is not a log of alarm transitions: no column {' and no '.join(missing)}"
        raise ConfigurationError(message, hint=f"Its columns are {columns}; history() gives the right ones.")
    history = kinds_joined(history, **TEXTS_BESIDE)
    absent = {name: value for name, value in OPTIONAL.items() if name not in history}
    if "raised" not in history:
        absent["raised"] = pd.NaT
    times = {name: reasonable(history[name]) for name in TIMES if name in history}
    log = history.assign(**absent, **times)
    for name, count in ((LEFT_OUT, count_left_out(log["transition"])), (UNTIMED, count_untimed(log))):
        if count:
            log = noted(log, name, count)
    if not newest_first(log):
        back = count_disordered(log)
        return noted(log, DISORDERED, back) if back else log
    return noted(log.iloc[::-1].reset_index(drop=True), TURNED_ROUND, True)


def count_untimed(log: pd.DataFrame) -> int:
    """How many raises there are of which nobody knows when.

    Raises ConfigurationError for transitions that name no alarm: all of them would be one.
    """
    words = {word: kind_word(word) for word in log["transition"].unique() if kind_word(word) in KINDS}
    blank = [name for name in log["reference"].unique() if pd.isna(name) or not str(name).strip()]
    count = int(log["transition"][log["reference"].isin(blank)].isin(list(words)).sum()) if blank else 0
    if count:
        raise ConfigurationError(
            f"{count:,} of {len(log):,} rows have transitions of no alarm: no reference",
            hint="Leave those rows out, or name the column that has it.",
        )
    untimed = log["transition"][log["time"].isna() & log["raised"].isna()]
    return int(untimed.map(words).eq(KINDS[0]).sum())


def count_left_out(transitions: pd.Series[Any]) -> int:
    """How many transitions are of a kind that the gateway does not name.

    Raises ConfigurationError for words of another system: taken for nothing, a log full of alarms would be
    reviewed as one without any.
    """
    counts = transitions.value_counts(dropna=False)
    counts = counts[counts > 0]  # of a categorical its unused words are listed, too
    words = {word: kind_word(word) for word in counts.index}
    known = (*KINDS, *NOTED)
    strange = [word for word, plain in words.items() if plain not in known and not unnamed(plain)]
    if strange:
        rows = int(sum(counts[word] for word in strange))
        listed = ", ".join(repr(words[word] and str(word)) for word in strange[:8])
        more = f" and {len(strange) - 8} more" if len(strange) > 8 else ""
        message = f"{rows:,} of {len(transitions):,} rows have transitions of unknown words: {listed}{more}"
        raise ConfigurationError(
            message, hint=f"The words are {', '.join(KINDS)}; read_alarm_log(..., words={{...}}) translates."
        )
    return int(sum(counts[word] for word, plain in words.items() if plain not in known))


def kind_word(transition: Any) -> str:
    """A transition's word as KINDS have it, whatever its case and the blanks around it; empty for none."""
    return "" if pd.isna(transition) else str(transition).strip().lower()


def unnamed(word: str) -> bool:
    """Whether this is how a kind is written that the contract has no name for: its number, or unknown."""
    return word.isdecimal() or word.startswith(("unknown", "unspecified"))


def newest_first(log: pd.DataFrame) -> bool:
    """Whether no row is younger than the one before it, and not all are of one time.

    A log that says what it covers is one of ours, in the order in which the transitions came; there a
    time that goes backwards is a clock that was set back.
    """
    times = stamps(log["time"])
    times = times[times != UNKNOWN]
    if REVIEWED in log.attrs or len(times) < 2:
        return False
    return bool((times[1:] <= times[:-1]).all() and times[0] > times[-1])


def count_disordered(log: pd.DataFrame) -> int:
    """How many rows are older than the one before; none of a log of ours, in which a clock was set back."""
    times = stamps(log["time"])
    times = times[times != UNKNOWN]
    return 0 if REVIEWED in log.attrs else int((times[1:] < times[:-1]).sum())


def noted(frame: pd.DataFrame, name: str, value: Any) -> pd.DataFrame:
    """The frame with one more thing said in its `attrs`; the one that was given keeps its own."""
    found = frame.copy(deep=False)
    found.attrs = {**frame.attrs, name: value}
    return found


def reasonable(times: pd.Series[Any]) -> pd.Series[Any]:
    """The times, UTC; NaT for one that is missing or out of reason: a year 1 would make ages of centuries."""
    found = in_reason(stamps(times)).view("datetime64[ns]")
    return pd.Series(pd.DatetimeIndex(found).tz_localize("UTC"), index=times.index)


def stamps(times: pd.Series[Any]) -> Any:
    """Times as int64 nanoseconds since 1970 UTC; NaT is UNKNOWN. Naive ones count as UTC.

    Raises ConfigurationError for numbers, whose unit nobody tells, and for texts that are no times.
    """
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        return known_ns(times)
    kind = pd.api.types.infer_dtype(times, skipna=True)
    if (
        kind in ("integer", "floating", "mixed-integer", "mixed-integer-float", "decimal")
        and times.notna().any()
    ):
        message = f"{times.name or 'time'} holds numbers, but their unit is not known"
        raise ConfigurationError(
            message, hint='Make times of them first: pd.to_datetime(..., unit="s", utc=True).'
        )
    try:
        return known_ns(times)
    except (ValueError, TypeError, OverflowError) as error:
        reason = str(error).partition(". You might")[0]
        raise ConfigurationError(f"{times.name or 'time'} holds no times: {reason}") from None
