"""Following, acknowledging and reviewing alarms."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.analysis import AlarmReport
from mxgw_notebook.client import (
    ACKNOWLEDGE_SECONDS,
    AlarmRecord,
    GalaxyRepositoryClient,
    GatewayClient,
    checks_all_arguments,
    text_given,
)
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import plant_table
from mxgw_notebook.gateway.alarms.acknowledging import ACKNOWLEDGED, Acknowledgement, Acknowledger, named
from mxgw_notebook.gateway.alarms.filter import AlarmFilter
from mxgw_notebook.gateway.alarms.review import AlarmReview
from mxgw_notebook.gateway.alarms.reviewed_board import ReviewedBoard
from mxgw_notebook.gateway.alarms.services import AlarmServices
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.operator_name import operator_name
from mxgw_notebook.gateway.plans import Planning
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.recorders import trail_feed
from mxgw_notebook.gateway.trail import Trail
from mxgw_notebook.live import AlarmBoard

ACKNOWLEDGEMENTS_KEPT = 100_000
SNAPSHOT_SECONDS = 5.0


@names_its_plant
@checks_all_arguments
class Alarms(Planning):
    """What a gateway does with alarms. Every method blocks until it has its answer."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        super().__init__(runner, client, galaxy, model)
        self._acknowledgements = Trail(Acknowledgement, ACKNOWLEDGEMENTS_KEPT)
        self._recorders.feeds.append(lambda: trail_feed("acknowledges", self._acknowledgements))
        self._acknowledger = Acknowledger(client, self._acknowledgements, self._audit)
        self._boards = FollowedBoards(client)
        self._newest_review: AlarmReview | None = None
        self._alarm_services = AlarmServices(
            endpoint=client.options.target,
            runner=runner,
            acknowledger=self._acknowledger,
            changes=self._changes,
            read=self._hub.read,
            watch=self._begin_watch,
            actions=self._actions.frame,
            attributes=partial(model.attributes, None, is_alarm=True),
            gateway_now=lambda: self._hub.gateway_now,
            unfollow=self._boards.unfollow,
            recorders=self._recorders,
            profile=self.profile,
        )

    def alarms(
        self,
        prefix: str = "",
        *,
        area: str = "",
        min_severity: int | None = None,
        state: str = "",
        text: str = "",
        operator: str | None = None,
        comment_required: bool = False,
    ) -> AlarmReview:
        """Live alarms: a table when displayed, DataFrames by `frame()`, `history()` and `episodes()`.

        A second call with the same arguments returns the same review with its history, until that is stopped.

        Args:
            prefix: Only alarms whose reference begins with this; the gateway sends no others.
            area: A glob or a part of the area's name.
            min_severity: The least urgent severity to show: 500 shows 1 (the most urgent) to 500.
            state: Only alarms that are unacknowledged, acknowledged, cleared (and unacknowledged), or of
                unknown state.
            text: Words that must all be in reference, description, operator or comment.
            operator: The name in acknowledgements. Default: the user's own name, empty if it is unknown.
            comment_required: Refuses acknowledgements from here without a comment, also in the table.

        Raises:
            ConfigurationError: There is no such state or severity, or the prefix or operator is not text.
        """
        self._check()
        text_given(operator or "", "An operator's name", "Give the one that acknowledgements carry.")
        chosen = AlarmFilter(area, min_severity, state, text)
        asked = (prefix, chosen, operator or operator_name(), comment_required)
        if (found := self._views.find(AlarmReview, asked)) is not None:
            self._newest_review = found
            return found
        opened_ns = self._hub.gateway_now
        board = self.runner.run(self._boards.follow(prefix))
        reviewed = ReviewedBoard(
            board, chosen, operator or operator_name(), opened_ns, comment_required=comment_required
        )
        self._newest_review = AlarmReview(reviewed, self._alarm_services)
        return self._views.add(self._newest_review, asked)

    def acknowledge(
        self,
        *references: Any,
        comment: str = "",
        operator: str | None = None,
        timeout: float = ACKNOWLEDGE_SECONDS,
    ) -> pd.DataFrame:
        """Acknowledges alarms by reference, or active ones by glob; one row each with its `result`.

        Also takes lists and Series of references, and tables with a column `reference`.

        Columns: `reference`, `result` (`acknowledged`, or the reason why not), `acknowledged` (boolean, <NA>
        if nobody knows). `timeout` is seconds for all alarms together. An alarm that was not sent in time is
        not acknowledged; one that was sent without an answer is not known. `audit()` has them all.

        Raises:
            NotArmedError: As for `write`.
            ConfigurationError: There is no reference, or a glob matches nothing.
            CallError: It was one alarm, and it failed.
            OutcomeUnknownError: It was one alarm, and it may be acknowledged.
        """
        self._check()
        name = text_given(operator or operator_name(), "An operator's name", "Give the one to be recorded.")
        with self._changes.of(named(references), ACKNOWLEDGED):
            return self.runner.run(
                self._acknowledger.acknowledge(references, comment=comment, operator=name, timeout=timeout)
            )

    def alarm_report(self, **settings: Any) -> AlarmReport:
        """The report of the newest review; see `AlarmReview.report`.

        Raises:
            ConfigurationError: There is no review.
        """
        if self._newest_review is None:
            raise ConfigurationError("No alarms were followed yet", hint="Begin with {alarms}.")
        return self._newest_review.report(**settings)

    def audit(self, file: str | Path | None = None) -> pd.DataFrame:
        """Every acknowledgement made from here (call, magic or table), one row each, by time of its outcome.

        Columns: `time` (UTC), `reference`, `operator` (empty if the system knows no user name), `comment`,
        `acknowledged` (boolean, <NA> if nobody knows), `result`, `asked_by` (call or table). The newest
        100,000 are kept; `attrs["dropped"]` counts the others. With `file`, further ones are also appended to
        that CSV file. `audit_trail()` also has writes, armings and plans.

        Raises:
            ConfigurationError: The file cannot be written.
        """
        if file is not None:
            self._acknowledgements.write_to(file)
        return plant_table(self._acknowledgements.frame())

    async def _end_alarms(self) -> None:
        await self._boards.close()


