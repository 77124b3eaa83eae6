"""The MxEvent messages that a session pushes."""

from __future__ import annotations

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import statuses, values
from mxgw_notebook.simulator.items import Item, Sample
from mxgw_notebook.simulator.plant import Quality


def _envelope(family: wire.MxEventFamily, session_id: str, item: Item | None, now: float) -> wire.MxEvent:
    """An event as yet without its body; one of alarms is of no item."""
    event = wire.MxEvent(family=family, session_id=session_id, worker_timestamp=values.timestamp(now))
    if item is not None:
        event.server_handle, event.item_handle = item.server_handle, item.handle
    # Worker and gateway are one process here, so nothing lies between their times.
    event.gateway_receive_timestamp.CopyFrom(event.worker_timestamp)
    return event


def status_of(quality: int) -> wire.MxStatusProxy:
    """The status that goes with a value of this quality."""
    if quality in (Quality.NOT_CONNECTED, Quality.COMM_FAILURE):
        return statuses.communication_error(statuses.PLATFORM_COMMUNICATION)
    if quality == Quality.CONFIG_ERROR:
        return statuses.configuration_error(0, "the input is not configured")
    if quality in (Quality.DEVICE_FAILURE, Quality.SENSOR_FAILURE):
        return statuses.operational_error("the device or its sensor failed")
    if quality == Quality.WAITING:
        return statuses.pending()
    return statuses.ok()


def data_change(session_id: str, item: Item, now: float) -> wire.MxEvent:
    """The present value of an item."""
    attribute = item.target.attribute
    event = _envelope(wire.MX_EVENT_FAMILY_ON_DATA_CHANGE, session_id, item, now)
    event.value.CopyFrom(values.to_wire(item.target.value, item.target.traits))
    event.quality = attribute.quality
    event.source_timestamp.CopyFrom(values.timestamp(attribute.time))
    event.statuses.append(status_of(attribute.quality))
    event.on_data_change.SetInParent()
    return event


def buffered_change(session_id: str, item: Item, samples: list[Sample], now: float) -> wire.MxEvent:
    """Several values of one item at once, in the body alone: the contract promises none on the envelope."""
    event = _envelope(wire.MX_EVENT_FAMILY_ON_BUFFERED_DATA_CHANGE, session_id, item, now)
    traits = item.target.traits
    array = values.array_of([sample.value for sample in samples], traits)
    event.statuses.append(status_of(samples[-1].quality))
    body = event.on_buffered_data_change
    body.data_type, body.raw_data_type = array.element_data_type, array.raw_element_data_type
    body.values.CopyFrom(array)
    body.qualities.extend(sample.quality for sample in samples)
    body.timestamps.values.extend(values.timestamp(sample.time) for sample in samples)
    return event


def write_complete(session_id: str, item: Item, status: wire.MxStatusProxy, now: float) -> wire.MxEvent:
    """The outcome of a write."""
    event = _envelope(wire.MX_EVENT_FAMILY_ON_WRITE_COMPLETE, session_id, item, now)
    event.statuses.append(status)
    event.hresult = 0 if status.category == wire.MX_STATUS_CATEGORY_OK else statuses.E_FAIL
    event.on_write_complete.SetInParent()
    return event


def operation_complete(session_id: str, item: Item, now: float) -> wire.MxEvent:
    """A suspend or activate has been done."""
    event = _envelope(wire.MX_EVENT_FAMILY_OPERATION_COMPLETE, session_id, item, now)
    event.statuses.append(statuses.ok())
    event.operation_complete.SetInParent()
    return event


def alarm_transition(session_id: str, transition: wire.OnAlarmTransitionEvent, now: float) -> wire.MxEvent:
    """An alarm's transition, for a session that subscribed alarms."""
    event = _envelope(wire.MX_EVENT_FAMILY_ON_ALARM_TRANSITION, session_id, None, now)
    event.on_alarm_transition.CopyFrom(transition)
    return event


def provider_changed(session_id: str, status: wire.AlarmProviderStatus, now: float) -> wire.MxEvent:
    """The alarms come from elsewhere, for a session that subscribed alarms."""
    event = _envelope(wire.MX_EVENT_FAMILY_ON_ALARM_PROVIDER_MODE_CHANGED, session_id, None, now)
    event.on_alarm_provider_mode_changed.status.CopyFrom(status)
    return event
