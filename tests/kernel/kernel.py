"""A real kernel, driven as a notebook drives it."""

from __future__ import annotations

from typing import Any

import psutil

from tests.spilled import look

SECONDS = 60.0
LOAD = "%load_ext mxgw_notebook\n%mxgw connect demo"


class Kernel:
    """A kernel, and what its cells answer."""

    def __init__(self, manager: Any) -> None:
        self.manager = manager
        self.client = self._opened()

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.pid)

    def gateways(self) -> list[psutil.Process]:
        """The embedded gateways that this kernel has started."""
        below = psutil.Process(self.pid).children(recursive=True)
        return [child for child in below if "mxgw_notebook.simulator" in child.cmdline()]

    def send(self, code: str) -> str:
        """Starts a cell; its message's id. A cell that fails does not take those behind it with it."""
        return str(self.client.execute(code, stop_on_error=False))

    def reply(self, message: str) -> dict[str, Any]:
        """The reply to a cell, once it has ended."""
        while True:
            reply = self.client.get_shell_msg(timeout=SECONDS)
            if reply["parent_header"].get("msg_id") == message:
                content: dict[str, Any] = reply["content"]
                return content

    def outputs(self, message: str) -> list[dict[str, Any]]:
        """What a cell displayed, until the kernel was idle again."""
        shown: list[dict[str, Any]] = []
        while True:
            output = self.client.get_iopub_msg(timeout=SECONDS)
            if output["parent_header"].get("msg_id") != message:
                continue
            if output["msg_type"] == "status" and output["content"]["execution_state"] == "idle":
                look(repr(shown), "a kernel's outputs")
                return shown
            shown.append({"type": output["msg_type"], **output["content"]})

    def run(self, code: str) -> list[dict[str, Any]]:
        """The outputs of a cell that succeeds."""
        message = self.send(code)
        reply = self.reply(message)
        outputs = self.outputs(message)
        assert reply["status"] == "ok", outputs
        return outputs

    def text(self, code: str) -> str:
        """What a cell that succeeds prints."""
        return "".join(shown["text"] for shown in self.run(code) if shown["type"] == "stream")

    def until_printed(self, text: str) -> None:
        """Returns once the cell that runs has printed a text."""
        while True:
            output = self.client.get_iopub_msg(timeout=SECONDS)
            if output["msg_type"] == "stream" and text in output["content"]["text"]:
                return

    def restart(self) -> None:
        self.client.stop_channels()
        self.manager.restart_kernel(now=False)
        self.client = self._opened()

    def close(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=False)

    def _opened(self) -> Any:
        client = self.manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        return client
