"""Never meet again, and taking that back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samepath.accounts.events import BlockLifted, BlockPlaced
from samepath.accounts.models import Block, Member
from samepath.kit import clock, db
from samepath.kit.errors import Invalid, NotFound
from samepath.kit.events import announce


def block_member(member: Member, other_id: int) -> None:
    """Never meet again: silent, mutual, on every surface. Doing it twice changes nothing.

    Raises:
        Invalid: that is oneself. NotFound: there is nobody of this id here.
    """
    if member.pk == other_id:
        raise Invalid(_("That is you."))
    with db.write():
        known_as = Member.objects.filter(pk=other_id).values_list("handle", flat=True).first()
        if known_as is None:
            raise NotFound
        _row, made = Block.objects.get_or_create(
            blocker=member,
            blocked_id=other_id,
            defaults={"made_on": clock.today(), "known_as": known_as},
        )
        if made:
            announce(BlockPlaced(member.site_id, member.pk, other_id))


def lift_block(member: Member, block_id: int) -> None:
    """Take back one of the member's own blocks. Raises NotFound."""
    with db.write():
        row = Block.objects.filter(pk=block_id, blocker=member).first()
        if row is None:
            raise NotFound
        other = row.blocked_id
        row.delete()
        announce(BlockLifted(member.site_id, member.pk, other))
