"""Plants by name: `mxgw.toml` says of each how it is reached, where its key comes from, and what it is.

    [plants.plant-a]
    endpoint = "gateway-a.example:5001"
    ca_file = "plant-a.pem"           # beside this file
    key = { keyring = "plant-a" }     # or { env = "NAME" }, { file = "plant-a.key" }, "prompt"
    kind = "production"               # or "test"
    read_only = true

The file beside the notebook is read first, then that of the user's configuration folder: a plant in both is
the first one's. A plant's own variables (MXGW_PLANT_A_ENDPOINT, _API_KEY, _CA_FILE, _SERVER_NAME_OVERRIDE)
override it, and what a call is given overrides both.

Why: DECISIONS.md, "A file of plants has no keys".
"""

from __future__ import annotations

import os
import re
import stat
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_type_hints

import click

from mxgw_notebook.client import ClientOptions, ClientSettings, Secret, hide
from mxgw_notebook.errors import ConfigurationError, MissingPackageError, reason_of

FILE: Final = "mxgw.toml"
# Where the file is instead, for a machine that has it elsewhere.
VARIABLE: Final = "MXGW_PLANTS"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
RESERVED = {"demo"}
KINDS = ("production", "test")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
COLOURS = {"production": "#b3261e", "test": "#2e7d32"}
KEY_SOURCES = ("env", "file", "keyring")
PROMPT: Final = "prompt"
OURS = {"kind", "colour", "read_only", "audit", "flight", "historian", "key"}
PATHS = ("ca_file", "audit")
KEY_VARIABLE: Final = "MXGATEWAY_API_KEY"
OVERRIDABLE = ("endpoint", "api_key", "ca_file", "server_name_override")
Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the file says of one plant.

    Args:
        name: What it is called: `connect("plant-a")`.
        endpoint: `host:port`, or several of one plant.
        file: Where it stands.
        settings: The fields of ClientOptions that are given, such as `ca_file` and `timeout`.
        key: Where the key comes from: `{"env": ...}`, `{"file": ...}`, `{"keyring": ...}` or `prompt`;
            empty for MXGATEWAY_API_KEY.
        kind: `production` or `test`; empty where the file does not say.
        colour: In which it is shown, `#rrggbb`.
        read_only: It is never armed.
        audit: The file of JSON lines that has what was done to it.
        flight: Whether what is watched is recorded; None where the file does not say.
        historian: Where its earlier values are: a recording's folder or URL, or a URL that an installed
            package reads; empty where the file does not say.
    """

    name: str
    endpoint: str
    file: Path
    settings: Mapping[str, Any] = field(default_factory=dict)
    key: Mapping[str, str] | str = ""
    kind: str = ""
    colour: str = ""
    read_only: bool = False
    audit: Path | None = None
    flight: bool | None = None
    historian: str = ""

    def read_key(self, ask: Ask) -> Secret | None:
        """The key, from where the file says; None where it says nothing.

        Raises:
            ConfigurationError: It is not there, or others could read the file it is in.
            MissingPackageError: It is in a keyring, and the package `keyring` is not installed.
        """
        if not self.key:
            return None
        if isinstance(self.key, str):
            return Secret(ask(f"API key of {self.name}: "))
        ((source, where),) = self.key.items()
        return READERS[source](self, where)

    def options(self, given: Mapping[str, Any], ask: Ask) -> ClientOptions:
        """How it is reached: as a call says, else the environment, else the file.

        The key is asked for where the file says so. Raises as `read_key`, and ConfigurationError for options
        that contradict each other.
        """
        settings: dict[str, Any] = hide({**self.settings, **self._in_environment(), **given})
        if "api_key" not in settings:
            key = self.read_key(ask)
            settings["api_key"] = default_key() if key is None else key
        settings |= {"plant": self.name, "read_only": self.read_only or settings.get("read_only", False)}
        endpoint = settings.pop("endpoint", self.endpoint)
        return ClientOptions.chosen(endpoint, None, settings)

    def _in_environment(self) -> dict[str, Any]:
        """What variables of this plant say, such as MXGW_PLANT_A_API_KEY of plant-a.

        Those of any gateway are not taken: they would send the key of one plant to another.
        """
        prefix = f"MXGW_{self.name.upper().replace('-', '_')}_"
        said = {name: os.environ.get(prefix + name.upper(), "") for name in OVERRIDABLE}
        return {name: text for name, text in said.items() if text}


def default_key() -> Secret:
    """The key where nobody says one: that of MXGATEWAY_API_KEY, else none."""
    return Secret(os.environ.get(KEY_VARIABLE, ""))


def key_in_environment(profile: Profile, variable: str) -> Secret:
    """The key of an environment variable."""
    if not os.environ.get(variable):
        message = f"The environment variable {variable} has no key for {profile.name}"
        raise ConfigurationError(message, hint="Set it before this program starts.")
    return Secret(os.environ[variable])


def key_in_file(profile: Profile, name: str) -> Secret:
    """The key of a file that nobody else may read."""
    path = beside(profile.file, name)
    try:
        # By what was opened, not by its name: it could be another file a moment later.
        with path.open(encoding="utf-8") as file:
            if sys.platform != "win32" and os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                message = f"Other users can read the key of {profile.name} in {path}"
                raise ConfigurationError(message, hint=f"Make it private: chmod 600 {path}")
            return Secret(file.read().strip())
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a text"
        raise ConfigurationError(f"The key of {profile.name} cannot be read from {path}: {reason}") from None


def key_in_keyring(profile: Profile, service: str) -> Secret:
    """The key that the system's keyring has, with the plant's name for the user."""
    try:
        import keyring
    except ModuleNotFoundError:
        wanted = f"The key of {profile.name}, which is in the system's keyring,"
        raise MissingPackageError(wanted, "keyring", hint="python -m pip install keyring") from None
    try:
        found = keyring.get_password(service, profile.name)
    except Exception as error:  # each system's keyring has errors of its own
        raise ConfigurationError(f"The keyring did not give the key of {profile.name}: {error}") from None
    if not found:
        message = f"The keyring has no key for {profile.name} under {service}"
        raise ConfigurationError(message, hint=f"Put it there: keyring set {service} {profile.name}")
    return Secret(found)


READERS = {"env": key_in_environment, "file": key_in_file, "keyring": key_in_keyring}


def profiles() -> dict[str, Profile]:
    """Every plant that a file names, by its name.

    Raises:
        ConfigurationError: A file cannot be read, or says what it cannot say; with its name and place.
    """
    found: dict[str, Profile] = {}
    for path in files():
        found = {**read_profiles(path), **found}
    return found


def profile_named(name: str) -> Profile | None:
    """The plant of that name; None where no file names it. Raises ConfigurationError, as `profiles`."""
    return profiles().get(name) if NAME.fullmatch(name) else None


def files() -> list[Path]:
    """The files that are there, the first of which counts most."""
    if os.environ.get(VARIABLE):
        return [Path(os.environ[VARIABLE])]
    candidates = [Path.cwd() / FILE, Path(click.get_app_dir("mxgw_notebook")) / FILE]
    return [path for path in dict.fromkeys(candidates) if path.is_file()]


def read_profiles(path: Path) -> dict[str, Profile]:
    """The plants of one file."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        reason = reason_of(error)
        raise ConfigurationError(f"{path} cannot be read: {reason}") from None
    plants = told.get("plants")
    if set(told) - {"plants"} or not isinstance(plants, dict):
        raise ConfigurationError(f"{path} has no plants", hint="Each is a table: [plants.NAME].")
    return {name: made(path, name, table) for name, table in plants.items()}


