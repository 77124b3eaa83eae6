"""The options by which every command reaches its gateway, and which of them counts.

What is said on the command line comes before what `batch` was given, and that before the environment.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from mxgw_notebook.cli.inherited import Inherited
from mxgw_notebook.cli.redaction import KEY_VARIABLE
from mxgw_notebook.client import ClientOptions, Secret
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.profiles import Profile, profile_named

LONGEST_CONNECTING = 10.0
# Each side rules out what the other says.
RIVALS = (
    (("plaintext",), ("tls", "ca_file", "server_name_override")),
    (("api_key",), ("api_key_env",)),
)


def connection_parameters() -> list[click.Parameter]:
    """The options, in the order help shows them."""
    return [
        *transport_parameters(),
        *key_parameters(),
        click.Option(
            ["--timeout"],
            type=click.FloatRange(min=0, min_open=True),
            default=30.0,
            show_default=True,
            help="Seconds one call may take.",
        ),
    ]


def transport_parameters() -> list[click.Option]:
    """Where the gateway is, and how it is known to be the right one."""
    return [
        click.Option(
            ["--endpoint"],
            default="localhost:5000",
            show_default=True,
            envvar="MXGATEWAY_ENDPOINT",
            show_envvar=True,
            help="host:port (several with commas: the first that answers), or a plant of mxgw.toml.",
        ),
        click.Option(
            ["--plaintext"],
            is_flag=True,
            envvar="MXGATEWAY_PLAINTEXT",
            show_envvar=True,
            help="No TLS; the key is then sent unencrypted.",
        ),
        click.Option(["--tls"], is_flag=True, help="TLS, which is the default."),
        click.Option(
            ["--ca-file"],
            envvar="MXGATEWAY_CA_FILE",
            show_envvar=True,
            help="PEM file to trust instead of the system's roots.",
        ),
        click.Option(["--server-name-override"], help="The name the certificate is checked against."),
    ]


def key_parameters() -> list[click.Option]:
    """The key, or where it stands."""
    return [
        click.Option(
            ["--api-key"],
            help="The key itself. Others can see it in the list of processes: better use --api-key-env.",
        ),
        click.Option(
            ["--api-key-env"],
            default=KEY_VARIABLE,
            show_default=True,
            help="The environment variable that has the key.",
        ),
    ]


NAMES = tuple(str(parameter.name) for parameter in connection_parameters())


def said(context: click.Context, source: ParameterSource) -> dict[str, Any]:
    """The connection options that come from one source, as far as they say something.

    Raises UsageError for two that exclude each other.
    """
    found = {
        name: context.params[name]
        for name in NAMES
        if context.get_parameter_source(name) is source and context.params[name]
    }
    for one, other in RIVALS:
        both = [next((name for name in side if name in found), None) for side in (one, other)]
        if source is ParameterSource.COMMANDLINE and all(both):
            spelled = " and ".join(f"--{name}".replace("_", "-") for name in both if name)
            raise click.UsageError(f"{spelled} exclude each other.", context)
    return found


def over(weaker: Mapping[str, Any], stronger: Mapping[str, Any]) -> dict[str, Any]:
    """The stronger options, and of the weaker what they do not rule out."""
    gone = {
        name
        for one, other in RIVALS
        for side, rival in ((one, other), (other, one))
        if any(key in stronger for key in side)
        for name in rival
    }
    return {**{name: value for name, value in weaker.items() if name not in gone}, **stronger}


def take_options(context: click.Context) -> ClientOptions:
    """The client's options of a command; they are taken out of its parameters."""
    inherited = context.obj.said if isinstance(context.obj, Inherited) else {}
    typed = over(inherited, said(context, ParameterSource.COMMANDLINE))
    chosen = over(said(context, ParameterSource.ENVIRONMENT), typed)
    defaults = {name: context.params.pop(name) for name in NAMES}
    timeout = chosen.get("timeout", defaults["timeout"])
    if (profile := profile_named(chosen.get("endpoint", ""))) is not None:
        return options_of(profile, typed)
    return ClientOptions(
        endpoint=chosen.get("endpoint", defaults["endpoint"]),
        api_key=key_of(chosen),
        plaintext="plaintext" in chosen,
        ca_file=chosen.get("ca_file"),
        server_name_override=chosen.get("server_name_override"),
        timeout=timeout,
        connect_timeout=min(timeout, LONGEST_CONNECTING),
    )


def options_of(profile: Profile, typed: Mapping[str, Any]) -> ClientOptions:
    """The client's options for a plant that mxgw.toml names, and what was typed of them.

    Variables of any gateway say nothing here: MXGATEWAY_PLAINTEXT of one plant would send the key of another
    in clear.
    """
    given = {name: value for name, value in typed.items() if name not in ("endpoint", "api_key_env", "tls")}
    if "tls" in typed:
        given["plaintext"] = False
    if "api_key" in typed or "api_key_env" in typed:
        given["api_key"] = key_of(typed)
    return profile.options(given, getpass.getpass)


def key_of(chosen: Mapping[str, Any]) -> str:
    """The API key, given or from the environment; empty where nothing names one."""
    if "api_key" in chosen:
        return Secret(chosen["api_key"])
    variable = chosen.get("api_key_env", KEY_VARIABLE)
    # Only a variable that somebody named has to be there: whether it wants a key the gateway says itself.
    if "api_key_env" in chosen and not os.environ.get(variable):
        raise ConfigurationError(
            f"The environment variable {variable} has no key",
            hint="Set it, or name another with --api-key-env.",
        )
    return Secret(os.environ.get(variable, ""))
