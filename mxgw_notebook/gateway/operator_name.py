"""Who acts on the plant from here."""

from __future__ import annotations

import getpass


def operator_name() -> str:
    """The user's own name; empty where the system knows none, which is no reason not to act.

    A container often runs under a number that no passwd entry names, and without USER or LOGNAME.
    """
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        # ImportError is Windows' way: it has no passwd to look into.
        return ""
