"""Whether gRPC reaches a gateway through a proxy, because the environment says so: it tells nobody itself."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from functools import cache
from ipaddress import ip_address, ip_network

from mxgw_notebook.client.options import ClientOptions

log = logging.getLogger(__name__)

# As gRPC reads them: the first that is set counts, and one that is empty switches the later ones off.
PROXIES = ("grpc_proxy", "https_proxy", "http_proxy")
EXCEPTIONS = ("no_grpc_proxy", "no_proxy")


def proxy_words(options: ClientOptions) -> str:
    """Through which proxy the endpoint in use is reached, and how not to; empty where it is through none."""
    name, value = first_set(PROXIES)
    host = options.target.rpartition(":")[0]
    if options.is_loopback or not value or is_excepted(host, first_set(EXCEPTIONS)[1]):
        return ""
    scheme, _, place = value.rpartition("://")
    if scheme.lower() != "http":
        return ""  # gRPC takes no other
    place = place.rpartition("@")[2].rstrip("/")  # without the password that may stand before it
    return f"{options.target} is reached through the proxy {place} ({name}): no_proxy={host} goes without it"


def say_proxy(options: ClientOptions) -> None:
    """A warning in the log where there is one, once."""
    if words := proxy_words(options):
        warn_once(words)


@cache
def warn_once(words: str) -> None:
    """The same words are said once in a process."""
    log.warning("%s", words)


def first_set(names: Iterable[str]) -> tuple[str, str]:
    """The first of these variables that is set, and its value."""
    return next(((name, os.environ[name]) for name in names if name in os.environ), ("", ""))


def is_excepted(host: str, exceptions: str) -> bool:
    """Whether a host's name ends with one of these, or its address lies in one of them."""
    entries = [entry.strip().lower() for entry in exceptions.split(",") if entry.strip()]
    return any(host.lower().endswith(entry) or lies_in(host, entry) for entry in entries)


def lies_in(host: str, network: str) -> bool:
    """Whether it is an address of this network."""
    try:
        return ip_address(host.strip("[]")) in ip_network(network, strict=False)
    except ValueError:
        return False
