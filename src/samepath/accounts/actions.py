"""Everything that changes a member, a way in, a sign-in or a block."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samepath.accounts import rules
from samepath.accounts.choices import Way
from samepath.accounts.events import BlockLifted, BlockPlaced, MemberErased, SignInEnded
from samepath.accounts.models import Block, Consent, Credential, Member, SignIn
from samepath.kit import audit, clock, db, hashing, ids, sites
from samepath.kit import text as kit_text
from samepath.kit.errors import Conflict, Invalid, NotFound
from samepath.kit.events import announce
from samepath.kit.registry import Eraser, erasers


def suggest_handles(count: int = 3) -> list[str]:
    """`count` free names; somebody else may still be faster, see `create_member`."""
    found: list[str] = []
    while len(found) < count:
        wanted = [
            rules.suggest_handle(secrets.choice, 2 + secrets.randbelow(98)) for _n in range(count * 2)
        ]
        folded = {kit_text.skeleton(handle): handle for handle in wanted}
        taken = set(
            Member.objects.filter(skeleton__in=folded).values_list("skeleton", flat=True)
        )
        found += [handle for fold, handle in folded.items() if fold not in taken]
    return found[:count]


def create_member(
    *, handle: str, language: str, country: str = "", promise: str, informed_only: bool = False
) -> Member:
    """A guest with an invented name who has read the promise `promise` (its version).

    Raises:
        Invalid: the name cannot be used. Conflict: somebody just took it.
    """
    _check_handle(handle)
    today = clock.today()
    try:
        with db.write():
            member = Member.objects.create(
                handle=handle,
                skeleton=kit_text.skeleton(handle),
                language=language,
                country=country,
                created_on=today,
                last_active_on=today,
            )
            Consent.objects.create(
                member=member, version=promise, on=today, informed_only=informed_only
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody took this name a moment ago. Here are others.")) from error
    return member


def _check_handle(handle: str) -> None:
    fault = rules.handle_fault(handle)
    if fault == "reserved":
        raise Invalid(_("This name could be mistaken for our team. Please choose another."), field="handle")
    if fault:
        raise Invalid(
            _("A name has 3 to 24 small letters, numbers or hyphens, like quiet-heron-27."),
            field="handle",
        )


def change_handle(member: Member, handle: str) -> None:
    """Take another invented name. Raises Invalid or Conflict; blocks go on holding."""
    _check_handle(handle)
    try:
        with db.write():
            Member.objects.filter(pk=member.pk).update(
                handle=handle, skeleton=kit_text.skeleton(handle)
            )
    except IntegrityError as error:
        raise Conflict(_("This name is not free. Please choose another.")) from error
    member.handle = handle


def record_consent(member: Member, version: str, *, informed_only: bool = False) -> None:
    """Note that `member` accepted (or, in need, was told) this version of the promise."""
    with db.write():
        row, made = Consent.objects.get_or_create(
            member=member,
            version=version,
            defaults={"on": clock.today(), "informed_only": informed_only},
        )
        if not made and row.informed_only and not informed_only:
            Consent.objects.filter(pk=row.pk).update(informed_only=False, on=clock.today())


def set_language(member: Member, language: str) -> None:
    """The language of this member's pages and of the words screened."""
    with db.write():
        Member.objects.filter(pk=member.pk).update(language=language)
    member.language = language


def set_country(member: Member, country: str) -> None:
    """The country whose numbers are shown, chosen by the member."""
    with db.write():
        Member.objects.filter(pk=member.pk).update(country=country)
    member.country = country


def set_staff(member_id: int, staff: bool) -> None:
    """Whether the shorter sign-ins of staff hold for a member; a change ends every sign-in."""
    with db.write():
        changed = Member.objects.filter(pk=member_id).exclude(staff=staff).update(staff=staff)
        if changed:
            _end(SignIn.objects.filter(member_id=member_id))


# Ways in


def keep_by_phrase(member: Member) -> str:
    """Keep this name with a phrase of seven words, given back this once and never again.

    A new phrase replaces the old one; every other device is signed out by the caller's choice.
    """
    phrase = hashing.new_phrase(rules.PHRASE_WORDS, member.language)
    lookup = hashing.phrase_digest(phrase, "id")
    secret = hashing.phrase_digest(phrase, "key")
    with db.write():
        Credential.objects.update_or_create(
            member=member,
            way=Way.PHRASE,
            defaults={"lookup": lookup, "secret": secret, "made_on": clock.today()},
        )
        Member.objects.filter(pk=member.pk, kept_on=None).update(kept_on=clock.today())
        audit.record(member.public_id, "account:keep", "member", member.public_id, "phrase")
    member.kept_on = member.kept_on or clock.today()
    return phrase


def keep_by_password(member: Member, password: str) -> str:
    """Keep this name with a password; the private sign-in name is ours to give, so that nobody can
    find out which names are taken.

    Raises:
        Invalid: the password is too short, too long or too common.
    """
    fault = rules.password_fault(password, hashing.is_common, member.handle)
    sentences = {
        "short": _("Please use at least 12 characters. Four words you like are a good start."),
        "long": _("Please use at most 128 characters."),
        "common": _("Many people use this one, so it is easy to guess. Please choose another."),
    }
    if fault:
        raise Invalid(sentences[fault], field="password")
    hashed = hashing.hash_password(password)
    held = Credential.objects.filter(member=member, way=Way.PASSWORD).first()
    for _try in range(20):
        name = held.lookup if held else "-".join(hashing.new_phrase(3, "en").replace("-", "").split())
        try:
            with db.write():
                Credential.objects.update_or_create(
                    member=member,
                    way=Way.PASSWORD,
                    defaults={"lookup": name, "secret": hashed, "made_on": clock.today()},
                )
                Member.objects.filter(pk=member.pk, kept_on=None).update(kept_on=clock.today())
                audit.record(member.public_id, "account:keep", "member", member.public_id, "password")
        except IntegrityError:
            continue
        member.kept_on = member.kept_on or clock.today()
        return name
    raise Conflict(_("That did not work. Please try again."))


