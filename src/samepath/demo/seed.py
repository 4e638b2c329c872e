"""The demo community, made through the same actions people use. Running it again mends duty."""

from __future__ import annotations

from datetime import timedelta

from samepath.accounts import actions as accounts
from samepath.accounts.models import Member
from samepath.demo.cast import CAST, Person
from samepath.kit import choices, clock, sites
from samepath.kit.models import Site
from samepath.organisations import actions as organisations
from samepath.organisations.choices import Hat
from samepath.organisations.models import Duty, SetUpStep
from samepath.profiles import actions as profiles
from samepath.profiles.choices import Part
from samepath.safety import promise

ON_CALL = (Hat.SECOND,)


def seed(site: Site, *, duty: bool = True) -> None:
    """Organisation, cast, hats, profiles, and a week of round-the-clock duty."""
    with sites.scope(site.pk):
        organisations.name_organisation(
            name="Lamp in the Window (demo)", country="GB", zone="Europe/London"
        )
        if choices.get("country") != "GB":
            choices.change("country", "GB", actor=None)
        for person in CAST:
            _member(person)
        if site.open_since is None:
            done = set(SetUpStep.objects.values_list("key", flat=True))
            for step in organisations.NEEDED_STEPS:
                if step not in done:
                    organisations.confirm_step(step, "demo")
            organisations.open_site(site.pk)
        if duty:
            promise_duty()


def member(key: str) -> Member:
    """The member of the cast called `key`, in the site in force."""
    handle = next(person.handle for person in CAST if person.key == key)
    return Member.objects.get(handle=handle)


def _member(person: Person) -> Member:
    held = Member.objects.filter(handle=person.handle).first()
    if held is not None:
        return held
    made = accounts.create_member(
        handle=person.handle, language=person.language, country="GB", promise=promise.version()
    )
    accounts.keep_by_phrase(made)
    for hat in person.hats:
        organisations.give_hat(None, made, hat)
    profiles.set_profile(
        made, {"style": person.style, "languages": list(person.languages or (person.language,))}
    )
    for topic, stage in person.lived:
        profiles.add_experience(
            made, profiles.Told(topic, Part.LIVED, stage=stage, offers=bool(person.hats))
        )
    return made


def promise_duty(days: int = 7) -> None:
    """Everybody with a hat is on duty from now on, the second on call."""
    now = clock.now()
    for person in CAST:
        for hat in person.hats:
            if hat == Hat.ADMIN:
                continue
            who = member(person.key)
            last = (
                Duty.objects.filter(member=who, hat=hat, ends_at__gt=now).order_by("ends_at").last()
            )
            start = last.ends_at if last else now - timedelta(seconds=1)
            if start - now < timedelta(days=days - 1):
                organisations.take_duty(
                    who,
                    hat=hat,
                    starts_at=start,
                    ends_at=now + timedelta(days=days),
                    on_call=hat in ON_CALL,
                )
