"""A file of tags: one on each line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from mxgw_notebook.errors import ConfigurationError, reason_of

# Within a name it is a character: Tank#1.Level.
COMMENT: Final = re.compile(r"(?:^|\s)#.*")


def tags_in(path: Path) -> list[str]:
    """The tags of a file, in its order; a # after a blank, or at a line's begin, starts a comment.

    Raises:
        ConfigurationError: It cannot be read, or is no text.
    """
    try:
        text = path.read_text("utf-8-sig")  # as Windows' editors begin a text in UTF-8
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {reason_of(error)}") from None
    except ValueError:
        raise ConfigurationError(f"{path} is no text in UTF-8", hint="Name a file of tags.") from None
    lines = (COMMENT.sub("", line).strip() for line in text.splitlines())
    return [line for line in lines if line]
