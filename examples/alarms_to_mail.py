"""A mail for each alarm that is raised, also for those that were raised while the gateway was away.

python alarms_to_mail.py SMTP_HOST:PORT TO   (MXGATEWAY_ENDPOINT, MXGATEWAY_API_KEY, MXGATEWAY_PLAINTEXT)

Alarms that stand when it begins are told in one mail. A mail that cannot be sent waits for the next. Alarms
that came and went while the gateway was away nobody knows: a mail tells of that time.
"""

from __future__ import annotations

import asyncio
import os
import smtplib
import sys
from datetime import UTC, datetime
from email.message import EmailMessage

from mxgw_notebook import AlarmRecord, AlarmUpdate, Plant, run_until_stopped

SENDER = "plant@localhost"
SMTP_SECONDS = 10.0
MOST_WAITING = 1000


class Mails:
    """Mails that are to be sent, the oldest first."""

    def __init__(self, server: str, to: str) -> None:
        self._host, _, port = server.rpartition(":")
        self._port, self._to = int(port), to
        self.waiting: list[EmailMessage] = []

    def add(self, subject: str, text: str) -> None:
        """One more; of too many that wait the oldest gives way, and that is said."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = SENDER, self._to, subject
        mail.set_content(text)
        self.waiting.append(mail)
        if len(self.waiting) > MOST_WAITING:
            print(f"never sent: {self.waiting.pop(0)['Subject']}", file=sys.stderr)

    async def send(self) -> None:
        """Sends what waits, one connection for all; each that was taken waits no more."""
        if self.waiting:
            try:
                await asyncio.to_thread(self._send)
            except OSError as error:  # smtplib's own are of this kind
                print(f"mail waits: {error}", file=sys.stderr)

    def _send(self) -> None:
        with smtplib.SMTP(self._host, self._port, timeout=SMTP_SECONDS) as server:
            while self.waiting:
                server.send_message(self.waiting[0])
                del self.waiting[0]


def told(record: AlarmRecord) -> str:
    """An alarm in a few lines."""
    when = record.changed.isoformat() if record.changed else "at a time not known"
    seen = " (seen only after the gateway was back)" if record.origin else ""
    return f"{record.reference}\n{record.description}\nseverity {record.severity}, raised {when}{seen}\n"


def clock(time_ns: int) -> str:
    """A time in words."""
    return datetime.fromtimestamp(time_ns / 1e9, UTC).isoformat(timespec="seconds")


def enter(mails: Mails, update: AlarmUpdate) -> None:
    """The mails that an update asks for."""
    for record in update:
        if record.kind in ("RAISE", "RETRIGGER"):
            mails.add(f"Alarm: {record.reference}", told(record))
    for start, end in update.silences:
        when = f"From {clock(start)} to {clock(end)} the gateway was away."
        mails.add("Alarms were not heard", f"{when} What came and went in this time is not known.\n")
    if update.missed:
        mails.add(f"{update.missed} alarm transitions were missed", "Look at the plant's own list.\n")


async def watch(server: str, to: str) -> None:
    """Watches until it is stopped."""
    mails = Mails(server, to)
    try:
        async with (
            await Plant.connect(
                os.environ["MXGATEWAY_ENDPOINT"],
                api_key=os.environ.get("MXGATEWAY_API_KEY", ""),
                plaintext="MXGATEWAY_PLAINTEXT" in os.environ,
                wait=3600.0,
            ) as plant,
            plant.alarms() as alarms,
        ):
            is_first = True
            async for update in alarms:
                if is_first and update.listed:
                    is_first = False
                    standing = "".join(told(alarm.record) for alarm in update.active)
                    mails.add(f"{len(update.active)} alarms stand", standing or "None.\n")
                enter(mails, update)
                await mails.send()
    finally:
        for mail in mails.waiting:
            print(f"never sent: {mail['Subject']}", file=sys.stderr)


if __name__ == "__main__":
    run_until_stopped(watch(*sys.argv[1:3]))
