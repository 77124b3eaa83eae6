"""Values between the wire and Python; the only place that does it.

| on the wire                      | in Python                                             |
|----------------------------------|-------------------------------------------------------|
| bool, int32/int64, float/double, string | `bool`, `int`, `float`, `str`                  |
| timestamp                        | `numpy.datetime64[ns]`, UTC; NaT for a "never"        |
| array                            | `numpy.ndarray` of the wire's dimensions              |
| raw                              | `bytes`                                               |
| null or nothing                  | `None`                                                |
"""

from mxgw_notebook.client.values.incoming import Value, from_wire
from mxgw_notebook.client.values.outgoing import sparse_to_wire, to_wire
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
from mxgw_notebook.client.values.value_type import ValueType

__all__ = [
    "EARLIEST",
    "LATEST",
    "NANOSECONDS",
    "Value",
    "ValueType",
    "from_wire",
    "moment",
    "moment_of",
    "nanoseconds",
    "sparse_to_wire",
    "status_from_wire",
    "statuses_from_wire",
    "timestamp",
    "to_wire",
]
