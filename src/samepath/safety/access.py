"""Whose matters somebody who looks after safety may see: never their own.

A lead reads reports. A second reads no words, except where a report is about a lead: nobody looks
into what is said about themselves (safety.md 3.7, 4.0).
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from samepath.accounts.models import Member
from samepath.kit.errors import NotFound
from samepath.organisations.access import hats
from samepath.organisations.choices import Hat
from samepath.safety.models import Concern, Report


def concerns_for(viewer: Member) -> QuerySet[Concern]:
    """The concerns a lead or second sees: all but those about themselves."""
    if not hats(viewer) & {Hat.LEAD, Hat.SECOND}:
        return Concern.objects.none()
    return Concern.objects.exclude(member=viewer)


def reports_for(viewer: Member) -> QuerySet[Report]:
    """The reports somebody may read. A lead: all but those by or about themselves. A second: those
    about a lead or by one, for the same reason."""
    worn = hats(viewer)
    rows = Report.objects.exclude(about=viewer).exclude(reporter=viewer)
    if Hat.LEAD in worn:
        return rows
    if Hat.SECOND in worn:
        lead = Q(about__roles__hat=Hat.LEAD) | Q(reporter__roles__hat=Hat.LEAD)
        return rows.filter(lead).distinct()
    return Report.objects.none()


def concern_for(viewer: Member, public_id: UUID) -> Concern:
    """One concern. Raises NotFound."""
    row = concerns_for(viewer).filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    return row


def report_for(viewer: Member, public_id: UUID) -> Report:
    """One report. Raises NotFound."""
    rows = reports_for(viewer).select_related("reporter", "about", "seen_by")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    return row
