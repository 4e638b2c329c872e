"""The way of a message, from drafts to rows, in eight steps (docs/plan.md, "A message")."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections import OrderedDict, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import override

from samepath.conversations import access, rules, sql
from samepath.conversations.choices import Notice, Sort, State
from samepath.conversations.models import Conversation, Message
from samepath.kit import bus, clock, crypto, db, ids, keys, sites, text
from samepath.kit.errors import Refusal
from samepath.kit.ratelimit import Rate, buckets
from samepath.safety import actions as safety

log = logging.getLogger("samepath.talk")
MESSAGES = Rate("message", rules.MESSAGE_BURST, rules.MESSAGE_PER_SECOND)
RECENT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say. `client_id` is made by their page, one per message."""

    conversation: UUID
    sender_id: int
    client_id: UUID
    text: str
    sort: str = Sort.TEXT


@dataclass(frozen=True, slots=True)
class Posted:
    """It is stored; `again` when it already was."""

    draft: Draft
    seq: int
    message: UUID
    sender: UUID
    text: str
    sent_at: datetime
    level: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not stored, and why: a code for programs, a sentence for people. Nothing is lost: the
    page keeps the text."""

    draft: Draft
    code: str
    sentence: str
    status: int
    retry_after: int = 0


Result = Posted | Refused


class _Recent:
    """The last texts of each sender, in memory only, so that words split over messages are seen."""

    def __init__(self, most: int = 20_000) -> None:
        self._rows: OrderedDict[tuple[int, UUID], deque[tuple[float, str]]] = OrderedDict()
        self._most = most

    def of(self, draft: Draft) -> list[str]:
        now = clock.steady()
        held = self._rows.get((draft.sender_id, draft.conversation), ())
        return [said for at, said in held if now - at < RECENT_SECONDS]

    def add(self, draft: Draft, said: str) -> None:
        key = (draft.sender_id, draft.conversation)
        held = self._rows.setdefault(key, deque(maxlen=3))
        if any(before == said[-600:] for _at, before in held):
            return  # a re-send
        held.append((clock.steady(), said[-600:]))
        self._rows.move_to_end(key)
        while len(self._rows) > self._most:
            self._rows.popitem(last=False)


recent = _Recent()


@dataclass(slots=True)
class _Ready:
    """A draft that passed rights and limits."""

    draft: Draft
    plain: str
    held: access.Snapshot
    place: access.Place
    seen: safety.Seen
    digest: bytes


def _digest(draft: Draft, plain: str) -> bytes:
    key = settings.SECRET_KEY.encode()
    said = f"{draft.conversation}|{draft.sender_id}|{draft.client_id}|{plain}"
    return hmac.new(key, said.encode(), hashlib.sha256).digest()[:16]


def post_message(draft: Draft) -> Posted:
    """One message, for pages. Raises the Refusal that fits instead of returning it."""
    result = post_messages([draft])[0]
    if isinstance(result, Refused):
        raise _as_error(result)
    return result


def _as_error(refused: Refused) -> Refusal:
    from samepath.kit import errors

    kinds = {
        404: errors.NotFound(),
        409: errors.Conflict(refused.sentence, code=refused.code),
        503: errors.Unavailable(refused.sentence, code=refused.code),
    }
    if refused.status == 429:
        return errors.TooMany(refused.sentence, retry_after=refused.retry_after)
    return kinds.get(
        refused.status, errors.Invalid(refused.sentence, field="text", code=refused.code)
    )


def post_messages(drafts: Sequence[Draft]) -> list[Result]:
    """Store these drafts in one transaction; one result per draft, never all-or-nothing.

    Returns results in the order of `drafts`. Acknowledge only what came back as Posted: it has
    been committed. A text of danger is never held back by a limit.
    """
    results: list[Result | None] = [None] * len(drafts)
    ready: list[tuple[int, _Ready]] = []
    for index, draft in enumerate(drafts):
        one = _prepare_safely(draft)
        if isinstance(one, Refused):
            results[index] = one
        else:
            ready.append((index, one))
    if ready:
        for (index, _one), result in zip(ready, _store([one for _i, one in ready]), strict=True):
            results[index] = result
    return [result for result in results if result is not None]


def _prepare_safely(draft: Draft) -> _Ready | Refused:
    try:
        return _prepare(draft)
    except (DatabaseError, InterfaceError, Refusal, OSError):
        log.exception("draft not judged")
        return _not_yet(draft)


def _not_yet(draft: Draft) -> Refused:
    sentence = _("Not sent yet. Your words are still here; we keep trying.")
    return Refused(draft, "unavailable", sentence, 503, 5)


def _prepare(draft: Draft) -> _Ready | Refused:
    held = access.snapshot(draft.conversation)
    place = held.places.get(draft.sender_id) if held else None
    if held is None or place is None:
        return Refused(draft, "not_found", "", 404)
    plain = text.clean(draft.text)
    # Drafts of many people come together: each is answered in the language of its own page.
    with override(place.language):
        return _judge(draft, plain, held, place)


def _judge(
    draft: Draft, plain: str, held: access.Snapshot, place: access.Place
) -> _Ready | Refused:
    if not plain:
        return Refused(draft, "empty", _("There is nothing to send yet."), 400)
    seen = safety.look(plain, previous=recent.of(draft), language=place.language)
    if text.too_long(plain):
        # Kept in the person's page, not sent; words of danger in it are heard all the same.
        _hear_refused(draft, seen)
        over = len(plain) - text.LONGEST
        sentence = _("This is %(over)d characters too long. Nothing was lost: please shorten it.")
        if over <= 0:
            sentence = _(
                "These are more than 200 lines. Nothing was lost: please send it in parts."
            )
        return Refused(draft, "too_long", sentence % {"over": over}, 400)
    ready = _Ready(draft, plain, held, place, seen, _digest(draft, plain))
    fault = _closed(held, place, draft)
    if fault:
        if _was_stored(ready):
            return ready
        _hear_refused(draft, seen)
        return fault
    wait = buckets.wait(MESSAGES, draft.sender_id)
    if wait and seen.level < 3 and not _was_stored(ready):
        sentence = _("A moment, please: that was quick. We will send it in %(seconds)d seconds.")
        seconds = int(wait) + 1
        return Refused(draft, "too_many", sentence % {"seconds": seconds}, 429, seconds)
    recent.add(draft, plain)
    return ready


def _was_stored(ready: _Ready) -> bool:
    """Whether this is a re-send of what is kept: it is answered as the first time, whatever has
    happened since."""
    draft = ready.draft
    return (ready.held.id, draft.sender_id, draft.client_id) in _already([ready])


def _closed(held: access.Snapshot, place: access.Place, draft: Draft) -> Refused | None:
    goodbye = draft.sort == Sort.GOODBYE and held.state == State.RESTING
    if (held.state == State.OPEN and not place.left) or goodbye:
        return None
    if held.state == State.OPEN:
        return Refused(draft, "left", _("You left this conversation. You can come back."), 409)
    return Refused(draft, "closed", _("This conversation has ended."), 409)


def _hear_refused(draft: Draft, seen: safety.Seen) -> None:
    """Danger in words that could not be sent still reaches somebody."""
    if seen.level < 2:
        return
    try:
        with db.write():
            safety.note_words(
                draft.sender_id,
                kind="conversation",
                subject=draft.conversation,
                message=None,
                seen=seen,
            )
    except (DatabaseError, InterfaceError, OSError):
        # The answer to the person must not depend on it; the page keeps the words.
        log.exception("danger in a refused text was not noted")


def _store(ready: list[_Ready]) -> list[Result]:
    try:
        return _store_together(ready)
    except (OperationalError, InterfaceError, OSError):
        # The database itself: trying each alone would only wait again, once for everybody.
        log.exception("messages not stored")
        return [_not_yet(one.draft) for one in ready]
    except (DatabaseError, Refusal, keys.NoKey, ValueError) as fault:
        if len(ready) > 1:
            # One bad draft must not cost the others their place: each alone.
            return [result for one in ready for result in _store([one])]
        if isinstance(fault, keys.NoKey):
            # Their words were erased: nothing more can be said under this key.
            return [Refused(ready[0].draft, "closed", _("This conversation has ended."), 409)]
        log.exception("message not stored")
        return [_not_yet(ready[0].draft)]


def _store_together(ready: list[_Ready]) -> list[Result]:
    opened = {one.place.key_name: keys.service().unwrap(one.place.key_name) for one in ready}
    out: list[Result] = []
    touched: dict[UUID, list[int]] = defaultdict(list)
    with db.write():
        wanted = sorted({one.held.id for one in ready})
        rows = Conversation.objects.filter(pk__in=wanted).order_by("pk").select_for_update()
        now_rows = {row.pk: row for row in rows}
        known = _already(ready)
        next_seq = {pk: row.last_seq for pk, row in now_rows.items()}
        inserts: list[tuple[object, ...]] = []
        fresh: list[tuple[_Ready, UUID]] = []
        for one in ready:
            key = (one.held.id, one.draft.sender_id, one.draft.client_id)
            if key in known:
                out.append(_repeat(one, known[key]))
                continue
            row = now_rows.get(one.held.id)
            if row is None or row.version != one.held.version:
                fault = _look_again(one)
                if fault is not None:
                    out.append(fault)
                    continue
            seq = next_seq[one.held.id] = next_seq[one.held.id] + 1
            message, now = ids.new_id(), clock.now()
            bound = rules.bound_to(
                one.held.site_id,
                str(one.held.public_id),
                str(message),
                one.draft.sender_id,
                one.draft.sort,
            )
            sealed = crypto.seal(opened[one.place.key_name], one.plain.encode(), bound)
            inserts.append(
                (
                    one.held.site_id,
                    one.held.id,
                    seq,
                    message,
                    one.draft.sender_id,
                    one.draft.client_id,
                    one.draft.sort,
                    "",
                    sealed,
                    one.digest,
                    now,
                )
            )
            known[key] = (seq, message, now, one.digest)
            fresh.append((one, message))
            touched[one.held.public_id].append(seq)
            out.append(
                Posted(one.draft, seq, message, one.place.member, one.plain, now, one.seen.level)
            )
        sql.insert_messages(inserts)
        for pk, last in next_seq.items():
            if last != now_rows[pk].last_seq:
                Conversation.objects.filter(pk=pk).update(last_seq=last)
        for one, message in fresh:
            if one.seen.is_noted:
                safety.note_words(
                    one.draft.sender_id,
                    kind="conversation",
                    subject=one.held.public_id,
                    message=message,
                    seen=one.seen,
                )
        for public_id, seqs in touched.items():
            bus.ring("conversation", str(public_id), first=seqs[0], last=seqs[-1])
    return out


def _already(ready: list[_Ready]) -> dict[tuple[int, int, UUID], tuple[int, UUID, datetime, bytes]]:
    rows = Message.objects.filter(
        conversation_id__in={one.held.id for one in ready},
        client_id__in=[one.draft.client_id for one in ready],
    ).values_list(
        "conversation_id", "sender_id", "client_id", "seq", "public_id", "sent_at", "digest"
    )
    return {(r[0], r[1] or 0, r[2]): (r[3], r[4], r[5], bytes(r[6])) for r in rows}


def _repeat(one: _Ready, held: tuple[int, UUID, datetime, bytes]) -> Result:
    seq, message, sent_at, digest = held
    if not hmac.compare_digest(digest, one.digest):
        return Refused(one.draft, "other_text", _("This was already sent with other words."), 409)
    return Posted(one.draft, seq, message, one.place.member, one.plain, sent_at, 0, again=True)


def _look_again(one: _Ready) -> Refused | None:
    """The snapshot was stale: judge once more by what is true inside the transaction."""
    held = access.snapshot(one.draft.conversation, fresh=True)
    place = held.places.get(one.draft.sender_id) if held else None
    if held is None or place is None:
        return Refused(one.draft, "not_found", "", 404)
    one.held, one.place = held, place
    return _closed(held, place, one.draft)


def say_notice(conversation: Conversation, notice: Notice, about_id: int | None) -> int:
    """A line said by the service, inside the caller's transaction; its seq."""
    row = Conversation.objects.select_for_update().get(pk=conversation.pk)
    seq = row.last_seq + 1
    sql.insert_messages(
        [
            (
                sites.current_one(),
                conversation.pk,
                seq,
                ids.new_id(),
                about_id,
                ids.new_id(),
                str(Sort.NOTICE),
                str(notice),
                b"",
                b"",
                clock.now(),
            )
        ]
    )
    Conversation.objects.filter(pk=conversation.pk).update(last_seq=seq)
    conversation.last_seq = seq
    bus.ring("conversation", str(conversation.public_id), first=seq, last=seq)
    return seq
