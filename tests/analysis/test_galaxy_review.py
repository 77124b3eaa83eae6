"""Questions about how a galaxy was engineered."""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.analysis import galaxy_review as review
from tests.widgets.galaxies import application_object, area, galaxy_of

LIMITED = ["PV", "PV.Hi", "PV.Hi.Limit"]
GALAXY = galaxy_of(
    [
        area(1, "North"),
        *(application_object(number, f"Pump{number:03}", 1, ["Speed"]) for number in range(2, 10)),
        application_object(10, "P-11", 1, ["Speed"]),
        application_object(11, "Tank001", 1, ["Level", "AlarmTrip"], template="$Tank"),
    ]
)


def test_template_usage_counts_objects_and_those_of_derived_templates() -> None:
    usage = review.template_usage(GALAXY.objects).set_index("template")
    counts = usage[["objects", "derived_objects", "depth", "areas"]].T.to_dict("list")
    assert counts["$Pump"] == [9, 9, 1, 1]
    assert counts["$UserDefined"] == [0, 10, 0, 1]


def test_a_name_unlike_its_templates_others_is_an_outlier() -> None:
    found = review.naming_outliers(GALAXY.objects)
    assert found[["tag_name", "shape", "usual"]].to_numpy().tolist() == [["P-11", "P-99", "Pump999"]]


def test_a_template_without_a_usual_name_has_no_outliers() -> None:
    assert len(review.naming_outliers(GALAXY.objects, share=0.95)) == 0


def test_limit_alarms_without_a_limit_are_listed_and_others_are_not() -> None:
    attributes = pd.DataFrame(
        {
            "tag": ["A.PV.Hi", "A.PV.Hi.Limit", "B.PV.Hi", "C.Tripped"],
            "object": ["A", "A", "B", "C"],
            "area": "North",
            "template": "$T",
            "is_alarm": [True, False, True, True],
        }
    )
    assert review.alarms_without_limits(attributes)["tag"].tolist() == ["B.PV.Hi"]


def test_alarms_of_equal_priority_are_found_by_object() -> None:
    readings = pd.DataFrame(
        {
            "tag": [f"A.PV.{name}.Priority" for name in ("Hi", "Lo", "HiHi")]
            + [f"B.PV.{name}.Priority" for name in ("Hi", "Lo", "HiHi")],
            "value": [500, 500, 500, 500, 500, 100],
            "failure": "",
        }
    )
    assert review.equal_priorities(readings).to_numpy().tolist() == [["A", 500, 3]]


def test_a_priority_that_cannot_be_read_leaves_its_object_out() -> None:
    readings = pd.DataFrame(
        {
            "tag": [f"{name}.PV.{kind}.Priority" for name in "ABC" for kind in ("Hi", "Lo", "HiHi", "LoLo")],
            "value": [500, 500, 500, None, 500, 500, 500, "urgent", 7, 7, 7, 7],
            "failure": ["", "", "", "tag: no such", *[""] * 8],
        }
    )
    assert review.equal_priorities(readings).to_numpy().tolist() == [["C", 7, 4]]
    nothing = review.equal_priorities(readings[:0])
    assert list(nothing) == ["object", "priority", "alarms"]
    assert len(nothing) == 0


def test_the_areas_sum_to_the_whole_galaxy() -> None:
    objects = pd.DataFrame(
        {"area": ["North", "", None, "North"], "attributes": 1, "alarms": 0, "historized": 0}
    ).astype({"area": "category"})
    areas = review.areas_by_size(objects)
    assert dict(zip(areas["area"], areas["objects"], strict=True)) == {"North": 2, "": 2}


def test_history_that_nobody_reads_is_what_is_not_in_use() -> None:
    unread = review.unread_history(GALAXY.attributes, ["PUMP002.speed", "Tank001.Level"])
    assert "Pump002.Speed" not in set(unread["tag"])
    assert len(unread) == 8


def test_areas_and_types_are_counted() -> None:
    areas = review.areas_by_size(GALAXY.objects)
    assert areas.to_numpy().tolist() == [["North", 11, 11, 1, 10]]
    types = review.attributes_by_type(GALAXY.attributes)
    assert types[["data_type", "attributes", "alarms", "writable"]].to_numpy().tolist() == [
        ["Double", 11, 1, 11]
    ]


def test_every_question_has_an_answer_for_an_empty_galaxy() -> None:
    empty = galaxy_of([])
    for ask in (review.template_usage, review.naming_outliers, review.areas_by_size):
        assert len(ask(empty.objects)) == 0
    for look in (review.alarms_without_limits, review.attributes_by_type):
        assert len(look(empty.attributes)) == 0
    assert len(review.unread_history(empty.attributes, [])) == 0
