"""Writes mxgw_notebook/_generated from the .proto files beside this script.

    python protos/generate.py           write
    python protos/generate.py --check   fail when what is committed is not what would be written

The compiler is the oldest grpcio-tools whose output we support, fetched into a temporary
folder: its own requirements (protobuf below 7) must not decide what the rest is tested with.

Why: DECISIONS.md, "The generated code is that of grpcio-tools 1.72.1".
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOOLS = "grpcio-tools==1.72.1"
SOURCES = Path(__file__).resolve().parent
TARGET = SOURCES.parent / "mxgw_notebook" / "_generated"
PACKAGE = '''"""Output of protos/generate.py. Never edited; imported by client and simulator alone."""

import sys

from mxgw_notebook.own_protos import own_modules

for _name, _module in own_modules().items():
    sys.modules[f"{__name__}.{_name}"] = _module
    globals()[_name] = _module
'''
DESCRIPTORS = "contract.binpb"


def compile_into(folder: Path) -> None:
    """Runs protoc on every .proto file, into folder."""
    with tempfile.TemporaryDirectory() as tools:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", tools, TOOLS]
        subprocess.run(pip, check=True)
        protoc = [sys.executable, "-m", "grpc_tools.protoc", f"-I{SOURCES}"]
        outputs = [f"--{kind}={folder}" for kind in ("python_out", "pyi_out", "grpc_python_out")]
        outputs.append(f"--descriptor_set_out={folder / DESCRIPTORS}")
        files = sorted(str(path) for path in SOURCES.glob("*.proto"))
        include = f"-I{Path(tools) / 'grpc_tools' / '_proto'}"
        environment = {**os.environ, "PYTHONPATH": tools}
        subprocess.run([*protoc, include, *outputs, *files], check=True, env=environment)


def made_relative(source: str) -> str:
    """protoc imports its own modules from the top of sys.path; ours live in a package."""
    return re.sub(r"^import (\w+_pb2) as", r"from . import \1 as", source, flags=re.MULTILINE)


def generated() -> dict[str, bytes]:
    """Every generated file, by name."""
    with tempfile.TemporaryDirectory() as folder:
        compile_into(Path(folder))
        descriptors = (Path(folder) / DESCRIPTORS).read_bytes()
        modules = {path.name: made_relative(path.read_text()) for path in Path(folder).glob("*.py*")}
    texts = {"__init__.py": PACKAGE, **modules}
    return {DESCRIPTORS: descriptors, **{name: text.encode() for name, text in texts.items()}}


def stale(wanted: dict[str, bytes]) -> list[str]:
    """Names that are missing, differ or should not be there."""
    present = {path.name: path.read_bytes() for path in TARGET.iterdir() if path.is_file()}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def write(wanted: dict[str, bytes]) -> None:
    TARGET.mkdir(exist_ok=True)
    for name in stale(wanted):
        if name not in wanted:
            (TARGET / name).unlink()
    for name, content in wanted.items():
        (TARGET / name).write_bytes(content)


def main() -> int:
    wanted = generated()
    if "--check" not in sys.argv[1:]:
        write(wanted)
        return 0
    names = stale(wanted)
    if names:
        print(f"stale: {', '.join(names)}. Run: python protos/generate.py", file=sys.stderr)
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
