"""JupyterLab's own process, `python -m mxgw_notebook.cli.demo.lab_child ...`: it ends with its parent.

Its standard input is a pipe that only the parent holds. The pipe's end is the request to go, also when the
parent was killed and could ask for nothing; that works on every system.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from jupyterlab.labapp import LabApp

ENDING_SECONDS = 5.0


def main() -> None:
    """Runs JupyterLab in this process until it ends, or the parent does."""
    threading.Thread(target=end_with_parent, name="parent-watch", daemon=True).start()
    LabApp.launch_instance(sys.argv[1:])


def end_with_parent() -> None:
    """Waits for the parent's end; then JupyterLab ends its kernels and itself, or is ended."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDING_SECONDS)
    # Not sys.exit, which in a thread ends that thread alone. Kernels follow their parent by themselves.
    os._exit(1)


if __name__ == "__main__":
    main()
