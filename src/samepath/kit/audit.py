"""One line for every act that touches somebody else's matters. Written in the same transaction."""

from __future__ import annotations

from uuid import UUID

from samepath.kit import clock
from samepath.kit.models import AuditEntry


def record(actor: UUID | None, verb: str, kind: str, subject: UUID | None, reason: str) -> None:
    """Append who did what to which thing and why; `reason` is a code or our words, not theirs."""
    AuditEntry.objects.create(
        at=clock.now(),
        actor=actor,
        verb=verb,
        subject_kind=kind,
        subject=subject,
        reason=reason[:200],
    )
