"""What a command that speaks to a gateway is made of."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

import click

from mxgw_notebook.cli.connecting import connection_parameters, take_options
from mxgw_notebook.cli.output import Output
from mxgw_notebook.client import (
    ClientOptions,
    GalaxyRepositoryClient,
    GatewayClient,
    GatewayClock,
    OpenStream,
    Threads,
    check_reply,
    command,
    raise_for_command,
)
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.next_steps import Place

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
JSON = ["--json", "as_json"]


class CommandCall:
    """One run of a command: the gateway it is for, and where its answer goes.

    `clock` is that of the gateway that was connected last; it judges the times that tables show.
    """

    def __init__(self, options: ClientOptions, output: Output) -> None:
        self.options, self.output = options, output
        self.clock = GatewayClock(options)

    async def gateway(self) -> GatewayClient:
        """A connected client of the gateway."""
        client = await GatewayClient.connect(options=self.options)
        # A row's time is judged by the clock of the gateway that sent it, and this client goes with its
        # block.
        self.clock = client.clock
        return client

    async def galaxy(self) -> GalaxyRepositoryClient:
        """A connected client of the galaxy."""
        client = await GalaxyRepositoryClient.connect(options=self.options)
        self.clock = client.clock
        return client

    async def invoke(
        self, session_id: str, payload: str, *, about: str = "", seconds: float | None = None, **fields: Any
    ) -> Any:
        """The raw reply to one command of a session, if it says that the command was done as asked.

        `about` stands in the error, `seconds` is a timeout other than the call's own.
        """
        request = command(session_id, payload, **fields)
        async with await self.gateway() as client:
            reply = await client.invoke_raw(request, timeout=seconds)
        # In this order: a reply that reports a failure has no results, and would be told as one that lacks
        # them.
        raise_for_command(reply, f"{payload} {about}".rstrip())
        check_reply(request, reply)
        return reply


class GatewayCommand(click.Command):
    """A click command whose callback is a coroutine function: a CommandCall comes before its own options."""

    def __init__(self, name: str | None, *, params: list[click.Parameter] | None = None, **attributes: Any):
        shared = [
            *connection_parameters(),
            click.Option(JSON, is_flag=True, help="Print each answer as one line of JSON."),
        ]
        super().__init__(name, params=[*(params or []), *shared], **attributes)

    def invoke(self, ctx: click.Context) -> None:
        """Runs the coroutine to its end; Ctrl-C cancels it, so its `finally` is run."""
        body: Any = self.callback
        try:
            options = take_options(ctx)
            output = Output(as_json=ctx.params.pop("as_json"), keys=[options.api_key])
            run_stoppable(body(CommandCall(options, output), **ctx.params))
        # What cannot be meant is a slip on the command line: click's own exit code, and the usage beside it.
        except ConfigurationError as error:
            raise click.UsageError(error.line_in(Place.COMMAND_LINE), ctx) from None


def run_stoppable(work: Coroutine[Any, Any, None]) -> None:
    """Runs a command's coroutine; a blocking call of it that hangs holds up no Ctrl-C."""
    with asyncio.Runner() as runner:
        threads = Threads()
        runner.get_loop().set_default_executor(threads)
        try:
            runner.run(work)
        except KeyboardInterrupt:
            threads.is_hurried = True
            raise


gateway_command = functools.partial(click.command, cls=GatewayCommand)


def commas(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> list[str]:
    """Values that were repeated or separated by commas."""
    del context, parameter
    return [part.strip() for value in given for part in value.split(",") if part.strip()]


session_option = click.option("--session-id", required=True, help="As open-session printed it.")
server_option = click.option("--server-handle", type=int, required=True, help="As register printed it.")
item_handle_option = click.option("--item-handle", type=int, required=True, help="As add-item printed it.")
item_option = click.option("--item", "--items", "item", required=True, help="A tag, e.g. Tank001.Level.")
items_option = click.option(
    "--item",
    "--items",
    "items",
    required=True,
    multiple=True,
    callback=commas,
    help="Tags; repeat the option or separate by commas.",
)


def limit_option(name: str) -> Callable[[F], F]:
    """The option of a stream that says after how many items it ends."""
    return click.option(
        name,
        "most",
        type=click.IntRange(min=0),
        default=0,
        help="End after this many; default, or 0: at Ctrl-C.",
    )


async def first(stream: OpenStream[T], most: int) -> AsyncIterator[T]:
    """A stream's first items, all of them for 0; then the stream is ended at the gateway too."""
    # A `break`, or the pipe's end behind us, leaves no stream open: the session has one place for a reader.
    async with stream:
        count = 0
        async for item in stream:
            yield item
            count += 1
            if count == most:
                return
