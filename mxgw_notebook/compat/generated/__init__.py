"""The contract's generated modules under the names that the gateway's own client has for them.

With MXGATEWAY_PROTO_PATH they are those of the user's own protos, as everywhere.
"""

import sys

from mxgw_notebook._generated import (
    galaxy_repository_pb2,
    galaxy_repository_pb2_grpc,
    mxaccess_gateway_pb2,
    mxaccess_gateway_pb2_grpc,
)

__all__ = [
    "galaxy_repository_pb2",
    "galaxy_repository_pb2_grpc",
    "mxaccess_gateway_pb2",
    "mxaccess_gateway_pb2_grpc",
]

# The very modules: a second copy of a message's class would not be the one that the client answers with.
for _name in __all__:
    sys.modules[f"{__name__}.{_name}"] = globals()[_name]
