"""What runs in the background: the loop thread, shared subscriptions, histories, the alarm board."""

from mxgw_notebook.live.alarm_board import ActiveAlarm, AlarmBoard, BoardChanges
from mxgw_notebook.live.history import History, Samples
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.kernel_loop import KernelLoop
from mxgw_notebook.live.link import Outage
from mxgw_notebook.live.loop import LoopThread, loop_thread
from mxgw_notebook.live.subscription import Subscription

__all__ = [
    "ActiveAlarm",
    "AlarmBoard",
    "BoardChanges",
    "History",
    "Hub",
    "KernelLoop",
    "LoopThread",
    "Outage",
    "Samples",
    "Subscription",
    "loop_thread",
]