class FollowedBoards:
    """Owns the tasks that follow boards. Everything here runs on the loop."""

    def __init__(self, client: GatewayClient) -> None:
        self._client = client
        self._following: dict[AlarmBoard, asyncio.Task[None]] = {}

    async def follow(self, prefix: str) -> AlarmBoard:
        """A new board that has its first snapshot, or has waited for it in vain."""
        board = AlarmBoard(self._client, prefix)
        following = self._following[board] = asyncio.create_task(board.follow())
        snapshot = asyncio.create_task(board.first_snapshot())
        try:
            await asyncio.wait(
                (following, snapshot), timeout=SNAPSHOT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        except asyncio.CancelledError:
            # An interrupt: nobody will have the board, so nobody could end its following.
            await self.unfollow(board)
            raise
        finally:
            snapshot.cancel()
        return board

    def account(self) -> list[AlarmRecord]:
        """Every transition that the boards have, and how the alarms came to be that stood before."""
        return [record for board in list(self._following) for record in board.account()]

    @property
    def unknown(self) -> int:
        """Messages, states and transitions of unknown kinds that came to the boards that are followed."""
        return sum(board.unknown for board in self._following)

    async def unfollow(self, board: AlarmBoard) -> None:
        """Ends a board's following, and waits until nothing more comes of it; harmless the second time."""
        following = self._following.pop(board, None)
        if following is not None:
            following.cancel()
            await asyncio.wait({following})

    async def close(self) -> None:
        """Ends the following of every board."""
        for following in self._following.values():
            following.cancel()
        await asyncio.gather(*self._following.values(), return_exceptions=True)
