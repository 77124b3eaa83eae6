"""Errors of ours from which a person raises another: IPython shows them in one line too.

`_render_traceback_` of an error is asked only where that error is the last of its chain.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from IPython import get_ipython

from mxgw_notebook.errors import GatewayError

ASKED = "get_parts_of_chained_exception"
Part = tuple[type, BaseException, TracebackType | None]


def shorten_causes() -> None:
    """From now on the shell of this process shows no frames of them. Harmless the second time.

    After `%xmode Verbose` it shows all of it, as of any other.
    """
    shown: Any = getattr(get_ipython(), "InteractiveTB", None)
    whole = getattr(shown, ASKED, None)
    if whole is None or ASKED in vars(shown):
        return

    def shortened(error: BaseException | None) -> Part | None:
        part: Part | None = whole(error)
        if part is None or not isinstance(part[1], GatewayError) or shown.mode == "Verbose":
            return part
        return part[0], part[1], None

    setattr(shown, ASKED, shortened)
