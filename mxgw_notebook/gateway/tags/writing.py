"""Writing to tags, one or many, each on record however it ends.

Why: DECISIONS.md, "Each of many writes has its own outcome".
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Set
from typing import Any

import pandas as pd

from mxgw_notebook.client import (
    Allowed,
    GalaxyRepositoryClient,
    GatewayClient,
    Signature,
    Written,
    checks_all_arguments,
    values_by_tag,
)
from mxgw_notebook.errors import (
    ConfigurationError,
    GatewayError,
    TagError,
    UnknownTypeError,
    WriteError,
)
from mxgw_notebook.frames import aware, plant_table
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.changing import Changing
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.recorders import trail_feed
from mxgw_notebook.gateway.signing import signature_of, signers_given
from mxgw_notebook.gateway.tags.actions import ACTIONS_KEPT, Action, action_on, record_writes
from mxgw_notebook.gateway.tags.tag_facts import TagFacts, ask_for_types, ask_of_tag
from mxgw_notebook.gateway.trail import Trail
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.words import counted

WRITE_SECONDS = 10.0
WRITTEN = "written"
NOT_GIVEN: Any = object()


@names_its_plant
@checks_all_arguments
class TagWriting(Changing):
    """What a gateway does to tags. Every method blocks until it has its answer."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        super().__init__(runner, client, galaxy, model)
        self._actions = Trail(Action, ACTIONS_KEPT)
        self._recorders.feeds.append(lambda: trail_feed("writes", self._actions))

    def write(
        self,
        tag: Any,
        value: Any = NOT_GIVEN,
        *,
        timeout: float = WRITE_SECONDS,
        data_type: str | None = None,
        allow_nonfinite: bool = False,
        allow_empty: bool = False,
        user: str | None = None,
        verifier: str | None = None,
    ) -> pd.DataFrame:
        """Writes one value or many, and waits until the plant has taken them; one row per tag.

        Columns: `tag`, `written` (the value that was sent), `outcome`. With one value, `outcome` is
        `completed`; any other result raises an error. With many it is `completed`, `refused` (certainly not
        written) or `unknown` (it may have been written). The column `reason` says why, and a single tag
        raises no error.

        The tag is read first to find its type. A value that does not fit is not sent.

        Args:
            tag: The tag; or many values as a mapping, a table with the columns `tag` and `value`, or pairs.
            value: Its new value; with a list of tags, as many values. A time needs a zone; numpy's is UTC.
            timeout: Seconds for everything: reply, type and outcome.
            data_type: The tag's type (`Double`), if its value does not show it. Only for one value.
            allow_nonfinite: Sends infinity and NaN, which are refused otherwise.
            allow_empty: Sends None (as null) and an array without elements, which are refused otherwise.
            user: Who signs, for a SecuredWrite or VerifiedWrite attribute. The password is asked for, or
                comes from the keyring. It is not an argument, and is not stored.
            verifier: The second person, who verifies a VerifiedWrite.

        Raises:
            NotArmedError: The plant is not armed (see `arm`), or this cell has written before and you did not
                say yes to another write. Nothing was sent.
            ConfigurationError: The value does not fit the attribute's type.
            TagError: No such tag.
            WriteError: The plant refused it, e.g. a secured attribute (1012) or a verified one (1013).
            WriteOutcomeUnknownError: It may have been written, and nobody knows: read the tag.
        """
        self._check()
        allowed = Allowed(allow_nonfinite=allow_nonfinite, allow_empty=allow_empty)
        signers = signers_given(user, verifier)
        if isinstance(tag, str):
            if value is NOT_GIVEN:
                raise ConfigurationError(f"No value for {tag} is given", hint="Give one: write(tag, value).")
            if signers[0]:
                return self._write_signed(tag, value, data_type, timeout, allowed, signers)
            with self._changes.of({tag: value}, WRITTEN):
                return self._write_one(tag, value, data_type, timeout, allowed)
        values = paired(tag, value, data_type)
        with self._changes.of(values, WRITTEN):
            return self._write_many(values, timeout, allowed, self._signature(signers))

    def _signature(self, signers: tuple[str, str]) -> Signature | None:
        """The signature of these, asked for now; None for nobody."""
        return signature_of(self.plant, *signers) if signers[0] else None

    def _write_signed(
        self,
        tag: str,
        value: Any,
        data_type: str | None,
        timeout: float,
        allowed: Allowed,
        signers: tuple[str, str],
    ) -> pd.DataFrame:
        if data_type is not None:
            raise ConfigurationError("A signed write takes no data_type", hint="The type of the tag is used.")
        with self._changes.of({tag: value}, WRITTEN):
            signature = self._signature(signers)
            (written,) = self.runner.run(self._write_all({tag: value}, timeout, allowed, signature))
            if written.outcome != "completed":
                raise written.error or WriteError(tag, written.statuses, value=written.value)
        return self._outcome(tag, written.value, written.outcome)

    @blocking
    async def _write_one(
        self, tag: str, value: Any, data_type: str | None, timeout: float, allowed: Allowed
    ) -> pd.DataFrame:
        # `timeout` bounds the whole: asking what the tag takes, and writing again, have what is left of it.
        until = asyncio.get_running_loop().time() + timeout
        action = action_on(tag, value, self._model.known_attribute(tag).get("object"))
        with record_writes(self._actions, self._audit, action):
            try:
                written = await self._hub.writer.write_one(
                    tag, value, data_type=data_type, timeout=timeout, **allowed
                )
            # After these it is certain that nothing was written, so a second attempt cannot write twice.
            except (TagError, WriteError, UnknownTypeError) as error:
                facts = await ask_of_tag(self._model, self._galaxy, tag, seconds_until(until))
                if not isinstance(error, UnknownTypeError) or facts.value_type is None:
                    raise explained(error, facts) from None
                written = await self._hub.writer.write_one(
                    tag, value, data_type=facts.value_type, timeout=seconds_until(until), **allowed
                )
            action.take(written)
        return self._outcome(tag, written.value, action.outcome)

    def _outcome(self, tag: str, value: Any, outcome: str) -> pd.DataFrame:
        """The one row of a write of one value."""
        frame = pd.DataFrame({"tag": [tag], "written": [aware(value)], "outcome": [outcome]})
        frame.attrs = {"endpoint": self.endpoint}
        return frame

    @blocking
    async def _write_many(
        self, values: dict[str, Any], timeout: float, allowed: Allowed, signature: Signature | None
    ) -> pd.DataFrame:
        results = await self._write_all(values, timeout, allowed, signature)
        columns = {
            "tag": [result.tag for result in results],
            "written": pd.Series([aware(result.value) for result in results], dtype="object"),
            "outcome": [result.outcome for result in results],
            "reason": [result.failure for result in results],
        }
        frame = WholeTable(columns)
        frame.attrs = {"endpoint": self.endpoint}
        return frame

    async def _write_all(
        self,
        values: dict[str, Any],
        timeout: float,
        allowed: Allowed,
        signature: Signature | None = None,
    ) -> list[Written]:
        """Writes many; what became of each, one entry a tag, in order, and on record."""
        actions = [
            action_on(tag, value, self._model.known_attribute(tag).get("object"))
            for tag, value in values.items()
        ]
        for action in actions if signature is not None else ():
            action.operator = f"{action.operator}, {signature}".removeprefix(", ")
        until = asyncio.get_running_loop().time() + timeout
        with record_writes(self._actions, self._audit, *actions):
            results = await self._hub.writer.write_many(
                values, timeout=timeout, signature=signature, **allowed
            )
            results = await self._write_untold(values, results, until, allowed, signature)
            for action, result in zip(actions, results, strict=True):
                action.take(result)
        return results

    async def _write_untold(
        self,
        values: dict[str, Any],
        results: list[Written],
        until: float,
        allowed: Allowed,
        signature: Signature | None,
    ) -> list[Written]:
        """The results, after those tags were written of which only the galaxy tells what they take."""
        untold = [one.tag for one in results if isinstance(one.error, UnknownTypeError)]
        types = await ask_for_types(self._model, self._galaxy, untold, seconds_until(until))
        if not types:
            return results
        known = {one.tag: one for one in results}
        try:
            written = await self._hub.writer.write_many(
                {tag: values[tag] for tag in types},
                timeout=seconds_until(until),
                types=types,
                signature=signature,
                **allowed,
            )
        except GatewayError as error:  # the others have been written, and their outcomes are not to be lost
            written = [known[tag].failed(error) for tag in types]
        return list((known | {one.tag: one for one in written}).values())

    def actions(self) -> pd.DataFrame:
        """Every write made from here, one row each, by time of its outcome; the newest 10,000 are kept.

        Columns: `time` (UTC, this computer's clock, when it was asked for), `tag`, `object`, `value`,
        `operator` (the user's own name), `taken` (boolean: True if the plant has confirmed it, False if it
        was certainly not written, <NA> if nobody knows), `outcome` (`completed`, or the reason why not).
        `value` is the value that was sent, or the wanted one if none was sent. `attrs["dropped"]` counts
        those no longer kept. `alarm_report` and `acknowledged_without_action` take it as `actions`;
        `AlarmReview.report` uses it by default.
        """
        return plant_table(self._actions.frame())


