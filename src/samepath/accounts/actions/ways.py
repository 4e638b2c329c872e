"""Ways in: making them, and trying them under the limits of safety.md 3.5."""

from __future__ import annotations

import hashlib
import secrets

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samepath.accounts import rules
from samepath.accounts.choices import Way
from samepath.accounts.models import Credential, Member
from samepath.kit import audit, clock, db, hashing, sites
from samepath.kit.errors import Conflict, Invalid, TooMany
from samepath.kit.ratelimit import Rate, buckets

# Nobody is locked out: a bucket refills, and what waits is the next try (safety.md 3.5).
ACCOUNT_MINUTE = Rate("sign-in of an account, minute", 5, 5 / 60)
ACCOUNT_HOUR = Rate("sign-in of an account, hour", 20, 20 / 3600)
ADDRESS = Rate("sign-in from an address", 30, 30 / 60)
PHRASE_ADDRESS = Rate("phrase from an address", 5, 5 / 60)
PHRASE_ALL = Rate("phrases from everywhere", 300, 300 / 60)
KEEPING = Rate("keeping a name", 10, 10 / 3600)


def _take(*wanted: tuple[Rate, object]) -> None:
    """A try from each of these buckets, or from none. Raises TooMany."""
    granted: list[tuple[Rate, object]] = []
    for rate, key in wanted:
        seconds = buckets.wait(rate, key)
        if seconds:
            # A refused try costs nothing: what the others gave goes back.
            for held, name in granted:
                buckets.wait(held, name, cost=-1.0)
            raise TooMany(_wait_sentence(int(seconds) + 1), retry_after=int(seconds) + 1)
        granted.append((rate, key))


def _wait_sentence(seconds: int) -> str:
    if seconds < 90:
        told = ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    else:
        minutes = -(-seconds // 60)
        told = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return _("A moment, please. You can try again in %(time)s. Nothing is locked.") % {"time": told}


# Making a way in


def keep_by_phrase(member: Member, *, where: bytes | None = None) -> str:
    """Keep this name with a phrase of seven words, given back this once and never again.

    A new phrase replaces the old one; every other device is signed out by the caller's choice.
    `where` is the address of the person who asks (kit.http.address_key).

    Raises:
        TooMany: ten ways in were made from there in an hour.
    """
    if where is not None:
        _take((KEEPING, where))
    phrase = hashing.new_phrase(rules.PHRASE_WORDS, member.language)
    folded = rules.fold_phrase(phrase)
    lookup = hashing.phrase_digest(folded, "id")
    secret = hashing.phrase_digest(folded, "key")
    _keep(member, Way.PHRASE, lookup, secret)
    return phrase


def keep_by_password(member: Member, password: str, *, where: bytes | None = None) -> str:
    """Keep this name with a password; the private sign-in name is ours to give, so that nobody can
    find out which names are taken. A member who has one keeps it.

    Raises:
        Invalid: the password is too short, too long or too common. TooMany: as `keep_by_phrase`.
    """
    plain = rules.fold_password(password)
    held = Credential.objects.filter(member=member, way=Way.PASSWORD).first()
    fault = rules.password_fault(plain, hashing.is_common, member.handle)
    if not fault and held is not None and held.lookup in plain.casefold():
        fault = "common"
    sentences = {
        "short": _("Please use at least 12 characters. Four words you like are a good start."),
        "long": _("Please use at most 128 characters."),
        "common": _("Many people would try this one first. Please choose another."),
    }
    if fault:
        raise Invalid(sentences[fault], field="password")
    if where is not None:
        _take((KEEPING, where))
    hashed = hashing.hash_password(plain)
    for _try in range(20):
        name = held.lookup if held else _new_sign_in_name()
        try:
            _keep(member, Way.PASSWORD, name, hashed)
        except IntegrityError:
            continue
        return name
    raise Conflict(_("That did not work. Please try again."))


def _new_sign_in_name() -> str:
    return "-".join(hashing.new_phrase(3, "en").replace("-", "").split())


def _keep(member: Member, way: Way, lookup: str, secret: str) -> None:
    today = clock.today()
    with db.write():
        Credential.objects.update_or_create(
            member=member,
            way=way,
            defaults={"lookup": lookup, "secret": secret, "made_on": today},
        )
        Member.objects.filter(pk=member.pk, kept_on=None).update(kept_on=today)
        audit.record(member.public_id, "account:keep", "member", member.public_id, str(way.value))
    member.kept_on = member.kept_on or today


# Trying one


def sign_in_by_phrase(typed: str, where: bytes) -> Member | None:
    """Whose phrase this is, or None; a try from the address `where` (kit.http.address_key).

    Raises:
        TooMany: too many tries; the sentence says how long to wait.
    """
    folded = rules.fold_phrase(typed)
    # The account is not known before the phrase is; its own letters stand for it.
    account = hashlib.sha256(f"phrase:{folded}".encode()).digest()
    _take(
        (ADDRESS, where),
        (PHRASE_ADDRESS, where),
        (PHRASE_ALL, ""),
        (ACCOUNT_MINUTE, account),
        (ACCOUNT_HOUR, account),
    )
    return member_by_phrase(typed)


def sign_in_by_password(name: str, password: str, where: bytes) -> Member | None:
    """Whose sign-in name and password these are, or None. The limit holds for a name whether it
    exists or not. Raises TooMany like `sign_in_by_phrase`.
    """
    account = hashlib.sha256(f"name:{rules.fold_sign_in_name(name)}".encode()).digest()
    _take((ADDRESS, where), (ACCOUNT_MINUTE, account), (ACCOUNT_HOUR, account))
    return member_by_password(name, password)


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
    plain = rules.fold_password(password)[: rules.PASSWORD_LONGEST]
    row = (
        Credential.objects.select_related("member")
        .filter(
            way=Way.PASSWORD,
            lookup=rules.fold_sign_in_name(name),
            member__site_id=sites.current_one(),
        )
        .first()
    )
    if row is None:
        hashing.waste_password(plain)
        return None
    fits = hashing.password_fits(row.secret, plain)
    return row.member if fits and row.member.erased_on is None else None
