"""Records tags until it is killed: python -m tests.history.recording_process ENDPOINT FOLDER TAG...

Prints how many samples stand on the disk for certain, again and again.
"""

from __future__ import annotations

import sys
import threading

from mxgw_notebook.gateway import connect
from tests.conftest import KEY


def main() -> None:
    endpoint, folder, *tags = sys.argv[1:]
    watch = connect(endpoint, api_key=KEY, plaintext=True).watch(tags)
    recorder = watch.record(folder, plant="plant", least_free=0)
    pause, told = threading.Event(), -1
    while True:
        if recorder.acknowledged != told:
            told = recorder.acknowledged
            sys.stdout.write(f"{told}\n")
            sys.stdout.flush()
        pause.wait(0.005)


if __name__ == "__main__":
    main()
