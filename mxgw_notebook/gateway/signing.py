"""Who signs a secured write: asked for the password as it is needed, which is kept nowhere.

It is no argument of any call, so that it stands in no cell, no history and no traceback.
"""

from __future__ import annotations

import getpass
import importlib
import sys
import threading
from importlib.util import find_spec

from mxgw_notebook.client import Secret, Signature, text_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway.cells import in_page

HINT = "Give the name of a user of the galaxy."


def signers_given(user: str | None, verifier: str | None) -> tuple[str, str]:
    """Who signs and who verifies; empty for nobody. Raises ConfigurationError for what cannot sign."""
    names = [
        text_given(one, "A user's name", HINT).strip() if one is not None else "" for one in (user, verifier)
    ]
    if (user is not None and not names[0]) or (verifier is not None and not names[1]):
        raise ConfigurationError("A user without a name signs nothing", hint=HINT)
    if names[1] and not names[0]:
        raise ConfigurationError("A verifier is given, but no user who signs", hint="Give user= as well.")
    if names[0] and names[0].casefold() == names[1].casefold():
        raise ConfigurationError("The verifier must be a second person", hint="Give another verifier.")
    return names[0], names[1]


def signature_of(plant: str, user: str, verifier: str) -> Signature:
    """The signature, once the passwords are typed. Raises ConfigurationError where nobody can be asked."""
    password = password_of(plant, user)
    return Signature(user, password, verifier, password_of(plant, verifier) if verifier else Secret())


def password_of(plant: str, user: str) -> Secret:
    """The password of a user: what the keyring has for this plant, else as it is typed, unseen."""
    if kept := in_keyring(plant, user):
        return kept
    can_ask = in_page() or (sys.stdin is not None and sys.stdin.isatty())
    if can_ask and threading.current_thread() is threading.main_thread():
        try:
            return Secret(getpass.getpass(f"Password of {user} at {plant}: "))
        # NotImplementedError is IPython's, of a kernel whose page takes no questions.
        except (EOFError, OSError, NotImplementedError):
            pass
    hint = f'A keyring may have it: keyring set "{service_of(plant)}" {user}'
    raise ConfigurationError(f"Nobody can be asked for the password of {user}", hint=hint)


def service_of(plant: str) -> str:
    """What the keyring's entries of a plant are kept under."""
    return f"mxgw_notebook {plant}"


def in_keyring(plant: str, user: str) -> Secret | None:
    """What the system's keyring has, where the package `keyring` is installed."""
    if find_spec("keyring") is None:
        return None
    try:
        kept = importlib.import_module("keyring").get_password(service_of(plant), user)
    except Exception:  # a keyring that is locked, or has no backend here: the password is asked for
        return None
    return Secret(kept) if kept else None
