"""Taking everything along, and leaving for good."""

from __future__ import annotations

import logging
import secrets

from django.db import Error as DatabaseError
from django.db.models import Q
from django.utils.translation import gettext as _

from samepath.accounts.actions.sign_ins import end_rows
from samepath.accounts.events import MemberErased
from samepath.accounts.models import Block, Consent, Credential, Member, SignIn
from samepath.kit import audit, clock, db
from samepath.kit.errors import Unavailable
from samepath.kit.events import announce
from samepath.kit.ratelimit import Rate, buckets
from samepath.kit.registry import Eraser, erasers

log = logging.getLogger("samepath.accounts")
EXPORTS = Rate("export", 2, 2 / 86400)
TOMBSTONE = ":"  # no name a person can have begins with it


def allow_export(member: Member) -> None:
    """Two exports a day. Raises TooMany."""
    buckets.take(
        EXPORTS, member.pk, _("You can take your things along twice a day. Please come back later.")
    )


def erase_member(member: Member) -> list[str]:
    """Remove everything about `member`; reasons for what must stay, in words a person can read.

    First every way in is closed, so that nothing new can be written while the rooms are emptied.
    Then every room's eraser runs in its order; keys are destroyed, so that words in old copies of
    the database can never be read. What a fault of ours interrupts, `finish_erasures` ends.
    """
    with db.write():
        Member.objects.filter(pk=member.pk).update(erased_on=clock.today())
        Credential.objects.filter(member_id=member.pk).delete()
        end_rows(SignIn.objects.filter(member_id=member.pk))
    try:
        return _finish(member)
    except (Unavailable, DatabaseError):
        log.exception("erasure not finished")
        return [
            _("Some of it could not be removed this minute. It goes on by itself until it is done.")
        ]


def _finish(member: Member) -> list[str]:
    kept = [reason for reason in (eraser.erase(member.pk) for eraser in _erasers()) if reason]
    with db.write():
        Consent.objects.filter(member_id=member.pk).delete()
        Block.objects.filter(Q(blocker_id=member.pk) | Q(blocked_id=member.pk)).delete()
        empty = f"{TOMBSTONE}{secrets.token_hex(11)}"
        Member.objects.filter(pk=member.pk).update(
            handle=empty,
            skeleton=empty,
            language="en",
            country="",
            created_on=clock.today(),
            kept_on=None,
            last_active_on=clock.today(),
            discreet=False,
            staff=False,
            erased_on=clock.today(),
        )
        audit.record(member.public_id, "account:erase", "member", member.public_id, "own wish")
        announce(MemberErased(member.pk))
    return kept


def finish_erasures() -> int:
    """End what was interrupted; how many were finished. The clock calls this."""
    begun = Member.objects.filter(erased_on__isnull=False).exclude(handle__startswith=TOMBSTONE)
    done = 0
    for member in begun.order_by("pk")[:20]:
        try:
            _finish(member)
        except (Unavailable, DatabaseError):
            log.exception("erasure not finished")
        else:
            done += 1
    return done


def _erasers() -> list[Eraser]:
    return sorted(erasers.all(), key=lambda eraser: eraser.order)
