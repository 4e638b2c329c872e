"""Screening a file of texts, one JSON object per line: what ``samepath screen --jsonl`` does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from samepath.safety.screen.finding import Level
from samepath.safety.screen.screener import screen


def screen_jsonl(lines: Iterable[str]) -> Iterator[str]:
    """Yield one JSON line per input line that is not blank.

    In: ``{"id", "text"[, "lang"]}``; without "lang" every pack is read. Out: ``{"id", "level",
    "score", "reasons"}``, where "level" is none, low, moderate, high or imminent, or not_screened
    where nobody checks the language and nothing stood out, and "reasons" are the ids of the rules.
    A line that is no such object gives ``{"id": null, "error": ...}``, and reading goes on.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        yield json.dumps(_answer(line, number), ensure_ascii=False)


def _answer(line: str, number: int) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": f"line {number} is not valid JSON"}
    if not isinstance(record, dict):
        return {"id": None, "error": f"line {number} is not an object"}
    text, language = record.get("text"), record.get("lang")
    if "id" not in record or not isinstance(text, str):
        return {"id": None, "error": f'line {number} needs an "id" and a "text" that is a string'}
    if language is not None and not isinstance(language, str):
        return {"id": None, "error": f'line {number}: "lang" must be a string'}
    finding = screen(text, language=language)
    unread = not finding.screened and finding.level == Level.R0
    return {
        "id": record["id"],
        "level": "not_screened" if unread else finding.level.word,
        "score": finding.score,
        "reasons": list(finding.rules),
    }