def made(path: Path, name: str, table: Any) -> Profile:
    """One plant of what a table says. Raises ConfigurationError, with file and plant."""
    troubles = list(troubles_of(name, table))
    if troubles:
        raise ConfigurationError(f"{path}: [plants.{name}]: {troubles[0]}")
    kind = table.get("kind", "")
    settings = {key: value for key, value in table.items() if key not in OURS and key != "endpoint"}
    if "ca_file" in settings:
        settings["ca_file"] = beside(path, settings["ca_file"])
    return Profile(
        name=name,
        endpoint=table["endpoint"],
        file=path,
        settings=settings,
        key=table.get("key", ""),
        kind=kind,
        colour=table.get("colour", COLOURS.get(kind, "")),
        read_only=table.get("read_only", False),
        audit=beside(path, table["audit"]) if "audit" in table else None,
        flight=table.get("flight"),
        historian=table.get("historian", ""),
    )


def troubles_of(name: str, table: Any) -> Iterator[str]:
    """What is wrong with what the file says of a plant, the worst first."""
    if not NAME.fullmatch(name) or name in RESERVED:
        yield "a name is of letters, digits, - and _, and not demo"
    if not isinstance(table, dict) or not isinstance(table.get("endpoint"), str) or not table["endpoint"]:
        yield 'it needs an endpoint, such as "host:5001"'
        return
    # What else stands there may be a key in the wrong place: it is not repeated.
    if "api_key" in table or any("mxgw_" in str(value) for value in flat(table)):
        yield 'a key does not stand in this file; say where it is: key = { env = "NAME" }'
    known = {*get_type_hints(ClientSettings), *OURS, "endpoint"} - {"api_key", "plant"}
    for unknown in sorted(set(table) - known):
        yield f"{unknown} is not known; known are {', '.join(sorted(known))}"
    if not is_source(table.get("key", PROMPT)):
        yield f'key is "{PROMPT}", or one of {", ".join(KEY_SOURCES)}: key = {{ env = "NAME" }}'
    if table.get("kind", KINDS[0]) not in KINDS:
        yield f"kind is {' or '.join(KINDS)}"
    if not COLOUR.fullmatch(str(table.get("colour", "#000000"))):
        yield 'colour is as "#b3261e"'
    for flag in ("read_only", "flight"):
        if not isinstance(table.get(flag, True), bool):
            yield f"{flag} is true or false"
    for text in (*PATHS, "historian"):
        if not isinstance(table.get(text, "-"), str) or not table.get(text, "-"):
            yield f"{text} is a text"


def is_source(key: Any) -> bool:
    """Whether this says where a key comes from."""
    if not isinstance(key, dict):
        return bool(key == PROMPT)
    return len(key) == 1 and all(
        source in KEY_SOURCES and isinstance(where, str) and where for source, where in key.items()
    )


def flat(value: Any) -> Iterator[Any]:
    """The values in a table, those of tables within it too."""
    if isinstance(value, dict):
        for one in value.values():
            yield from flat(one)
    else:
        yield value


def beside(file: Path, name: str) -> Path:
    """A path that is relative to a file's folder."""
    return file.parent / Path(name).expanduser()
