"""What a gateway's connection can tell of a time: what a deploy did, and a dossier of an incident."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.analysis import Dossier, Snapshot, alarm_episodes, deploy_impact, impact_page
from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import stretch, transitions_frame
from mxgw_notebook.gateway.noting import Noting
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.history import Past, clock_span_ns, gap_table, instant_ns, within
from mxgw_notebook.live import Deploy

CLOCKS = {"times": "by the gateway's clock; of writes and acknowledges by this computer's"}
EARLIER = "the newest; whether there were earlier ones within this time is not known"


@names_its_plant
@checks_all_arguments
class Accounts(Noting):
    """What came of a deploy, and of an incident. Every method blocks until it has its answer."""

    def impact(
        self, before: Snapshot | str | Path, *, deployed: Any = None, window: str = "30min"
    ) -> pd.DataFrame:
        """How the plant behaved after a deploy compared with before, as `analysis.deploy_impact`.

        It uses the tags that are watched or recorded, and the alarms of open reviews.

        Args:
            before: A snapshot or its file, from before the deploy.
            deployed: When, as `start` in `history`. Default: the last deploy of the galaxy.
            window: The length of time that is compared, before and after.

        Raises:
            ConfigurationError: There are no values so far, no such snapshot, or a time is not valid.
        """
        return self._looked_at(before, deployed, window)[0]

    def impact_page(
        self, before: Snapshot | str | Path, *, deployed: Any = None, window: str = "30min"
    ) -> Dossier:
        """The same as a page, each finding with the trend of its tag: `.save("impact.html")`.

        Arguments and errors as in `impact`.
        """
        found, samples = self._looked_at(before, deployed, window)
        return impact_page(found, samples, window=window)

    def _looked_at(
        self, before: Snapshot | str | Path, deployed: Any, window: str
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What a deploy did, and the samples by which that was found."""
        self._check()
        old = before if isinstance(before, Snapshot) else Snapshot.read(before)
        after, now, past = self._present_galaxy(), self._hub.gateway_now, self._past()
        at = instant_ns(after.deployed if deployed is None else deployed, now)
        if at > now:
            raise ConfigurationError(
                "The deploy is in the future by the gateway's clock", hint="Name another."
            )
        length = stretch(window).as_unit("ns").value
        tags, end = self._named_in(past, []), min(at + length, now)
        moments = {"deployed": pd.Timestamp(at, tz="UTC"), "until": pd.Timestamp(end, tz="UTC")}
        samples, alarms = past.frame(tags, at - length, end), known_alarms(past, 0, end)
        frame = deploy_impact(samples, old, after, window=window, alarms=alarms, **moments)
        frame.attrs["endpoint"] = self.endpoint
        return frame, samples

    def dossier(
        self, start: Any, end: Any = None, *, tags: str | Sequence[str] | None = None, title: str = "Dossier"
    ) -> Dossier:
        """All that is known about a stretch of time, as one page: `.save("dossier.html")`.

        It has tags that are watched or recorded, alarms of open reviews, writes made from here, and the notes
        of the plant. What nobody recorded is shown as unknown.

        Args:
            start: As in `history`. A time of day alone, `"03:05"` (UTC), means the latest such time in the
                past.
            end: The same. Default: now.
            tags: Names, globs, or `"@feed"`. Default: all known tags.
            title: The page's heading.

        Raises:
            ConfigurationError: There are no values of a tag, or a time is not valid.
        """
        self._check()
        if start is None:
            raise ConfigurationError("None is not a time", hint='Say when the dossier begins: "03:05", -2h.')
        past, galaxy = self._past(), self._present_galaxy()
        span = clock_span_ns(start, end, self._hub.gateway_now)
        ends = pd.Timestamp(span[0], tz="UTC"), pd.Timestamp(span[1], tz="UTC")
        wanted = self._named_in(past, [tags] if isinstance(tags, str) else list(tags or ()))
        alarms = known_alarms(past, *span)
        tables = {
            "Gaps": gap_table(past.gaps(wanted, *span)),
            "Alarms": alarms,
            "Episodes": None if alarms is None else alarm_episodes(alarms),
            "Writes": within(self._actions.frame(), *ends),
            "Acknowledges": within(self._acknowledgements.frame(), *ends),
            "Deploys": deploys_within(self._deploy_follower.deploys, galaxy, *span),
            "Notes": within(self.notes(), *ends),
        }
        told = {"plant": self.plant, "gateway": self.endpoint, "galaxy deployed": galaxy.deployed, **CLOCKS}
        return Dossier(title, *ends, past.frame(wanted, *span), tables, told)

    def _present_galaxy(self) -> Snapshot:
        found = self.runner.run(self._model.load())
        return Snapshot(found.objects, found.attributes)


def known_alarms(past: Past, start_ns: int, end_ns: int) -> pd.DataFrame | None:
    """The transitions of a time; None where no alarm was ever seen, for then perhaps nobody listened."""
    seen = past.alarms(0, end_ns)
    return transitions_frame([one for one in seen if one.changed_ns >= start_ns]) if seen else None


def deploys_within(
    heard: Sequence[Deploy], galaxy: Snapshot, start_ns: int, end_ns: int
) -> pd.DataFrame | None:
    """The deploys of a time that were heard of: `deployed`, `objects`, `attributes`, `note`.

    Where nobody listened, the galaxy's last; None where nobody knows.
    """
    known = [
        (pd.Timestamp(one.deployed).as_unit("ns").value, one) for one in heard if one.deployed is not None
    ]
    if not known:
        return last_deploy(galaxy, start_ns, end_ns)
    first = known[0][0]
    # The first that is known was the last there was when the listening began: from it on all are known.
    note = "" if first <= start_ns else "whether there were earlier ones within this time is not known"
    rows = [
        (pd.Timestamp(at, tz="UTC"), one.objects, one.attributes, note if at == first else "")
        for at, one in known
        if start_ns <= at <= end_ns
    ]
    return pd.DataFrame(rows, columns=["deployed", "objects", "attributes", "note"])


def last_deploy(galaxy: Snapshot, start_ns: int, end_ns: int) -> pd.DataFrame | None:
    """The galaxy's last deploy where it was within a time: `deployed`, `note`; None where nobody knows."""
    if not galaxy.deployed[:1].isdigit():
        return None
    at = instant_ns(galaxy.deployed, end_ns)
    if at > end_ns:
        return None
    rows = [(pd.Timestamp(at, tz="UTC"), EARLIER)] if at >= start_ns else []
    return pd.DataFrame(rows, columns=["deployed", "note"])
