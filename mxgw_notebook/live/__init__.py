"""What runs in the background: the loop thread, shared subscriptions, histories, the alarm board."""

from mxgw_notebook.client import Samples
from mxgw_notebook.live.alarms import ActiveAlarm, AlarmBoard, BoardChanges
from mxgw_notebook.live.buffering import in_steps
from mxgw_notebook.live.conditions import (
    ConditionEvent,
    ConditionMonitor,
    Formula,
    Occasion,
    Present,
    in_order,
    parse,
    parse_formula,
)
from mxgw_notebook.live.deploys import Deploy, DeployFeed
from mxgw_notebook.live.follow import Standing
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.kernel_loop import KernelLoop
from mxgw_notebook.live.loop import LoopThread, loop_thread
from mxgw_notebook.live.plant import (
    AlarmRounds,
    AlarmUpdate,
    Following,
    Plant,
    PlantStatus,
    Sample,
    TagState,
    Update,
    connect_clients,
    run_until_stopped,
)
from mxgw_notebook.live.samples import CAPACITY, Gap, History, StreamHealth, Subscription, Taken
from mxgw_notebook.live.session import ReaderKind
from mxgw_notebook.live.watchdog import Patience

__all__ = [
    "CAPACITY",
    "ActiveAlarm",
    "AlarmBoard",
    "AlarmRounds",
    "AlarmUpdate",
    "BoardChanges",
    "ConditionEvent",
    "ConditionMonitor",
    "Deploy",
    "DeployFeed",
    "Following",
    "Formula",
    "Gap",
    "History",
    "Hub",
    "KernelLoop",
    "LoopThread",
    "Occasion",
    "Patience",
    "Plant",
    "PlantStatus",
    "Present",
    "ReaderKind",
    "Sample",
    "Samples",
    "Standing",
    "StreamHealth",
    "Subscription",
    "TagState",
    "Taken",
    "Update",
    "connect_clients",
    "in_order",
    "in_steps",
    "loop_thread",
    "parse",
    "parse_formula",
    "run_until_stopped",
]
