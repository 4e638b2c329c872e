"""A request is its own member's; an offer is for the two it names. Nobody else learns of either."""

from __future__ import annotations

from uuid import UUID

from samepath.accounts.models import Member
from samepath.kit.errors import NotFound
from samepath.matching.models import Ending, Offer, Pairing, Request


def request_for(viewer: Member | None, public_id: UUID) -> Request:
    """The viewer's own request. Raises NotFound."""
    if viewer is None:
        raise NotFound
    row = (
        Request.objects.select_related("member").filter(member=viewer, public_id=public_id).first()
    )
    if row is None:
        raise NotFound
    return row


def offer_for(viewer: Member, public_id: UUID) -> Offer:
    """An offer made to the viewer, on either side. Raises NotFound."""
    row = (
        Offer.objects.select_related("request__member", "giver", "giver_request")
        .filter(public_id=public_id)
        .first()
    )
    if row is None or viewer.pk not in (row.request.member_id, row.giver_id):
        raise NotFound
    return row


def ending_for(viewer: Member | None, conversation: UUID) -> tuple[Pairing, Ending | None]:
    """The pairing behind a conversation the viewer was in, and their side of its ending."""
    if viewer is None:
        raise NotFound
    pairing = (
        Pairing.objects.select_related("seeker", "giver").filter(conversation=conversation).first()
    )
    if pairing is None or viewer.pk not in (pairing.seeker_id, pairing.giver_id):
        raise NotFound
    return pairing, Ending.objects.filter(pairing=pairing, member=viewer).first()
