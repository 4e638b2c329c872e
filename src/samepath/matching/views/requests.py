"""From "talk to a peer now" to the wait: three screens, complete without JavaScript."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from samepath.accounts import actions as accounts
from samepath.accounts import queries as people
from samepath.accounts.access import member_of
from samepath.accounts.middleware import set_cookie
from samepath.accounts.models import Member
from samepath.accounts.rules import spoken
from samepath.conversations.access import conversation_for
from samepath.kit import choices, clock
from samepath.kit.errors import Conflict, Invalid, NotFound, Refusal
from samepath.kit.http import address_key, see_other
from samepath.kit.ratelimit import Rate, buckets
from samepath.matching import access, actions, queries, rules
from samepath.matching.choices import Line
from samepath.matching.forms import AboutForm, BeginForm
from samepath.matching.models import Request
from samepath.organisations import queries as organisations
from samepath.profiles import queries as people_told
from samepath.profiles.cards import cards
from samepath.profiles.words import read_words
from samepath.safety import promise

WATCHED = ("abuse",)  # families for which a visit leaves one line in the history by itself
GUESTS = Rate("guest", 10, 10 / 3600)


def new(request: HttpRequest) -> HttpResponse:
    """Where "Talk to a peer now" leads: to the right one of the three screens, or the truth."""
    member: Member | None = request.member  # type: ignore[attr-defined]
    held = queries.waiting_request(member)
    if held is not None:
        return see_other(request, f"/requests/{held.public_id}")
    if not organisations.cover_now().open:
        return closed(request)
    if member is None:
        return see_other(request, "/requests/begin" + ("?now=1" if "now" in request.GET else ""))
    if "now" in request.GET:
        return render(request, "matching/at_once.html", {"short": promise.short()})
    return see_other(request, "/requests/about")


def closed(request: HttpRequest) -> HttpResponse:
    """Nobody is here, and we do not pretend."""
    return render(request, "matching/closed.html", {"cover": organisations.cover_now()})


def begin(request: HttpRequest) -> HttpResponse:
    """The first screen: an invented name, an age statement, the promise before the first word."""
    if request.member is not None:  # type: ignore[attr-defined]
        return see_other(request, "/requests/new")
    now = "now" in request.GET or "now" in request.POST
    age = max(18, choices.get("minimum_age"))
    offered = accounts.offer_handles("begin")
    token = request.POST.get("handle", "")
    picked = accounts.offered_handle(token, "begin")
    # What was picked stays in the list, whatever was suggested meanwhile.
    handles = [(token, spoken(picked)), *offered[1:]] if picked else offered
    form = BeginForm(request.POST or None, handles=handles, age=age)
    if now and request.method == "POST":
        # Help is never gated: told, not asked; the short form stays in sight on the next page.
        return _become(
            request, accounts.suggest_handles(1)[0], informed_only=True, then="/requests/new?now=1"
        )
    if request.method == "POST" and form.is_valid():
        try:
            return _become(request, picked, then="/requests/about")
        except Conflict as error:
            form = BeginForm({**request.POST.dict(), "handle": ""}, handles=offered, age=age)
            form.add_error("handle", error.sentence)
        except Invalid as error:
            form.refuse(error)
    status = 400 if form.errors else 200
    shown = {
        "form": form,
        "age": age,
        "now": now,
        "sentences": promise.sentences(),
        "short": promise.short(),
        "waits": queries.wait_range(),
        "cover": organisations.cover_now(),
    }
    return render(request, "matching/begin.html", shown, status=status)


def _become(
    request: HttpRequest, handle: str, *, then: str, informed_only: bool = False
) -> HttpResponse:
    member = accounts.create_member(
        handle=handle,
        language=get_language() or "en",
        country=request.COOKIES.get("country", "")[:2].upper(),
        promise=promise.version(),
        informed_only=informed_only,
    )
    cookie = accounts.start_sign_in(member, user_agent=request.headers.get("User-Agent", ""))
    response = see_other(request, then)
    set_cookie(response, cookie)
    return response


def young(request: HttpRequest) -> HttpResponse:
    """For somebody younger: not a slammed door. Nothing is stored, nobody is told."""
    return render(request, "matching/young.html")


def about(request: HttpRequest) -> HttpResponse:
    """The second screen: own words become up to three topics to confirm, or topics are picked."""
    member = member_of(request)
    if not people.has_consented(member, promise.version()):
        return promise_again(request, member)
    language = get_language() or "en"
    form = AboutForm(request.POST or None, topics=list(cards("en")))
    found: list[str] = []
    ask = danger = False
    if request.method == "POST" and form.is_valid():
        words, picked = form.cleaned_data["words"], form.cleaned_data["topics"]
        reading = read_words(words)
        danger = reading.danger
        asked = request.POST.get("step") == "ask"
        if asked and (picked or not words or "anything" in request.POST):
            try:
                return _join(request, member, form, danger=danger)
            except (Conflict, Invalid) as error:
                if error.code == "closed":
                    return closed(request)
                form.add_error(None, error.sentence)
        found, ask = reading.topics, reading.ask and not picked
        if danger and asked:
            return _join(request, member, form, danger=True)
    chosen = [topic for topic in request.POST.getlist("topics") if topic in cards("en")]
    if request.method != "POST":
        # What a member said they would like to talk about stands ready, ticked by nobody.
        found = people_told.sought(member)
    chips = list(dict.fromkeys([*chosen, *found]))
    named = cards(language)
    # The best find stands ticked, so that one press is enough; it can be unticked.
    ticked = {*chosen, *(found[:1] if request.method == "POST" else ())}
    shown = {
        "form": form,
        "chips": [(topic, named[topic].name, topic in ticked) for topic in chips],
        "ask": ask,
        "danger": danger,
        "searched": request.method == "POST",
        "families": queries.topics_by_family(language),
        "chosen": chips,
    }
    return render(request, "matching/about.html", shown, status=400 if form.errors else 200)


def _join(request: HttpRequest, member: Member, form: AboutForm, *, danger: bool) -> HttpResponse:
    given = form.cleaned_data
    slow = buckets.wait(GUESTS, address_key(request)) if member.is_guest and not danger else 0.0
    row = actions.join_line(
        member,
        topics=given["topics"],
        style=given["style"],
        fellow=given["fellow"],
        at_once=given["at_once"] == "yes",
        crisis=danger,
        behind=bool(slow),
    )
    return see_other(request, f"/requests/{row.public_id}")


def promise_again(request: HttpRequest, member: Member) -> HttpResponse:
    """The promise has changed since this member read it: once more before the first word."""
    if request.method == "POST" and "accept" in request.POST:
        accounts.record_consent(member, promise.version())
        return see_other(request, "/requests/new")
    return render(request, "matching/promise.html", {"sentences": promise.sentences()})


def at_once(request: HttpRequest) -> HttpResponse:
    """ "I need somebody now": straight to the head of the line, numbers beside."""
    if request.method != "POST":
        raise NotFound
    member = member_of(request)
    try:
        row = actions.join_line(member, topics=[], style="listen", crisis=True)
    except Conflict as error:
        if error.code != "closed":
            raise
        return closed(request)
    return see_other(request, f"/requests/{row.public_id}" if row else "/desk")


def waiting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The third screen: one's place in line, an honest range, choices when it becomes long."""
    row = access.request_for(request.member, public_id)  # type: ignore[attr-defined]
    if row.state == Line.MATCHED and row.conversation:
        return see_other(request, f"/conversations/{row.conversation}")
    if row.state == Line.ENDED:
        return render(request, "matching/line_left.html", {"request_row": row})
    actions.keep_place(row)
    return render(request, "matching/waiting.html", _wait(row))


