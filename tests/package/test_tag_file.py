"""A file of tags is read alike wherever one is named, as people and their editors write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.tag_file import tags_in


def test_a_sharp_within_a_name_is_part_of_it_and_after_a_blank_begins_a_comment(tmp_path: Path) -> None:
    file = tmp_path / "tags.txt"
    file.write_text("# the feed\n\n Tank#1.Level  # the first\nPump001.Speed\t#fast\n  #FIC101.SP\n", "utf-8")
    assert tags_in(file) == ["Tank#1.Level", "Pump001.Speed"]


def test_a_text_of_windows_begins_with_its_first_tag(tmp_path: Path) -> None:
    file = tmp_path / "tags.txt"
    file.write_bytes(b"\xef\xbb\xbfTank001.Level\r\nPump001.Speed\r\n")
    assert tags_in(file) == ["Tank001.Level", "Pump001.Speed"]


def test_what_is_no_file_of_tags_is_one_line(tmp_path: Path) -> None:
    picture = tmp_path / "picture.txt"
    picture.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ConfigurationError, match="is no text in UTF-8"):
        tags_in(picture)
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        tags_in(tmp_path / "none.txt")
