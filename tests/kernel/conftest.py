"""A kernel of its own for each test.

MXGW_KERNEL_PYTHON names another Python whose ipykernel is to be tried; it needs this package as well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from tests.kernel.kernel import Kernel


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kernel]:
    for name in [name for name in os.environ if name.startswith("MXGATEWAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    manager: Any = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv[0] = os.environ.get("MXGW_KERNEL_PYTHON", sys.executable)
    manager.start_kernel(cwd=str(tmp_path))
    made = Kernel(manager)
    yield made
    made.close()
