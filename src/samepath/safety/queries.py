"""What the desk lists and what an author is shown."""

from __future__ import annotations

from uuid import UUID

from samepath.accounts.models import Member
from samepath.safety.models import CareCard, Concern, Report


def open_concerns(limit: int = 100) -> list[Concern]:
    """Not yet seen, by level and then by waiting time; no words in it."""
    rows = Concern.objects.filter(seen_at=None).select_related("member")
    return list(rows.order_by("-level", "raised_at")[:limit])


def seen_concerns(limit: int = 50) -> list[Concern]:
    """Seen lately, newest first."""
    rows = Concern.objects.filter(seen_at__isnull=False).select_related("member", "seen_by")
    return list(rows.order_by("-seen_at")[:limit])


def reports(limit: int = 100) -> list[Report]:
    """Unread first, oldest first."""
    rows = Report.objects.select_related("reporter", "about", "seen_by")
    return list(rows.order_by("seen_at", "made_at")[:limit])


def waiting_counts() -> tuple[int, int]:
    """How many concerns and reports nobody has looked at."""
    return (
        Concern.objects.filter(seen_at=None).count(),
        Report.objects.filter(seen_at=None).count(),
    )


def cards_for(member: Member, subject: UUID) -> list[CareCard]:
    """The member's own cards in this place that they have not put away."""
    rows = CareCard.objects.filter(member=member, subject=subject, away_at=None)
    return list(rows.select_related("concern").order_by("shown_at")[:20])


def export(member_id: int) -> object:
    """What this room knows of a member, and may tell them."""
    return {
        "cards": [
            {"shown_at": card.shown_at.isoformat(), "level": card.level}
            for card in CareCard.objects.filter(member_id=member_id)
        ],
        "marks": [
            {
                "raised_at": row.raised_at.isoformat(),
                "source": row.get_source_display(),
                "looked_at": row.seen_at.isoformat() if row.seen_at else None,
            }
            for row in Concern.objects.filter(member_id=member_id)
        ],
        "reports_made": [
            {"made_at": row.made_at.isoformat(), "why": row.get_why_display()}
            for row in Report.objects.filter(reporter_id=member_id)
        ],
    }
