"""A source of hierarchy pages that is never the bottleneck: python -m benchmarks.pages OBJECTS.

A galaxy of some templates in areas, twenty attributes an object, serialised and framed in pages of
PAGE objects before anybody asks. It answers what a client needs to load it: the time of the last
deploy and the pages, whose tokens are their numbers.

Prints host:port when it listens, and ends when its standard input does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from google.protobuf.message import Message

from benchmarks.http2 import Answer, PreframedMessages, Run, listen
from mxgw_notebook._generated import galaxy_repository_pb2 as wire

PAGE = 2500  # as the client asks for
ATTRIBUTES = 20
OBJECTS_AN_AREA = 250
DEPLOYED = 1_780_000_000
AREA, APPLICATION_OBJECT = 13, 10
FLOAT, DOUBLE, BOOLEAN, INTEGER, STRING = 3, 4, 1, 2, 5
TEMPLATES = ("$Pump", "$Valve", "$Tank", "$Motor", "$AnalogInput", "$PID", "$Mixer", "$HeatExchanger")
NAMES = (
    ("PV", FLOAT), ("SP", FLOAT), ("OP", FLOAT), ("Mode", INTEGER), ("Speed", DOUBLE), ("Level", DOUBLE),
    ("Pressure", FLOAT), ("Temperature", FLOAT), ("Running", BOOLEAN), ("Fault", BOOLEAN),
    ("PV.HiLimit", FLOAT), ("PV.LoLimit", FLOAT), ("PV.EngUnits", STRING), ("ShortDesc", STRING),
    ("ScanState", BOOLEAN), ("AlarmInhibit", BOOLEAN), ("Cmd", INTEGER), ("Feedback", BOOLEAN),
    ("RunHours", DOUBLE), ("Interlock", BOOLEAN),
)  # fmt: skip
TYPE_NAMES = {FLOAT: "Float", DOUBLE: "Double", BOOLEAN: "Boolean", INTEGER: "Integer", STRING: "String"}


def galaxy_object(number: int) -> wire.GalaxyObject:
    """The object of that number, counted from 1; each first of an area is the area."""
    area, place = divmod(number - 1, OBJECTS_AN_AREA)
    if place == 0:
        name, template, parent = f"Area{area + 1:04}", "$Area", 0
    else:
        template = TEMPLATES[number % len(TEMPLATES)]
        name, parent = f"{template[1:]}{number:06}", area * OBJECTS_AN_AREA + 1
    return wire.GalaxyObject(
        gobject_id=number,
        tag_name=name,
        browse_name=name,
        parent_gobject_id=parent,
        is_area=place == 0,
        category_id=APPLICATION_OBJECT if place else AREA,
        hosted_by_gobject_id=parent,
        template_chain=[f"{template}_Site", template, "$UserDefined"],
        attributes=[attribute(name, place) for place in range(ATTRIBUTES)],
    )


def attribute(owner: str, place: int) -> wire.GalaxyAttribute:
    """One attribute of an object."""
    name, data_type = NAMES[place % len(NAMES)]
    return wire.GalaxyAttribute(
        attribute_name=name,
        full_tag_reference=f"{owner}.{name}",
        mx_data_type=data_type,
        data_type_name=TYPE_NAMES[data_type],
        mx_attribute_category=place % 5,
        security_classification=place % 7,
        is_historized=data_type in (FLOAT, DOUBLE),
        is_alarm=name == "Fault",
    )


def pages(objects: int) -> Iterator[bytes]:
    """The serialised replies; each names the next by its number."""
    for first in range(1, objects + 1, PAGE):
        end = min(first + PAGE, objects + 1)
        reply = wire.DiscoverHierarchyReply(
            objects=[galaxy_object(number) for number in range(first, end)],
            total_object_count=objects,
            next_page_token=str(end // PAGE) if end <= objects else "",
        )
        yield reply.SerializeToString()


def answers(objects: int) -> dict[str, Answer]:
    """What each call is answered with, by its path."""
    framed = [PreframedMessages([page]) for page in pages(objects)]
    deployed = wire.GetLastDeployTimeReply(present=True)
    deployed.time_of_last_deploy.FromSeconds(DEPLOYED)

    def discover(request: bytes) -> Run:
        token = wire.DiscoverHierarchyRequest.FromString(request).page_token
        return Run(framed[int(token or 0)])

    return {
        path("DiscoverHierarchy"): discover,
        path("GetLastDeployTime"): lambda _: one(deployed),
        path("TestConnection"): lambda _: one(wire.TestConnectionReply(ok=True)),
    }


def path(call: str) -> str:
    """Where a call of the galaxy's service is found."""
    service = wire.DESCRIPTOR.services_by_name["GalaxyRepository"]
    return f"/{service.full_name}/{service.methods_by_name[call].name}"


def one(message: Message) -> Run:
    """The answer to a unary call."""
    return Run(PreframedMessages([message.SerializeToString()]))


def main() -> None:
    """Prepares the pages, says where they are to be had, and stays until its input ends."""
    print(listen(answers(int(sys.argv[1]))), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
