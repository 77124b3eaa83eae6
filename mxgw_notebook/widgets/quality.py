"""The OPC quality byte in one of three words."""

from __future__ import annotations

GOOD_FROM = 192
UNCERTAIN_FROM = 64


def quality_word(quality: int) -> str:
    """Good, uncertain or bad; only the low byte counts."""
    low = quality & 0xFF
    if low >= GOOD_FROM:
        return "good"
    return "uncertain" if low >= UNCERTAIN_FROM else "bad"
