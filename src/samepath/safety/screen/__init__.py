"""The local screener for words of danger: text in, a level and plain reasons out.

Pure Python, no database, no network, no state. What each level sets in motion is decided elsewhere
in this room; only a person ever lowers a level.
"""

from __future__ import annotations

from samepath.safety.screen.finding import Finding, Level
from samepath.safety.screen.jsonl import screen_jsonl
from samepath.safety.screen.screener import SUPPORTED, crisis, screen

__all__ = ["SUPPORTED", "Finding", "Level", "crisis", "screen", "screen_jsonl"]