def part(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The piece of the waiting page that changes; a match leads into the conversation."""
    row = access.request_for(request.member, public_id)  # type: ignore[attr-defined]
    if row.state != Line.WAITING:
        return waiting(request, public_id)
    actions.keep_place(row)
    return render(request, "matching/waiting_part.html", _wait(row))


def _wait(row: Request) -> dict[str, object]:
    now = clock.now()
    place = queries.place_in_line(row)
    looked = queries.offer_for(row, get_language() or "en")
    return {
        "row": row,
        "place": place,
        "before": place - 1,
        "range": queries.wait_range(place - 1, (now - row.joined_at).total_seconds()),
        "kept_until": now + rules.PLACE_KEPT,
        "looked": looked,
        "asking": looked is None and queries.asked_now(row),
        "long": rules.shows_choices(joined_at=row.joined_at, now=now),
        "cover": organisations.cover_now(),
        "topics": [queries.topic_label(topic, get_language() or "en") for topic in row.wanted],
        "lost": row.conversation if row.head else None,
        "discreet": any(
            cards("en")[topic].family in WATCHED for topic in row.wanted if topic in cards("en")
        ),
    }


def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Step out of the line: no reason."""
    member = member_of(request)
    if request.method != "POST":
        raise NotFound
    row = access.request_for(member, public_id)
    actions.leave_line(member, public_id)
    if row.head and row.conversation:
        return see_other(request, f"/conversations/{row.conversation}")
    return see_other(request, f"/requests/{public_id}")


def offer(request: HttpRequest, public_id: UUID, answer: str) -> HttpResponse:
    """The answer of the person waiting: yes, not this one, or two more minutes."""
    member = member_of(request)
    if request.method != "POST":
        raise NotFound
    row = access.offer_for(member, public_id)
    try:
        if answer == "longer":
            actions.extend_look(member, public_id)
        elif row.request.member_id == member.pk:
            actions.answer_as_seeker(member, public_id, yes=answer == "yes")
        else:
            actions.answer_as_giver(member, public_id, yes=answer == "yes")
    except Refusal as error:
        if isinstance(error, NotFound):
            raise
        # Too late: the wait page says where things stand.
    own = row.request if row.request.member_id == member.pk else row.giver_request
    return see_other(request, f"/requests/{own.public_id}" if own else "/desk")


def someone_else(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End this one, kindly, and be next for somebody else."""
    if request.method != "POST":
        raise NotFound
    seat = conversation_for(request.member, public_id)  # type: ignore[attr-defined]
    member = member_of(request)
    try:
        row = actions.someone_else(member, seat)
    except Conflict as error:
        if error.code != "closed":
            raise
        return closed(request)
    return see_other(request, f"/requests/{row.public_id}" if row else "/desk")
