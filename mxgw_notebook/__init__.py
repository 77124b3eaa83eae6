"""Explore a plant on AVEVA System Platform from Jupyter, through the MXAccess Gateway.

In a notebook: `%load_ext mxgw_notebook`, then `%mxgw help`. In Python: `mxgw_notebook.connect("demo")`.
In a service: the async `Plant`, which recovers by itself. In a script: the async `GatewayClient` and
`GalaxyRepositoryClient`. The manual, with every name, command, column and error: `mxgw-py docs`.

Why: DECISIONS.md, "gRPC's own notes are silenced".
"""

from __future__ import annotations

import importlib
import logging
import os
from importlib.metadata import version
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from mxgw_notebook.analysis import (
        AlarmReport,
        Dossier,
        Drawings,
        Snapshot,
    )
    from mxgw_notebook.client import (
        AlarmRecord,
        Arming,
        ClientOptions,
        DeployEvent,
        Event,
        EventStream,
        GalaxyAttribute,
        GalaxyNode,
        GalaxyObject,
        GalaxyRepositoryClient,
        Gate,
        GatewayClient,
        GatewayClock,
        Inbox,
        LastDeploy,
        OpenStream,
        Operator,
        ProviderStatus,
        Reading,
        ReplayGap,
        Session,
        SnapshotComplete,
        Stream,
        Subscribed,
        WorkerInfo,
        WriteEntry,
        Written,
    )
    from mxgw_notebook.errors import (
        AuthenticationError,
        CallError,
        CallTimeoutError,
        ConfigurationError,
        GatewayError,
        GatewayUnavailableError,
        InvalidRequestError,
        LimitExceededError,
        MissingPackageError,
        MxAccessError,
        NotArmedError,
        NotConnectedError,
        NotFoundError,
        OutcomeUnknownError,
        PermissionDeniedError,
        PlanError,
        PreconditionError,
        ReplyError,
        SessionClosedError,
        Status,
        TagError,
        UnknownTypeError,
        WriteError,
        WriteOutcomeUnknownError,
    )
    from mxgw_notebook.gateway import (
        XY,
        AlarmMarks,
        AlarmReview,
        Browser,
        Completing,
        Deploys,
        EventWatch,
        Gateway,
        Instances,
        KeptValues,
        Plan,
        Replay,
        SavedGalaxy,
        Watch,
        connect,
        connections,
        current,
        disconnect,
        doctor,
        flights,
        link,
        use,
    )
    from mxgw_notebook.history import (
        Keep,
        Progress,
        RecordedParts,
        Recorder,
        Recording,
        open_recording,
    )
    from mxgw_notebook.live import (
        AlarmRounds,
        AlarmUpdate,
        ConditionEvent,
        Deploy,
        Following,
        Gap,
        Occasion,
        Plant,
        PlantStatus,
        Sample,
        Subscription,
        TagState,
        Update,
        run_until_stopped,
    )
    from mxgw_notebook.widgets import (
        AlarmRow,
        AlarmTable,
        GalaxyPanel,
        Outcome,
        Trend,
        ValueTable,
    )

__all__ = [
    "XY",
    "AlarmMarks",
    "AlarmRecord",
    "AlarmReport",
    "AlarmReview",
    "AlarmRounds",
    "AlarmRow",
    "AlarmTable",
    "AlarmUpdate",
    "Arming",
    "AuthenticationError",
    "Browser",
    "BurstStream",
    "CallError",
    "CallTimeoutError",
    "ClientOptions",
    "Completing",
    "ConditionEvent",
    "ConfigurationError",
    "Deploy",
    "DeployEvent",
    "Deploys",
    "Dossier",
    "Drawings",
    "Event",
    "EventStream",
    "EventWatch",
    "Following",
    "GalaxyAttribute",
    "GalaxyNode",
    "GalaxyObject",
    "GalaxyPanel",
    "GalaxyRepositoryClient",
    "Gap",
    "Gate",
    "Gateway",
    "GatewayClient",
    "GatewayClock",
    "GatewayError",
    "GatewayUnavailableError",
    "Inbox",
    "Instances",
    "InvalidRequestError",
    "Keep",
    "KeptValues",
    "LastDeploy",
    "LimitExceededError",
    "MissingPackageError",
    "MxAccessError",
    "NotArmedError",
    "NotConnectedError",
    "NotFoundError",
    "Occasion",
    "OpenStream",
    "Operator",
    "Outcome",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "Plan",
    "PlanError",
    "Plant",
    "PlantStatus",
    "PreconditionError",
    "Progress",
    "ProviderStatus",
    "ReadColumns",
    "Reading",
    "RecordedParts",
    "Recorder",
    "Recording",
    "Replay",
    "ReplayGap",
    "ReplyError",
    "Sample",
    "SavedGalaxy",
    "Session",
    "SessionClosedError",
    "Snapshot",
    "SnapshotComplete",
    "Status",
    "Stream",
    "Subscribed",
    "Subscription",
    "TagError",
    "TagState",
    "Trend",
    "UnknownTypeError",
    "Update",
    "ValueTable",
    "Watch",
    "WorkerInfo",
    "WriteEntry",
    "WriteError",
    "WriteOutcomeUnknownError",
    "Written",
    "connect",
    "connections",
    "current",
    "disconnect",
    "doctor",
    "flights",
    "link",
    "open_recording",
    "run_until_stopped",
    "use",
]

