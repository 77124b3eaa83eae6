"""The feed that every alarm subscriber gets: what stands, then each transition, and each failover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import later, values
from mxgw_notebook.simulator.alarm_messages import Provider, snapshot, transition_event
from mxgw_notebook.simulator.faults import Faults
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.mailbox import Mailbox
from mxgw_notebook.simulator.plant import AnyAlarm, Plant, Transition

AlarmListener = Callable[[AnyAlarm, Transition, Provider], None]


@dataclass(frozen=True, slots=True)
class Interest:
    """Which alarms a subscriber wants and may see."""

    prefix: str
    key: Key

    def covers(self, alarm: AnyAlarm) -> bool:
        """Whether an alarm concerns it."""
        return alarm.reference.startswith(self.prefix) and self.key.allows(alarm.owner, alarm.listing)


class AlarmFeed:
    """Sends the board's transitions to every subscriber whom they concern."""

    def __init__(self, plant: Plant, most: int, faults: Faults) -> None:
        self.listeners: list[AlarmListener] = []
        self.provider_listeners: list[Callable[[wire.AlarmProviderStatus], None]] = []
        self._plant = plant
        self._most = most
        self._faults = faults
        self._since = plant.now
        self._degraded = self.provider.degraded
        self._subscribers: dict[Mailbox[wire.AlarmFeedMessage], Interest] = {}
        plant.board.listeners.append(self._transition)

    @property
    def provider(self) -> Provider:
        """Where the alarms come from now."""
        return Provider(degraded="degraded" in self._faults.standing)

    def provider_status(self) -> wire.AlarmProviderStatus:
        """Where the alarms come from, since when and why."""
        fault = self._faults.standing.get("degraded")
        return wire.AlarmProviderStatus(
            mode=self.provider.mode,
            degraded=self.provider.degraded,
            reason=str(fault["reason"]) if fault else "",
            since=values.timestamp(self._since),
        )

    def tell_provider(self) -> None:
        """Tells every subscriber of a failover; nothing where the provider is as it was."""
        # The fault can be set again with another reason; a failover is told once.
        if self.provider.degraded == self._degraded:
            return
        self._degraded = self.provider.degraded
        self._since = self._plant.now
        status = self.provider_status()
        for mailbox in self._subscribers:
            mailbox.put(wire.AlarmFeedMessage(provider_status=status))
        for listener in self.provider_listeners:
            listener(status)

    def present(self, prefix: str, key: Key) -> list[wire.ActiveAlarmSnapshot]:
        """What stands now, oldest first."""
        interest, provider = Interest(prefix, key), self.provider
        alarms = self._plant.board.present(prefix)
        return [snapshot(alarm, provider) for alarm in alarms if interest.covers(alarm)]

    def subscribe(self, prefix: str, key: Key) -> Mailbox[wire.AlarmFeedMessage]:
        """A mailbox that holds what stands, the end of that, the provider, and then each transition."""
        alarms = self.present(prefix, key)
        # What stands does not count against the bound: a plant in a flood must not lose its snapshot before
        # anybody could read it.
        mailbox: Mailbox[wire.AlarmFeedMessage] = Mailbox(self._most + len(alarms) + 2)
        for alarm in alarms:
            mailbox.put(wire.AlarmFeedMessage(active_alarm=alarm))
        mailbox.put(wire.AlarmFeedMessage(snapshot_complete=True))
        mailbox.put(wire.AlarmFeedMessage(provider_status=self.provider_status()))
        self._subscribers[mailbox] = Interest(prefix, key)
        return mailbox

    def unsubscribe(self, mailbox: Mailbox[wire.AlarmFeedMessage]) -> None:
        """Sends nothing more to a mailbox."""
        self._subscribers.pop(mailbox, None)

    def close(self) -> None:
        """Lets every subscriber go, and the board."""
        self._plant.board.listeners.remove(self._transition)
        for mailbox in self._subscribers:
            mailbox.close()

    def _transition(self, alarm: AnyAlarm, transition: Transition) -> None:
        if "silent" in self._faults.standing:
            return
        provider = self.provider
        message: wire.AlarmFeedMessage | None = None
        for mailbox, interest in self._subscribers.items():
            if not interest.covers(alarm):
                continue
            if message is None:
                # Made with the first who wants it and shared by all: nobody changes a message that is sent.
                message = wire.AlarmFeedMessage(transition=transition_event(alarm, transition, provider))
            mailbox.put(message)
            if self._faults.find("strangers") is not None:
                mailbox.put(later.alarm_message())
                mailbox.put(later.transition_of(message))
            if mailbox.lost:
                mailbox.close()
        for listener in self.listeners:
            listener(alarm, transition, provider)
