"""The batch that makes offers, the answers of both, and the one that wins."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.conversations import actions as talking
from samepath.engine import dropin
from samepath.engine.fit import fit, reasons
from samepath.engine.hard import allowed
from samepath.kit import bus, clock, db, ids
from samepath.kit.errors import Conflict, NotFound
from samepath.kit.events import announce
from samepath.matching import queries, rules
from samepath.matching.actions.requests import ring_line
from samepath.matching.choices import Answer, Line, Outcome
from samepath.matching.events import PairOpened
from samepath.matching.models import Availability, Offer, Pairing, Piece, Request

log = logging.getLogger("samepath.matching")


def tick() -> int:
    """One batch: end what ran out, then offer; how many offers were made. The clock calls this."""
    expire_offers()
    pool = queries.pool()
    made = 0
    first = _who_wished_to_meet_again(pool)
    taken = {who for one in first for who in (one.a, one.b)}
    waiting = [seeker for seeker in pool.waiting if seeker.person.id not in taken]
    free = [giver for giver in pool.free if giver.person.id not in taken]
    for proposal in [*first, *dropin.propose(waiting, free, pool.at, pool.rules)]:
        made += _offer(proposal, pool)
    return made


def _who_wished_to_meet_again(pool: queries.Pool) -> list[dropin.Proposal]:
    """Two who both said "again" are asked for each other first; the hard rules hold."""
    out: list[dropin.Proposal] = []
    met: set[object] = set()
    # A supporter who waits in line themselves tonight does not also give.
    seeking = {seeker.person.id for seeker in pool.waiting}
    taken = {giver.person.id for giver in pool.free if giver.person.id in seeking}
    for seeker in sorted(pool.waiting, key=lambda one: one.since):
        for giver in pool.free:
            a, b = seeker.person.id, giver.person.id
            if (a, b) not in pool.again or b in seeker.declined or b in taken or a in met:
                continue
            if not allowed(seeker, giver, pool.at):
                continue
            q, topic = fit(seeker, giver, pool.rules)
            why_a, why_b = reasons(seeker, giver, pool.rules)
            out.append(dropin.Proposal(a, b, q, why_a, why_b, topic > 0 or not seeker.want, False))
            taken.add(b)
            met.add(a)
    return out


def _offer(proposal: dropin.Proposal, pool: queries.Pool) -> bool:
    request = pool.requests[int(proposal.a)]
    giver_request = pool.requests.get(int(proposal.b)) if proposal.fellow else None
    now = clock.now()
    try:
        with db.write():
            still = Request.objects.filter(pk=request.pk, state=Line.WAITING).exists()
            there = (
                Request.objects.filter(pk=giver_request.pk, state=Line.WAITING).exists()
                if giver_request
                else Availability.objects.filter(member_id=int(proposal.b), available=True).exists()
            )
            if not still or not there:
                return False
            offer = Offer.objects.create(
                request=request,
                giver_id=int(proposal.b),
                giver_request=giver_request,
                shared=proposal.shared,
                why_seeker=proposal.why_a,
                why_giver=proposal.why_b,
                fit=proposal.fit,
                offered_at=now,
                giver_until=now + (rules.SEEKER_LOOKS if giver_request else rules.GIVER_ANSWERS),
                # Two who wait both look first: nobody is on duty for the other.
                seeker_until=now + rules.SEEKER_LOOKS if giver_request else None,
            )
    except IntegrityError:
        return False
    bus.ring("desk", str(offer.giver.public_id))
    _ring_request(request)
    if giver_request:
        _ring_request(giver_request)
    return True


def _ring_request(request: Request) -> None:
    bus.ring("request", str(request.public_id))


def expire_offers() -> int:
    """End the offers nobody answered in time. A missed one rests the supporter for two minutes."""
    now = clock.now()
    rows = Offer.objects.filter(outcome=Outcome.OPEN).select_related("request", "giver")
    ended = 0
    for offer in rows:
        missed = offer.giver_says == Answer.OPEN and now >= offer.giver_until
        looked = (
            offer.seeker_says == Answer.OPEN
            and offer.seeker_until is not None
            and now >= offer.seeker_until
        )
        if not missed and not looked:
            continue
        with db.write():
            won = Offer.objects.filter(
                pk=offer.pk,
                outcome=Outcome.OPEN,
                giver_says=offer.giver_says,
                seeker_says=offer.seeker_says,
            ).update(outcome=Outcome.EXPIRED, ended_at=now)
        if won and missed and offer.giver_request_id is None:
            # On its own: whoever says "not now" holds their row first and the offer after it.
            with db.write():
                Availability.objects.filter(member=offer.giver).update(
                    rest_until=now + rules.REST_AFTER_MISS
                )
        if won:
            ended += 1
            bus.ring("desk", str(offer.giver.public_id))
            _ring_request(offer.request)
    return ended


def answer_as_giver(member: Member, public_id: UUID, *, yes: bool) -> Offer:
    """The supporter's answer. "Not now" is silent and costs nothing.

    Raises:
        NotFound: not offered to this member. Conflict: the time is over or the person has gone.
    """
    offer = (
        Offer.objects.select_related("request__member", "giver")
        .filter(public_id=public_id, giver=member)
        .first()
    )
    if offer is None:
        raise NotFound
    now = clock.now()
    if not yes:
        _decline(offer, giver_says=Answer.NO)
        return offer
    with db.write():
        fresh = offer.seeker_until or now + rules.SEEKER_LOOKS
        won = Offer.objects.filter(
            pk=offer.pk, outcome=Outcome.OPEN, giver_says=Answer.OPEN, giver_until__gt=now
        ).update(giver_says=Answer.YES, seeker_until=fresh)
        if not won:
            raise Conflict(_("This offer has ended. Nothing was lost: they keep their place."))
        offer.refresh_from_db()
        if offer.request.at_once and offer.giver_request_id is None:
            Offer.objects.filter(pk=offer.pk).update(seeker_says=Answer.YES)
            offer.seeker_says = Answer.YES
    return _open_if_both(offer)


def answer_as_seeker(member: Member, public_id: UUID, *, yes: bool) -> Offer:
    """The answer of the person waiting, after having looked. A no is never shown as a no.

    Raises NotFound and Conflict like `answer_as_giver`.
    """
    offer = (
        Offer.objects.select_related("request__member", "giver")
        .filter(public_id=public_id, request__member=member)
        .first()
    )
    if offer is None:
        raise NotFound
    if not yes:
        _decline(offer, seeker_says=Answer.NO)
        return offer
    with db.write():
        won = Offer.objects.filter(
            pk=offer.pk,
            outcome=Outcome.OPEN,
            seeker_says=Answer.OPEN,
            seeker_until__gt=clock.now(),
        ).update(seeker_says=Answer.YES)
        if not won:
            raise Conflict(_("This offer has ended. You keep your place in line."))
    offer.refresh_from_db()
    return _open_if_both(offer)


def extend_look(member: Member, public_id: UUID) -> None:
    """Two more minutes to look, each time it is asked, up to ten in all; for both of two who wait.

    Raises NotFound: not offered to this member, over, or the ten minutes are.
    """
    now = clock.now()
    later = now + rules.SEEKER_LOOKS
    offers = Offer.objects.filter(
        Q(request__member=member) | Q(giver_request__member=member),
        public_id=public_id,
        outcome=Outcome.OPEN,
        seeker_until__gt=now,
        offered_at__gt=now - rules.PLACE_KEPT,
    )
    with db.write():
        row = offers.first()
        if row is None:
            raise NotFound
        both = {"giver_until": later} if row.giver_request_id else {}
        Offer.objects.filter(pk=row.pk, outcome=Outcome.OPEN).update(seeker_until=later, **both)


def _decline(offer: Offer, **said: str) -> None:
    with db.write():
        won = Offer.objects.filter(pk=offer.pk, outcome=Outcome.OPEN).update(
            outcome=Outcome.DECLINED, ended_at=clock.now(), **said
        )
    if won:
        offer.outcome = Outcome.DECLINED
        bus.ring("desk", str(offer.giver.public_id))
        _ring_request(offer.request)
        ring_line()


def _open_if_both(offer: Offer) -> Offer:
    """Open the conversation when both said yes: one conditional update, so exactly one wins."""
    _ring_request(offer.request)
    if not offer.giver_says == offer.seeker_says == Answer.YES:
        bus.ring("desk", str(offer.giver.public_id))
        return offer
    conversation, now = ids.new_id(), clock.now()
    with db.write():
        # Requests before offers, lower ids first, as in leaving the line: nobody waits in a circle.
        both = [offer.request_id, *([offer.giver_request_id] if offer.giver_request_id else [])]
        rows = Request.objects.filter(pk__in=both, state=Line.WAITING).order_by("pk")
        held = [row.pk for row in rows.select_for_update()]
        won = len(held) == len(both) and Offer.objects.filter(
            pk=offer.pk, outcome=Outcome.OPEN, giver_says=Answer.YES, seeker_says=Answer.YES
        ).update(outcome=Outcome.OPENED, ended_at=now)
        if not won:
            raise Conflict(_("This offer has ended. Nothing was lost."))
        Request.objects.filter(pk__in=held).update(
            state=Line.MATCHED, ended_at=now, conversation=conversation
        )
        talking.open_conversation([offer.request.member, offer.giver], public_id=conversation)
        pairing = Pairing.objects.create(
            conversation=conversation,
            seeker=offer.request.member,
            giver=offer.giver,
            request=offer.request,
            why_seeker=offer.why_seeker,
            why_giver=offer.why_giver,
            fellow=offer.giver_request_id is not None,
            shared=offer.shared,
            opened_at=now,
        )
        Piece.objects.bulk_create(
            Piece(pairing=pairing, owner_id=owner, sort=sort, value=value)
            for owner, sort, value in queries.first_pieces(offer)
        )
        announce(PairOpened(offer.site_id, conversation, offer.request.member_id, offer.giver_id))
    offer.outcome = Outcome.OPENED
    for member in (offer.request.member, offer.giver):
        bus.ring("desk", str(member.public_id))
    _ring_request(offer.request)
    if offer.giver_request is not None:
        _ring_request(offer.giver_request)
    ring_line()
    return offer
