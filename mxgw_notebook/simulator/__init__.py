"""The embedded gateway: a gRPC server that answers like an MXAccess Gateway, before a simulated plant.

`process.EmbeddedGateway` runs it as a process of its own, `server.serving` inside the caller's event loop.
"""
