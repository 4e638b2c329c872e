"""The page of a talk, whole without script; its log alone; lines; and saying something."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from samepath.accounts.access import member_of
from samepath.accounts.models import Member
from samepath.conversations import access, actions, queries, rules, words
from samepath.conversations.forms import MessageForm
from samepath.conversations.views.cards import cards_of
from samepath.conversations.views.rows import Row, as_context, rows, zone
from samepath.kit import clock, ids, tickets
from samepath.kit.errors import NotFound, Refusal, TooMany
from samepath.kit.http import see_other
from samepath.safety.screen import SUPPORTED

REFRESH_SECONDS = 5


def conversations(request: HttpRequest) -> HttpResponse:
    """My open talks, and those I may come back to."""
    member = member_of(request)
    shown = {"open": queries.open_talks(member), "left": queries.returnable(member), "me": member}
    return render(request, "conversations/conversations.html", shown)


def _numbers(request: HttpRequest) -> dict[str, int | None]:
    """`before` and `after` of the address; what is no number is not there."""
    found: dict[str, int | None] = {}
    for name in ("before", "after"):
        given = request.GET.get(name, "")
        found[name] = (
            int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None
        )
    return found


def _log(
    request: HttpRequest, member: Member, seat: access.Seat, *, mark: bool = True, **bounds: Any
) -> dict[str, Any]:
    lines = queries.lines(seat, **bounds)
    newest = bounds.get("before") is None and bounds.get("after") is None
    found: list[Row] = rows(
        lines,
        where=timezone.get_current_timezone(),  # type: ignore[arg-type]
        read_seq=seat.mine.read_seq if mark and newest else None,
        cards=cards_of(request, member, seat) if newest else (),
    )
    full = len(lines) == bounds.get("limit", rules.PAGE)
    return as_context(found, more=full or bounds.get("after") is not None)


def page(
    request: HttpRequest,
    member: Member,
    seat: access.Seat,
    *,
    typed: str = "",
    client_id: UUID | None = None,
    refused: Refusal | None = None,
) -> HttpResponse:
    """The whole page; after a refusal with what was typed and the sentence beside it."""
    sign_in = getattr(request, "sign_in", None)
    with timezone.override(zone()):
        shown = {
            **_log(request, member, seat),
            "seat": seat,
            "peer": seat.peer.member if seat.others else None,
            "peer_state": queries.peer_state(seat),
            "peer_words": words.peer_words(queries.peer_state(seat)),
            # Shown twice, beside the talk and in the menu of a narrow screen; asked for once.
            "beside": render_to_string("conversations/beside.html", {"seat": seat}, request),
            "me": member,
            "typed": typed,
            "client_id": client_id or ids.new_id(),
            "refused": refused,
            "notices": words.all_notices(seat.peer.member.name if seat.others else ""),
            "ticket": tickets.new_ticket(sign_in.cookie_hash) if sign_in else "",
            "unscreened": member.language not in SUPPORTED,
            # The script clones these two: one source for a message, ours and theirs.
            "mine_line": {"mine": True},
            "their_line": {"mine": False, "name": seat.peer.member.name if seat.others else ""},
        }
        answer = render(
            request,
            "conversations/conversation.html",
            shown,
            status=refused.status if refused else 200,
        )
    answer.holds_frame = True  # type: ignore[attr-defined]
    answer.is_page = True  # type: ignore[attr-defined]
    if isinstance(refused, TooMany):
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def conversation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The talk."""
    member = member_of(request)
    seat = access.conversation_for(member, public_id)
    actions.mark_seen([(public_id, member.pk)])
    return page(request, member, seat)


def log(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The log in a frame of its own for a reader without script: it asks for itself again, so that
    the box to write in beside it never loses a word. Being open, it counts as there and as read."""
    member = member_of(request)
    seat = access.conversation_for(member, public_id)
    before = _numbers(request)["before"]
    with timezone.override(zone()):
        shown = _log(request, member, seat, before=before)
        still = before is not None or "still" in request.GET
        answer = render(
            request,
            "conversations/log.html",
            {
                **shown,
                "seat": seat,
                "still": still,
                "older": before is not None,
                "seconds": REFRESH_SECONDS,
                # Another address each time: a browser takes the same one with #end for no journey.
                "turn": int(clock.now().timestamp()),
            },
        )
    actions.mark_seen([(public_id, member.pk)])
    if before is None:
        actions.mark_read(seat, shown["last"])
    answer.framed_by_us = True  # type: ignore[attr-defined]
    return answer


def lines(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Rows before or after a line, for the script of the page."""
    member = member_of(request)
    seat = access.conversation_for(member, public_id)
    bounds = _numbers(request)
    if bounds["after"] is not None:
        bounds["before"] = None
        actions.mark_seen([(public_id, member.pk)])
    with timezone.override(zone()):
        shown = _log(request, member, seat, mark=False, **bounds)
        return render(request, "conversations/lines.html", {**shown, "seat": seat})


def messages(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say something: as a form, or for the script where its socket cannot be opened."""
    if request.method != "POST":
        raise NotFound
    member = member_of(request)
    seat = access.conversation_for(member, public_id)
    form = MessageForm(request.POST)
    form.is_valid()
    client_id = form.cleaned_data.get("client_id") or ids.new_id()
    typed = form.cleaned_data.get("text") or ""
    by_script = request.headers.get("Accept", "") == "application/json"
    try:
        posted = actions.post_message(actions.Draft(public_id, member.pk, client_id, typed))
    except NotFound:
        raise
    except Refusal as refused:
        if by_script:
            return _json(refused, client_id)
        # A new id where these words can never be sent under the old one.
        fresh = ids.new_id() if refused.code == "other_text" else client_id
        seat = access.conversation_for(member, public_id)
        return page(request, member, seat, typed=typed, client_id=fresh, refused=refused)
    if by_script:
        told = {"ack": str(client_id), "seq": posted.seq, "id": str(posted.message)}
        return JsonResponse({**told, "at": posted.sent_at.isoformat(), "card": posted.level >= 2})
    return see_other(request, f"/conversations/{public_id}")


def _json(refused: Refusal, client_id: UUID) -> HttpResponse:
    told: dict[str, Any] = {
        "error": refused.code,
        "client_id": str(client_id),
        "sentence": refused.sentence,
    }
    if isinstance(refused, TooMany):
        told["retry_after"] = refused.retry_after
    answer = JsonResponse(told, status=refused.status)
    answer.is_page = True  # type: ignore[attr-defined]
    return answer


def read(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """I have read up to here, where the socket cannot be opened."""
    if request.method != "POST":
        raise NotFound
    seat = access.conversation_for(member_of(request), public_id)
    given = request.POST.get("seq", "")
    if given.isascii() and given.isdigit() and len(given) < 16:
        actions.mark_read(seat, int(given))
    return see_other(request, f"/conversations/{public_id}")
