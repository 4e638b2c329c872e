"""The ending: one quiet thing per screen. Closing the page is a good ending too."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from samepath.accounts.access import member_of
from samepath.conversations import queries as talk
from samepath.conversations.access import Seat, conversation_for
from samepath.conversations.choices import Sort, State
from samepath.kit import ids
from samepath.kit.errors import Conflict, Invalid, NotFound, TooMany
from samepath.kit.forms import PlainForm
from samepath.kit.http import see_other
from samepath.matching import access, actions, queries
from samepath.matching.choices import Step
from samepath.matching.forms import CheckForm, GoodbyeForm, KeepsakeForm
from samepath.matching.models import Ending, Pairing
from samepath.organisations import queries as organisations

FORMS: dict[str, type[PlainForm]] = {
    Step.GOODBYE: GoodbyeForm,
    Step.KEEP: KeepsakeForm,
    Step.CHECK: CheckForm,
}


def ending(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The step of the moment: shown, done or skipped."""
    member = member_of(request)
    seat = conversation_for(member, public_id)
    if seat.conversation.state == State.OPEN:
        return see_other(request, f"/conversations/{public_id}")
    access.ending_for(member, public_id)
    mine = actions.start_ending(member, public_id)
    pairing = mine.pairing
    if request.method != "POST":
        return _show(request, seat, pairing, mine, None)
    step = request.POST.get("step", "")
    if step != mine.step or "skip" in request.POST:
        actions.go_on(mine, step)
        return see_other(request, f"/conversations/{public_id}/ending")
    form = FORMS[step](request.POST) if step in FORMS else None
    if form is None or form.is_valid():
        try:
            _do(mine, seat, step, form, request)
        except Invalid as error:
            assert form is not None
            form.refuse(error)
        except (Conflict, TooMany) as error:
            assert form is not None
            form.add_error(None, error.sentence)
        else:
            actions.go_on(mine, step)
            return see_other(request, f"/conversations/{public_id}/ending")
    return _show(request, seat, pairing, mine, form, status=400)


def _do(mine: Ending, seat: Seat, step: str, form: PlainForm | None, request: HttpRequest) -> None:
    given = form.cleaned_data if form else {}
    if step == Step.GOODBYE and given["text"]:
        actions.say_goodbye(mine, given["client_id"], given["text"])
    elif step == Step.KEEP:
        actions.keep_sentence(mine, seat, given["keepsake"], give=given["give"])
    elif step == Step.NEXT and "again" in request.POST:
        actions.ask_again(mine, request.POST["again"] == "yes")
    elif step == Step.CHECK:
        assert isinstance(form, CheckForm)
        actions.check_out(mine, seat, form.answers(), given["line"])


def _show(
    request: HttpRequest,
    seat: Seat,
    pairing: Pairing,
    mine: Ending,
    form: PlainForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    both = queries.endings_of(pairing)
    theirs = next((row for member, row in both.items() if member != mine.member_id), None)
    if form is None and mine.step in FORMS:
        initial = {"client_id": ids.new_id()} if mine.step == Step.GOODBYE else None
        form = FORMS[mine.step](initial=initial)
    given = ""
    if theirs is not None and theirs.give_keepsake:
        given = queries.open_words(theirs, seat.peer.key_name, "keepsake")
    goodbyes = [line for line in talk.lines(seat) if line.sort == Sort.GOODBYE and line.text]
    shown = {
        "seat": seat,
        "peer": seat.peer.member,
        "mine": mine,
        "form": form,
        "step": mine.step,
        "ended_by_them": False,
        "goodbyes": [line for line in goodbyes if not line.mine],
        "given": given,
        "kept": queries.open_words(mine, seat.mine.key_name, "keepsake"),
        "both_again": bool(mine.again and theirs and theirs.again),
        "gone_at": seat.conversation.shred_at,
        "cover": organisations.cover_now(),
        "language": get_language() or "en",
    }
    return render(request, "matching/ending.html", shown, status=status)


def piece(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one's own piece to the other, or take it back."""
    member = member_of(request)
    given = request.POST.get("piece", "")
    if request.method != "POST" or not given.isdigit() or len(given) > 18:
        raise NotFound
    conversation_for(member, public_id)
    actions.give_piece(member, public_id, int(given), shown=request.POST.get("shown") == "yes")
    return see_other(request, f"/conversations/{public_id}")
