"""What runs in the background: the loop thread, shared subscriptions, histories, the alarm board."""

from mxgw_notebook.live.active_alarm import ActiveAlarm
from mxgw_notebook.live.alarm_board import AlarmBoard, BoardChanges
from mxgw_notebook.live.gaps import Gap
from mxgw_notebook.live.health import StreamHealth
from mxgw_notebook.live.history import History, Samples
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.kernel_loop import KernelLoop
from mxgw_notebook.live.loop import LoopThread, loop_thread
from mxgw_notebook.live.reading import ReaderKind
from mxgw_notebook.live.subscription import Subscription
from mxgw_notebook.live.watchdog import Patience

__all__ = [
    "ActiveAlarm",
    "AlarmBoard",
    "BoardChanges",
    "Gap",
    "History",
    "Hub",
    "KernelLoop",
    "LoopThread",
    "Patience",
    "ReaderKind",
    "Samples",
    "StreamHealth",
    "Subscription",
    "loop_thread",
]
