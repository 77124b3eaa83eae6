"""The async client core: asyncio and gRPC, no pandas, no IPython."""

from mxgw_notebook.client.alarms import (
    AlarmMessage,
    AlarmRecord,
    ProviderStatus,
    SnapshotComplete,
    message_from_wire,
    snapshot_from_wire,
)
from mxgw_notebook.client.arguments import (
    ACKNOWLEDGE_SECONDS,
    check_settings,
    path_given,
    seconds_given,
    shown,
    text_given,
    texts_given,
    whole_number_given,
)
from mxgw_notebook.client.arming import ARMED_MINUTES, Arming, Gate, reason_given
from mxgw_notebook.client.backoff import backoff_seconds
from mxgw_notebook.client.batches import Batch
from mxgw_notebook.client.bursts import BurstStream
from mxgw_notebook.client.channel import LONGEST_ANSWER_SECONDS, answer_seconds
from mxgw_notebook.client.checking import checks_all_arguments, checks_arguments
from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.closing import LooseEnds, close_each, on_its_way
from mxgw_notebook.client.contract import (
    CloseSessionRequest,
    MxCommandRequest,
    OpenSessionRequest,
    StreamEventsRequest,
    enum_name,
    is_unnamed,
)
from mxgw_notebook.client.differences import contract_differences
from mxgw_notebook.client.events import Event, ReplayGap, event_from_wire
from mxgw_notebook.client.failures import judge_write
from mxgw_notebook.client.fast_events import (
    BOOLEAN,
    Arrival,
    EventColumns,
    EventReader,
    Launched,
    ProcessReader,
    end_process,
    event_decoder,
    launch_reader,
)
from mxgw_notebook.client.galaxy import (
    PAGE_SIZE,
    BrowseFilters,
    DeployEvent,
    GalaxyAttribute,
    GalaxyNode,
    GalaxyObject,
    GalaxyRepositoryClient,
    HierarchyFilters,
    LastDeploy,
    objects_columns,
)
from mxgw_notebook.client.gateway import GatewayClient
from mxgw_notebook.client.inbox import Inbox
from mxgw_notebook.client.json_form import json_form
from mxgw_notebook.client.options import ClientOptions, ClientSettings
from mxgw_notebook.client.process import MakerProcess
from mxgw_notebook.client.read_columns import ReadColumns, columns_of, read_columns
from mxgw_notebook.client.refusals import NO_REASON
from mxgw_notebook.client.replies import (
    ItemHandle,
    Reading,
    ServerHandle,
    Subscribed,
    Written,
    asked_instead,
    check,
    not_sent,
    raise_for_command,
    raise_for_status,
    readings,
    subscribed,
    written,
)
from mxgw_notebook.client.requests import command, request
from mxgw_notebook.client.samples import Samples
from mxgw_notebook.client.secret import Secret, hide
from mxgw_notebook.client.sessions import (
    READ_MARGIN_SECONDS,
    EventStream,
    Operator,
    PendingWrites,
    Session,
    Signature,
    WorkerInfo,
    WriteEntry,
    check_reply,
)
from mxgw_notebook.client.stream import OpenStream, Stream
from mxgw_notebook.client.tag_values import value_told, values_by_tag
from mxgw_notebook.client.threads import Threads
from mxgw_notebook.client.typed import ARRAY, KINDS, typed_value
from mxgw_notebook.client.values import Allowed, Value, ValueType, as_sent, moment, moment_of, timestamp

__all__ = [
    "ACKNOWLEDGE_SECONDS",
    "ARMED_MINUTES",
    "ARRAY",
    "BOOLEAN",
    "KINDS",
    "LONGEST_ANSWER_SECONDS",
    "NO_REASON",
    "PAGE_SIZE",
    "READ_MARGIN_SECONDS",
    "AlarmMessage",
    "AlarmRecord",
    "Allowed",
    "Arming",
    "Arrival",
    "Batch",
    "BrowseFilters",
    "BurstStream",
    "ClientOptions",
    "ClientSettings",
    "CloseSessionRequest",
    "DeployEvent",
    "Event",
    "EventColumns",
    "EventReader",
    "EventStream",
    "GalaxyAttribute",
    "GalaxyNode",
    "GalaxyObject",
    "GalaxyRepositoryClient",
    "Gate",
    "GatewayClient",
    "GatewayClock",
    "HierarchyFilters",
    "Inbox",
    "ItemHandle",
    "LastDeploy",
    "Launched",
    "LooseEnds",
    "MakerProcess",
    "MxCommandRequest",
    "OpenSessionRequest",
    "OpenStream",
    "Operator",
    "PendingWrites",
    "ProcessReader",
    "ProviderStatus",
    "ReadColumns",
    "Reading",
    "ReplayGap",
    "Samples",
    "Secret",
    "ServerHandle",
    "Session",
    "Signature",
    "SnapshotComplete",
    "Stream",
    "StreamEventsRequest",
    "Subscribed",
    "Threads",
    "Value",
    "ValueType",
    "WorkerInfo",
    "WriteEntry",
    "Written",
    "answer_seconds",
    "as_sent",
    "asked_instead",
    "backoff_seconds",
    "check",
    "check_reply",
    "check_settings",
    "checks_all_arguments",
    "checks_arguments",
    "close_each",
    "columns_of",
    "command",
    "contract_differences",
    "end_process",
    "enum_name",
    "event_decoder",
    "event_from_wire",
    "hide",
    "is_unnamed",
    "json_form",
    "judge_write",
    "launch_reader",
    "message_from_wire",
    "moment",
    "moment_of",
    "not_sent",
    "objects_columns",
    "on_its_way",
    "path_given",
    "raise_for_command",
    "raise_for_status",
    "read_columns",
    "readings",
    "reason_given",
    "request",
    "seconds_given",
    "shown",
    "snapshot_from_wire",
    "subscribed",
    "text_given",
    "texts_given",
    "timestamp",
    "typed_value",
    "value_told",
    "values_by_tag",
    "whole_number_given",
    "written",
]
