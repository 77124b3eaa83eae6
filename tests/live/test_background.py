"""Whatever runs in the background is known here, with the test that throws from it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mxgw_notebook

PACKAGE = Path(mxgw_notebook.__file__).parent
TESTS = Path(__file__).parent.parent
BEGINNINGS = (
    "Follower",
    "Ticking",
    "Thread",
    "every",
    "create_task",
    "ensure_future",
    "run_coroutine_threadsafe",
    "call_later",
    "call_at",
)
# By file, function and what begins it there: the test that throws from it, with words that stand in it; or,
# where whoever began it waits for its end and so hears of it, why nobody else has to.
KNOWN = {
    "cli/demo/lab_child.py main Thread": "ends the process by which it was begun",
    "cli/tags.py watch call_later": "ends a following, whose own end is what the command waits for",
    "client/threads.py Threads.submit Thread": "gives who asked what came of his call, its failure too",
    "cli/simulate.py obey_terminal Thread": "ends with the console's own input",
    "client/fast_events/process_reader.py ProcessReader.start Thread": (
        "live/test_background_readers.py", "_take_in"
    ),
    "client/fast_events/reader.py EventReader.__init__ Thread": (
        "live/test_background_readers.py", "messages"
    ),
    "client/bursts.py BurstStream.__init__ Thread": ("client/test_bursts.py", "messages"),
    "client/sessions/bulk.py BulkCommands._read_parts ensure_future": "awaited there",
    "client/fast_events/reader_child.py main Thread": "ends the process by which it was begun",
    "client/closing.py LooseEnds.begin ensure_future": "ended, and its failure logged, by its owner",
    "client/closing.py LooseEnds.close ensure_future": "awaited there, or by the client's close",
    "client/galaxy/repository.py GalaxyRepositoryClient._read_pages create_task": "awaited by the next page",
    "client/gateway.py GatewayClient.open_session ensure_future": "awaited there, or by the client's close",
    "client/sessions/feed.py EventFeed._resume create_task": ("live/test_unreadable.py", "_hand_out"),
    "client/sessions/feed.py EventFeed._start create_task": ("live/test_unreadable.py", "_hand_out"),
    "client/stream.py Stream._begin ensure_future": "awaited by whoever looks next",
    "gateway/alarms/alarms.py FollowedBoards.follow create_task": ("live/test_failing.py", "take"),
    "gateway/galaxy/deploys.py Deploys.__init__ every": ("gateway/test_failing_looks.py", "feed"),
    "gateway/galaxy/deploys.py Deploys._start create_task": ("live/test_unreadable.py", "deploy_of"),
    "gateway/tags/deploy_follower.py DeployFollower.begin create_task": (
        "live/test_unreadable.py", "is_same"
    ),
    "gateway/galaxy/completing.py Completing._look_for_alarms create_task": "awaited by the next key press",
    "gateway/tags/event_watch.py EventWatch.__init__ every": ("gateway/test_failing_looks.py", "look"),
    "cli/record.py follow_alarms create_task": "told by every line about it, and cancelled there",
    "cli/recorded_tags.py RecordedTags.follow create_task": "told by every line about it, cancelled there",
    "gateway/checkup/far_side.py of_gateway ensure_future": "awaited there",
    "gateway/checkup/finding.py beside Thread": "awaited there, for a time",
    "history/recorder.py Recorder.start Thread": ("history/test_recorder.py", "rows_of"),
    "history/segments.py Segments.__init__ Thread": ("history/test_recorder.py", "rolling.roll"),
    "live/alarms/alarm_follower.py AlarmFollower.__init__ Follower": ("live/test_failing.py", "AlarmBoard"),
    "live/alarms/alarm_follower.py AlarmFollower._read create_task": ("live/test_unreadable.py", "_ask"),
    "live/deploys.py DeployFeed.__init__ Follower": ("live/test_unreadable.py", "DeployFeed"),
    "live/follow.py Follower.start create_task": ("live/test_failing.py", "Follower"),
    "live/hub.py Hub.__init__ Follower": ("live/test_failing.py", "_take"),
    "live/kernel_loop.py KernelLoop.run create_task": "awaited there",
    "live/kernel_loop.py KernelLoop.start.begin create_task": ("live/test_loop.py", "nobody_waits_for"),
    "live/kernel_loop.py KernelLoop.every Ticking": ("live/test_loop.py", "each_reason_logged_once"),
    "live/loop.py LoopThread.__init__ Thread": "runs the loop itself",
    "live/loop.py LoopThread.run run_coroutine_threadsafe": "awaited there",
    "live/loop.py LoopThread.start run_coroutine_threadsafe": ("live/test_loop.py", "nobody_waits_for"),
    "live/loop.py LoopThread.every Ticking": ("live/test_loop.py", "each_reason_logged_once"),
    "live/plant/alarm_rounds.py AlarmRounds.__init__ create_task": ("live/test_failing.py", "AlarmBoard"),
    "live/plant/alarm_rounds.py AlarmRounds._wait_for_list create_task": "awaited there",
    "live/plant/deploy_news.py DeployNews.begin create_task": ("live/test_unreadable.py", "is_same"),
    "live/plant/plant.py Plant._close ensure_future": "awaited there",
    "live/plant/service.py run_until_stopped create_task": "awaited there",
    "live/session/link.py SessionLink.__init__ Follower": ("live/test_failing.py", "_wait_for_loss"),
    "live/session/reading.py start_in_thread ensure_future": "awaited there",
    "live/session/standby.py Standby.prepare ensure_future": (
        "live/test_background_readers.py", "launch_reader"
    ),
    "live/ticking.py Ticking._tick call_at": ("live/test_loop.py", "each_reason_logged_once"),
    "live/writes.py Writer._advise create_task": ("live/test_failing.py", "_release"),
    "live/watchdog.py Watchdog.__init__ Follower": ("live/test_failing.py", "_look_closer"),
    "widgets/live_widget.py LiveWidget.__init__ every": ("gateway/test_failing_looks.py", "since"),
}  # fmt: skip


def beginnings() -> Iterator[str]:
    """Every place in the package, the embedded gateway apart, where something begins to run by itself."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in ("_generated", "simulator") and "node_modules" not in name.parts:
            yield from (f"{name.as_posix()} {place}" for place in calls(ast.parse(path.read_text()), ()))


def calls(node: ast.AST, within: tuple[str, ...]) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        inside = (*within, child.name) if named else within  # type: ignore[attr-defined]  # it is one of these
        if isinstance(child, ast.Call):
            called = ast.unparse(child.func).rpartition(".")[2]
            if called in BEGINNINGS:
                yield f"{'.'.join(inside)} {called}"
        yield from calls(child, inside)


def test_everything_that_runs_in_the_background_is_known_here() -> None:
    assert set(beginnings()) == set(KNOWN)


@pytest.mark.parametrize("place", [place for place, shown in KNOWN.items() if not isinstance(shown, str)])
def test_each_of_it_has_a_test_that_throws_from_it(place: str) -> None:
    file, words = KNOWN[place]
    assert words in (TESTS / file).read_text()