def paired(tags: Any, values: Any, data_type: str | None) -> dict[str, Any]:
    """What many are to be written: as one argument has it, or a list of tags beside a list of values."""
    if data_type is not None:
        raise ConfigurationError("data_type is for one tag only", hint="Write that tag by itself.")
    if values is NOT_GIVEN:
        return values_by_tag(tags)
    named, given = listed(tags), listed(values)
    if named is None or given is None:
        hint = "Give {tag: value}, pairs, or as many values as tags."
        raise ConfigurationError("These are not tags and values", hint=hint)
    if isinstance(values, str) or len(named) != len(given):
        count = "one text" if isinstance(values, str) else counted(len(given), "value")
        raise ConfigurationError(f"{counted(len(named), 'tag')} and {count}", hint="Give each tag its value.")
    return values_by_tag(list(zip(named, given, strict=True)))


def listed(several: Any) -> list[Any] | None:
    """Several as a list; None for what has no row of them.

    Of a mapping or a table it would be the keys, of bytes numbers, and a set has no order.
    """
    if isinstance(several, bytes | bytearray | Mapping | Set) or hasattr(several, "columns"):
        return None
    try:
        return list(several)
    except TypeError:
        return None


def explained(error: GatewayError, facts: TagFacts) -> GatewayError:
    """A failed write's error, with what the galaxy knows of the tag where the error has no advice itself."""
    if isinstance(error, TagError) and facts.similar:
        return TagError(error.failures, hint=f"Did you mean {', '.join(facts.similar)}?")
    if isinstance(error, WriteError) and not error.hint and facts.security:
        hint = f"The attribute's security classification is {facts.security}."
        return WriteError(error.tag, error.statuses, hint=hint, value=error.value)
    return error


def seconds_until(moment: float) -> float:
    """The loop's seconds until then."""
    return max(0.0, moment - asyncio.get_running_loop().time())
