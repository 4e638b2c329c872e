"""Fill the data folder that the environment names; see bench.filling."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from typing import Any

from django.db import transaction

from bench.filling import SIZES, Sizes
from bench.filling.people import fill_line, fill_people, fill_supporters, wanted
from bench.filling.talks import fill_old_talks, fill_safety, open_talk
from samepath.accounts import actions as accounts
from samepath.accounts.models import Block, Member, SignIn
from samepath.conversations import actions as talking
from samepath.demo.seed import member as of_cast
from samepath.kit import clock, sites
from samepath.kit.models import Site
from samepath.matching.choices import Answer
from samepath.matching.models import (
    Availability,
    Offer,
    Request,
)
from samepath.organisations import actions as organisations
from samepath.organisations import setup
from samepath.organisations.choices import Hat
from samepath.organisations.models import Duty
from samepath.profiles.models import Experience
from samepath.safety import actions as safety
from samepath.safety import promise
from samepath.safety.models import Concern, Report
from samepath.web.showcase import SCENES

NOW = clock.now()


def _guest(handle: str) -> Member:
    return accounts.create_member(
        handle=handle, language="en", country="GB", promise=promise.version()
    )


def tick_ms() -> list[float]:
    """Milliseconds of five batches of the clock's match tick, offers made included."""
    from samepath.matching import actions as matching

    took = []
    for _turn in range(5):
        begin = time.perf_counter()
        matching.tick()
        took.append((time.perf_counter() - begin) * 1000)
    return took


def fill(sizes: Sizes, pairs: int) -> dict[str, Any]:
    """Put the rows there; whom to be, where to look."""
    cast = {key: of_cast(key) for key in ("heron", "lantern", "otter", "oak", "brook", "field")}
    cast["wren"] = of_cast("wren")
    with transaction.atomic():
        people = fill_people(sizes.members)
        fill_supporters(people, sizes.supporters)
        fill_line(people, sizes.requests, sizes.waiting)
        fill_old_talks(people, sizes.talks)
        Block.objects.bulk_create(
            [
                Block(blocker=cast["wren"], blocked=one, known_as=one.handle, made_on=clock.today())
                for one in people[: max(1, sizes.members // 100)]
            ]
        )
    guest, waits, looks, ended = (
        _guest(f"bench-{name}-7") for name in ("guest", "waits", "looks", "ended")
    )
    held, _pairing = open_talk(guest, cast["heron"], sizes.messages)
    over, _over = open_talk(ended, cast["lantern"], min(200, sizes.messages))
    talking.close_conversation(over, by=None)
    safety.not_safe(guest, kind="conversation", subject=held.public_id)
    fill_safety(people, sizes.concerns, sizes.reports, held.public_id)
    line = {
        who.pk: Request.objects.create(
            member=who, wanted=wanted(), style="listen", joined_at=NOW, seen_at=NOW, at_once=False
        )
        for who in (waits, looks)
    }
    offer = Offer.objects.create(
        request=line[looks.pk],
        giver=cast["otter"],
        shared=True,
        fit=0.6,
        giver_says=Answer.YES,
        offered_at=NOW,
        # Long enough to be looked at many times.
        giver_until=NOW + timedelta(hours=6),
        seeker_until=NOW + timedelta(hours=6),
    )
    Availability.objects.update_or_create(
        member=cast["otter"], defaults={"available": True, "since": NOW, "seen_at": NOW}
    )
    _row, token = organisations.invite(cast["field"], Hat.SUPPORTER)
    visitors = {**cast, "guest": guest, "waits": waits, "looks": looks, "ended": ended}
    cookies = {key: accounts.start_sign_in(who) for key, who in visitors.items()}
    concern = Concern.objects.filter(member=guest).latest("pk")
    report = Report.objects.latest("pk")
    talks = []
    for place in range(pairs):
        one, other = _guest(f"bench-one-{place}"), _guest(f"bench-other-{place}")
        conversation, _pair = open_talk(one, other, 0)
        talks.append(
            {
                "conversation": str(conversation.public_id),
                "cookies": [accounts.start_sign_in(who) for who in (one, other)],
            }
        )
    return {
        "cookies": cookies,
        "code": setup.current_code(),
        "pairs": talks,
        "talk": str(held.public_id),
        "samples": {
            "conversations": [str(held.public_id), str(over.public_id)],
            "requests": [str(row.public_id) for row in line.values()],
            "offers": [str(offer.public_id)],
            "concerns": [str(concern.public_id)],
            "reports": [str(report.public_id)],
            "invitations": [token],
            "sign_in": [str(SignIn.objects.filter(member=cast["wren"]).latest("pk").public_id)],
            "block": [str(Block.objects.filter(blocker=cast["wren"]).latest("pk").pk)],
            "topic": [
                str(pk)
                for pk in Experience.objects.filter(
                    member__in=[cast["wren"], cast["heron"]]
                ).values_list("pk", flat=True)[:2]
            ],
            "duty": [str(Duty.objects.filter(member=cast["heron"]).latest("pk").public_id)],
            "team": [str(cast["heron"].public_id)],
            "scene": list(SCENES),
        },
        "routes": _routes(),
        "tick_ms": tick_ms(),
    }


def _routes() -> list[list[str]]:
    """Every address of the house with its name, `<converter:name>` where a value goes."""
    from django.urls import get_resolver
    from django.urls.resolvers import URLPattern, URLResolver

    out: list[list[str]] = []

    def walk(patterns: list[Any], before: str, space: str) -> None:
        for one in patterns:
            here = before + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, here, one.namespace or space)
            elif isinstance(one, URLPattern):
                out.append([f"{space}:{one.name}".lstrip(":"), "/" + here])

    walk(get_resolver().url_patterns, "", "")
    return out


def main() -> None:
    """Fill the data folder that the environment names."""
    rows = int(sys.argv[1])
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with sites.scope(Site.objects.get().pk):
        print(json.dumps(fill(SIZES[rows], pairs)))


if __name__ == "__main__":
    main()
