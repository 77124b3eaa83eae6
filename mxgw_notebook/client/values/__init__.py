"""Values between the wire and Python; the only place that does it.

| on the wire                      | in Python                                             |
|----------------------------------|-------------------------------------------------------|
| bool, int32/int64, float/double, string | `bool`, `int`, `float`, `str`                  |
| timestamp                        | `numpy.datetime64[ns]`, UTC; NaT for a "never"        |
| array                            | `numpy.ndarray` of the wire's dimensions              |
| raw                              | `bytes`                                               |
| null or nothing                  | `None`                                                |
"""

from mxgw_notebook.client.values.incoming import (
    BAD,
    UNREADABLE,
    Value,
    array_from_wire,
    from_wire,
    readable,
    sparse_from_wire,
)
from mxgw_notebook.client.values.outgoing import (
    Allowed,
    array_to_wire,
    as_sent,
    check_taken,
    data_type_number,
    has_truth,
    sent_value,
    sparse_to_wire,
    to_wire,
)
from mxgw_notebook.client.values.scalars import (
    as_boolean,
    as_integer,
    as_single,
    as_text,
    as_timestamp,
    converted,
    guessed_type,
    scalar_field,
)
from mxgw_notebook.client.values.statuses import status_from_wire, statuses_from_wire
from mxgw_notebook.client.values.times import (
    EARLIEST,
    LATEST,
    NANOSECONDS,
    moment,
    moment_of,
    nanoseconds,
    timestamp,
)
from mxgw_notebook.client.values.value_type import ValueType, plain_name

__all__ = [
    "BAD",
    "EARLIEST",
    "LATEST",
    "NANOSECONDS",
    "UNREADABLE",
    "Allowed",
    "Value",
    "ValueType",
    "array_from_wire",
    "array_to_wire",
    "as_boolean",
    "as_integer",
    "as_sent",
    "as_single",
    "as_text",
    "as_timestamp",
    "check_taken",
    "converted",
    "data_type_number",
    "from_wire",
    "guessed_type",
    "has_truth",
    "moment",
    "moment_of",
    "nanoseconds",
    "plain_name",
    "readable",
    "scalar_field",
    "sent_value",
    "sparse_from_wire",
    "sparse_to_wire",
    "status_from_wire",
    "statuses_from_wire",
    "timestamp",
    "to_wire",
]
