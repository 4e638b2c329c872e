"""The ending: one quiet thing per screen, each can be skipped."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.conversations import access as talk
from samepath.conversations import actions as talking
from samepath.conversations.choices import Sort
from samepath.kit import clock, crypto, db, keys, text
from samepath.kit.errors import Invalid, NotFound
from samepath.matching.choices import Step
from samepath.matching.models import Ending, Pairing, Piece

ORDER = [Step.GOODBYE, Step.KEEP, Step.NEXT, Step.CHECK, Step.NAME, Step.DONE]


def start_ending(member: Member, conversation: UUID) -> Ending:
    """The member's own ending of this conversation. Raises NotFound where they were not in it."""
    pairing = Pairing.objects.filter(conversation=conversation).first()
    if pairing is None or member.pk not in (pairing.seeker_id, pairing.giver_id):
        raise NotFound
    with db.write():
        Pairing.objects.filter(pk=pairing.pk, closed_at=None).update(closed_at=clock.now())
        row, _made = Ending.objects.get_or_create(pairing=pairing, member=member)
    return row


def go_on(ending: Ending, done: str) -> None:
    """The next quiet thing; also when this one was skipped. Going back changes nothing."""
    if done not in Step.values or done != ending.step or done == Step.DONE:
        return
    following = ORDER[ORDER.index(Step(done)) + 1]
    if following == Step.NAME and not ending.member.is_guest:
        following = Step.DONE
    with db.write():
        Ending.objects.filter(pk=ending.pk, step=done).update(step=following)
    ending.step = following


def say_goodbye(ending: Ending, client_id: UUID, words: str) -> None:
    """A last line to the other one; they read it on their own ending. Raises a Refusal."""
    talking.post_message(
        talking.Draft(
            ending.pairing.conversation, ending.member_id, client_id, words, str(Sort.GOODBYE)
        )
    )


def _seal(ending: Ending, seat: talk.Seat, what: str, words: str) -> bytes:
    key = keys.service().unwrap(seat.mine.key_name)
    return crypto.seal(key, words.encode(), f"v1|ending|{what}|{ending.pk}".encode())


def keep_sentence(ending: Ending, seat: talk.Seat, words: str, *, give: bool) -> None:
    """One sentence to take along; shared with the other only if wanted. Raises Invalid."""
    plain = text.clean(words)
    if len(plain) > 300:
        raise Invalid(_("One sentence, at most 300 characters."), field="keepsake")
    with db.write():
        Ending.objects.filter(pk=ending.pk).update(
            keepsake=_seal(ending, seat, "keepsake", plain) if plain else b"",
            give_keepsake=give and bool(plain),
        )


def ask_again(ending: Ending, again: bool) -> None:
    """Whether one would like to meet this peer again; told only when both would."""
    with db.write():
        Ending.objects.filter(pk=ending.pk).update(again=again)


def check_out(ending: Ending, seat: talk.Seat, answers: dict[str, Any], line: str) -> None:
    """The three questions and the open line, any of them empty. Raises Invalid."""
    values: dict[str, int | None] = {}
    for name in ("heard", "helped", "come_back"):
        given = answers.get(name)
        if given is not None and given not in (1, 2, 3, 4, 5):
            raise Invalid(_("Please choose one of the five."), field=name)
        values[name] = given
    plain = text.clean(line)
    if len(plain) > 1000:
        raise Invalid(_("At most 1,000 characters, please. Nothing was lost."), field="line")
    with db.write():
        Ending.objects.filter(pk=ending.pk).update(
            **values, line=_seal(ending, seat, "line", plain) if plain else b""
        )


def give_piece(member: Member, conversation: UUID, piece: int, *, shown: bool) -> None:
    """Show one's own piece to the other, or take it back. Raises NotFound."""
    with db.write():
        won = Piece.objects.filter(
            pk=piece, owner=member, pairing__conversation=conversation
        ).update(shown=shown)
    if not won:
        raise NotFound