def member_by_phrase(typed: str) -> Member | None:
    """Whose phrase this is, or None. Costs the same either way."""
    folded = rules.fold_phrase(typed)
    lookup = hashing.phrase_digest(folded, "id")
    secret = hashing.phrase_digest(folded, "key")
    row = (
        Credential.objects.select_related("member")
        .filter(way=Way.PHRASE, lookup=lookup, member__site_id=sites.current_one())
        .first()
    )
    fits = secrets.compare_digest(row.secret if row else "0" * len(secret), secret)
    return row.member if row and fits and row.member.erased_on is None else None


def member_by_password(name: str, password: str) -> Member | None:
    """Whose sign-in name and password these are, or None. Costs the same either way."""
    row = (
        Credential.objects.select_related("member")
        .filter(
            way=Way.PASSWORD,
            lookup=name.strip().casefold()[:64],
            member__site_id=sites.current_one(),
        )
        .first()
    )
    if row is None:
        hashing.waste_password(password)
        return None
    fits = hashing.password_fits(row.secret, password[: rules.PASSWORD_LONGEST])
    return row.member if fits and row.member.erased_on is None else None


# Sign-ins


def start_sign_in(member: Member, *, user_agent: str = "", stays: bool = False) -> str:
    """Sign `member` in on a device; the cookie's value. A cookie from before is never reused."""
    cookie = ids.new_token(32)
    now = clock.now()
    span = rules.span(staff=member.staff, stays=stays)
    with db.write():
        SignIn.objects.create(
            member=member,
            cookie_hash=rules.cookie_hash(cookie),
            device=rules.device_label(user_agent),
            started_at=now,
            seen_at=now,
            ends_at=now + span.longest,
            stays=stays and not member.staff,
        )
        Member.objects.filter(pk=member.pk).exclude(last_active_on=now.date()).update(
            last_active_on=now.date()
        )
    return cookie


def touch_sign_in(sign_in: SignIn) -> None:
    """Note that somebody is there; written at most every five minutes."""
    now = clock.now()
    if now - sign_in.seen_at < timedelta(minutes=5):
        return
    with db.write():
        SignIn.objects.filter(pk=sign_in.pk, seen_at__lt=now).update(seen_at=now)
    sign_in.seen_at = now


def end_sign_in(cookie: str) -> None:
    """End the sign-in this cookie belongs to; nothing happens when there is none."""
    if cookie:
        with db.write():
            _end(SignIn.objects.filter(cookie_hash=rules.cookie_hash(cookie)))


def end_one(member: Member, sign_in: UUID) -> None:
    """End one of the member's own sign-ins. Raises NotFound for anybody else's."""
    with db.write():
        if not _end(SignIn.objects.filter(member=member, public_id=sign_in)):
            raise NotFound


def end_all(member: Member, *, but: SignIn | None = None) -> int:
    """Sign out everywhere, or everywhere else; how many ended. Sockets close within 2 s."""
    rows = SignIn.objects.filter(member=member)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    with db.write():
        return _end(rows)


def _end(rows: QuerySet[SignIn]) -> int:
    found = list(rows.values_list("pk", "public_id", "member_id"))
    SignIn.objects.filter(pk__in=[pk for pk, _id, _member in found]).delete()
    for _pk, public_id, member_id in found:
        announce(SignInEnded(public_id, member_id))
    return len(found)


def sweep_sign_ins() -> int:
    """End the sign-ins that ran out; the clock calls this."""
    now = clock.now()
    spans = {staff: rules.span(staff=staff, stays=False).idle for staff in (True, False)}
    over = (
        Q(ends_at__lte=now)
        | Q(stays=False, member__staff=False, seen_at__lte=now - spans[False])
        | Q(member__staff=True, seen_at__lte=now - spans[True])
    )
    if not SignIn.objects.filter(over).exists():
        return 0
    with db.write():
        return _end(SignIn.objects.filter(over))


# Blocks


def block_member(member: Member, other_id: int) -> None:
    """Never meet again: silent, mutual, on every surface. Doing it twice changes nothing."""
    if member.pk == other_id:
        raise Invalid(_("That is you."))
    with db.write():
        _row, made = Block.objects.get_or_create(
            blocker=member, blocked_id=other_id, defaults={"made_on": clock.today()}
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


# Leaving for good


def erase_member(member: Member) -> list[str]:
    """Remove everything about `member`; reasons for what must stay, in words a person can read.

    Every room's eraser runs in its order; keys are destroyed, so that words in old copies of the
    database can never be read. Interrupted, it is finished by calling it again.
    """
    member_id, public_id = member.pk, member.public_id
    end_all(member)
    kept = [reason for reason in (e.erase(member_id) for e in _erasers()) if reason]
    with db.write(), transaction.atomic():
        Credential.objects.filter(member_id=member_id).delete()
        Consent.objects.filter(member_id=member_id).delete()
        Block.objects.filter(Q(blocker_id=member_id)).delete()
        empty = f"x{secrets.token_hex(10)}"
        Member.objects.filter(pk=member_id).update(
            handle=empty, skeleton=empty, country="", staff=False, erased_on=clock.today()
        )
        audit.record(public_id, "account:erase", "member", public_id, "own wish")
        announce(MemberErased(member_id))
    return kept


def _erasers() -> list[Eraser]:
    return sorted(erasers.all(), key=lambda eraser: eraser.order)