# A script that needs the async client alone does not pay for pandas and widgets.
HOMES = {
    "mxgw_notebook.analysis": (
        "AlarmReport",
        "Dossier",
        "Drawings",
        "Snapshot",
    ),
    "mxgw_notebook.client": (
        "BurstStream",
        "GatewayClock",
        "LastDeploy",
        "AlarmRecord",
        "Arming",
        "ClientOptions",
        "DeployEvent",
        "Event",
        "EventStream",
        "GalaxyAttribute",
        "GalaxyNode",
        "GalaxyObject",
        "GalaxyRepositoryClient",
        "Gate",
        "GatewayClient",
        "Inbox",
        "OpenStream",
        "Operator",
        "ProviderStatus",
        "ReadColumns",
        "Reading",
        "ReplayGap",
        "Session",
        "SnapshotComplete",
        "Stream",
        "Subscribed",
        "WorkerInfo",
        "WriteEntry",
        "Written",
    ),
    "mxgw_notebook.errors": (
        "AuthenticationError",
        "CallError",
        "CallTimeoutError",
        "ConfigurationError",
        "GatewayError",
        "GatewayUnavailableError",
        "InvalidRequestError",
        "LimitExceededError",
        "MissingPackageError",
        "MxAccessError",
        "NotArmedError",
        "NotConnectedError",
        "NotFoundError",
        "OutcomeUnknownError",
        "PermissionDeniedError",
        "PlanError",
        "PreconditionError",
        "ReplyError",
        "SessionClosedError",
        "Status",
        "TagError",
        "UnknownTypeError",
        "WriteError",
        "WriteOutcomeUnknownError",
    ),
    "mxgw_notebook.gateway": (
        "AlarmMarks",
        "AlarmReview",
        "Browser",
        "Completing",
        "Deploys",
        "EventWatch",
        "Gateway",
        "Instances",
        "KeptValues",
        "Plan",
        "Replay",
        "SavedGalaxy",
        "Watch",
        "XY",
        "connect",
        "connections",
        "current",
        "disconnect",
        "doctor",
        "flights",
        "link",
        "link",
        "use",
    ),
    "mxgw_notebook.history": (
        "Keep",
        "Progress",
        "RecordedParts",
        "Recorder",
        "Recording",
        "open_recording",
    ),
    "mxgw_notebook.live": (
        "AlarmRounds",
        "AlarmUpdate",
        "ConditionEvent",
        "Deploy",
        "Following",
        "Gap",
        "Occasion",
        "Plant",
        "PlantStatus",
        "Sample",
        "Subscription",
        "TagState",
        "Update",
        "run_until_stopped",
    ),
    "mxgw_notebook.widgets": (
        "AlarmRow",
        "Outcome",
        "AlarmTable",
        "GalaxyPanel",
        "Trend",
        "ValueTable",
    ),
}

# gRPC's core writes notes such as "Got goaway" straight to standard error, which is a cell's output. It reads
# this when it is first imported.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
# gRPC would start its threads anew in a forked process, where they crash it while a stream is open.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("mxgw-notebook")
    if name == "gateway":  # the package, which can be called
        return imported("mxgw_notebook.gateway", name)
    for module, names in HOMES.items():
        if name in names:
            return getattr(imported(module, name), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def imported(module: str, name: str) -> ModuleType:
    """The module that has a name. Raises MissingPackageError where only the async client is installed."""
    from mxgw_notebook.missing import saying_what_is_missing

    with saying_what_is_missing(f"mxgw_notebook.{name}"):
        return importlib.import_module(module)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


def load_ipython_extension(shell: InteractiveShell) -> None:
    """%load_ext mxgw_notebook: registers %mxgw and %%mxgw."""
    from mxgw_notebook.errors import GatewayError

    try:
        # The contract comes with it, and with own protos it may not fit.
        from mxgw_notebook.magics import load
    except GatewayError as error:
        from IPython.core.error import UsageError

        raise UsageError(str(error)) from None
    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """%unload_ext mxgw_notebook: closes what is connected, says so, and takes the magics back."""
    from mxgw_notebook.gateway import connections, disconnect_all
    from mxgw_notebook.magics import unload

    closed = ", ".join(connections()["plant"])
    disconnect_all()
    unload(shell)
    if closed:  # %reload_ext comes by here too, and the person would take the connection for kept
        print(f"Disconnected from {closed}. After %load_ext or %reload_ext, connect again: %mxgw connect.")  # noqa: T201
