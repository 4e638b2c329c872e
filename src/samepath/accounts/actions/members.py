"""A member's name, language, country, promise."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.core import signing
from django.db import IntegrityError
from django.utils.translation import gettext as _

from samepath.accounts import rules
from samepath.accounts.actions.sign_ins import end_rows
from samepath.accounts.models import Consent, Member, SignIn
from samepath.kit import clock, db
from samepath.kit import text as kit_text
from samepath.kit.errors import Conflict, Invalid


def suggest_handles(count: int = 3) -> list[str]:
    """`count` free names; somebody else may still be faster, see `create_member`."""
    found: list[str] = []
    while len(found) < count:
        wanted = [
            rules.suggest_handle(secrets.choice, 2 + secrets.randbelow(98))
            for _n in range(count * 2)
        ]
        folded = {kit_text.skeleton(handle): handle for handle in wanted}
        found += _free(folded)
    return found[:count]


def offer_handles(bound: str, count: int = 3) -> list[tuple[str, str]]:
    """(token, name as people read it) of free names, for the page `bound`. Only a name we offered
    can be asked for, so that nobody learns by trying which names exist."""
    signer = signing.TimestampSigner(salt=f"accounts.name.{bound}")
    return [(signer.sign(handle), rules.spoken(handle)) for handle in suggest_handles(count)]


def offered_handle(token: str, bound: str) -> str:
    """The name in a token of `offer_handles`, "" where it is not ours or older than an hour."""
    signer = signing.TimestampSigner(salt=f"accounts.name.{bound}")
    try:
        return signer.unsign(token, max_age=3600)
    except signing.BadSignature:
        return ""


def _free(folded: dict[str, str]) -> list[str]:
    taken = set(Member.objects.filter(skeleton__in=folded).values_list("skeleton", flat=True))
    return [handle for fold, handle in folded.items() if fold not in taken]


def free_handle(typed: str) -> str:
    """A free name made of somebody's own words and a number of ours.

    Because the number is ours, the answer never tells which names exist (safety.md 3.6).

    Raises:
        Invalid: these words cannot be a name; the sentence says why, its field is "own".
    """
    words = rules.own_words(typed)
    if "@" in typed:
        raise Invalid(_("Please leave out anything that could lead to you."), field="own")
    if len(words) > rules.OWN_WORDS_LONGEST:
        raise Invalid(_("This is a little long. Please use at most 20 letters."), field="own")
    if not words:
        raise Invalid(_("Please write one or two words, like quiet heron."), field="own")
    _check_handle(f"{words}-2", field="own")
    for low, high in ((2, 100), (100, 1000)):
        wanted = [f"{words}-{number}" for number in range(low, high)]
        free = _free({kit_text.skeleton(one): one for one in wanted if not rules.handle_fault(one)})
        if free:
            return secrets.choice(free)
    raise Invalid(_("Please try other words."), field="own")


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


def _check_handle(handle: str, *, field: str = "handle") -> None:
    sentences = {
        "reserved": _("This name could be mistaken for our team. Please choose another."),
        "digits": _("Please leave long numbers out. A name should not lead to you."),
        "shape": _("A name has 3 to 24 small letters, numbers or hyphens, like quiet-heron-27."),
    }
    fault = rules.handle_fault(handle)
    if fault:
        raise Invalid(sentences[fault], field=field)


def change_handle(member: Member, handle: str) -> None:
    """Take another invented name. Raises Invalid or Conflict; blocks go on holding."""
    _check_handle(handle)
    try:
        with db.write():
            Member.objects.filter(pk=member.pk).update(
                handle=handle, skeleton=kit_text.skeleton(handle)
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody took this name a moment ago. Here are others.")) from error
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
    """The language of this member's pages and of the words screened. Raises Invalid."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid(_("Please choose one from the list."), field="language")
    with db.write():
        Member.objects.filter(pk=member.pk).update(language=language)
    member.language = language


def set_country(member: Member, country: str) -> None:
    """The country whose numbers are shown, chosen by the member; "" for none. Raises Invalid."""
    if not re.fullmatch(r"([A-Z]{2})?", country):
        raise Invalid(_("Please choose one from the list."), field="country")
    with db.write():
        Member.objects.filter(pk=member.pk).update(country=country)
    member.country = country


def set_staff(member_id: int, staff: bool) -> None:
    """Whether the shorter sign-ins of staff hold for a member; a change ends every sign-in."""
    with db.write():
        changed = Member.objects.filter(pk=member_id).exclude(staff=staff).update(staff=staff)
        if changed:
            end_rows(SignIn.objects.filter(member_id=member_id))
