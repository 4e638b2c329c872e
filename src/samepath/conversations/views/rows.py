"""The log as a page shows it: day marks, the "new" mark, lines, care cards, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samepath.conversations.choices import Sort
from samepath.conversations.queries import Line
from samepath.conversations.views.cards import Shown
from samepath.conversations.words import notice_words
from samepath.kit import clock
from samepath.organisations import queries as organisations


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the log: `sort` says which of the other fields it has."""

    sort: str  # "day", "unread", "message", "gone", "state", "care"
    words: str = ""
    line: Line | None = None
    card: Shown | None = None


def zone() -> ZoneInfo:
    """The zone of the house; a page with script shows the reader's own instead."""
    held = organisations.organisation()
    try:
        return ZoneInfo(held.zone if held else "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day_words(day: date, today: date) -> str:
    """A day as people say it."""
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return date_format(day, _("l j F"))


def rows(
    lines: Sequence[Line],
    *,
    where: ZoneInfo,
    read_seq: int | None = None,
    cards: Sequence[Shown] = (),
    before: Line | None = None,
) -> list[Row]:
    """What stands in the log, from the oldest line to the newest.

    `read_seq` puts the "new" mark before the first line of somebody else after it; None for no
    mark. A card stands behind its message, or at the end where that is not among `lines`.
    """
    out: list[Row] = []
    today = clock.now().astimezone(where).date()
    day = before.sent_at.astimezone(where).date() if before else None
    marked = read_seq is None
    left = list(cards)
    for line in lines:
        on = line.sent_at.astimezone(where).date()
        if on != day:
            day = on
            out.append(Row("day", day_words(on, today)))
        if not marked and line.seq > (read_seq or 0) and not line.mine:
            marked = True
            out.append(Row("unread"))
        out.append(_row(line))
        for card in [one for one in left if one.after == line.message]:
            left.remove(card)
            out.append(Row("care", card=card))
    return out + [Row("care", card=card) for card in left]


def _row(line: Line) -> Row:
    if line.sort == Sort.NOTICE:
        return Row("state", notice_words(line.notice, name=line.name, mine=line.mine), line)
    if line.sort == Sort.REMOVED:
        words = _("You took your words back.") if line.mine else _("They removed their words.")
        return Row("gone", words, line)
    if line.text is None:
        return Row("gone", _("This message cannot be shown."), line)
    return Row("message", line.text, line)


def as_context(found: list[Row], *, more: bool) -> dict[str, Any]:
    """For the templates."""
    seqs = [row.line.seq for row in found if row.line is not None]
    return {
        "rows": found,
        "first": seqs[0] if seqs else 0,
        "last": seqs[-1] if seqs else 0,
        "more": more and bool(seqs) and seqs[0] > 1,
    }
