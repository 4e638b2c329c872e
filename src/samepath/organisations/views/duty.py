"""My hours, everybody's rota, and what is missing, in words and on the organisation's own clock."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from samepath.accounts.models import Member
from samepath.kit import clock
from samepath.kit.errors import Conflict, Invalid, NotFound
from samepath.kit.http import see_other
from samepath.organisations import actions, queries, rules
from samepath.organisations.access import helper_of
from samepath.organisations.forms import HereNowForm, PlanForm
from samepath.organisations.models import Duty


def duty(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    return _page(request, helper_of(request))


def _page(
    request: HttpRequest,
    member: Member,
    *,
    now_form: HereNowForm | None = None,
    plan_form: PlanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now, zone, worn = clock.now(), queries.zone(), queries.hats(member)
    ahead = queries.duties_ahead()
    mine = [row for row in ahead if row.member_id == member.pk]
    later = [row for row in mine if row.starts_at > now]
    today = now.astimezone(zone).date()
    shown = {
        "hats": worn,
        "tab": "duty",
        "zone": str(zone),
        "has_roles": bool(worn - {"admin"}),
        "here": [
            (row, time_words(row.ends_at, today, zone)) for row in mine if row.starts_at <= now
        ],
        "planned": [(row, span_words(row.starts_at, row.ends_at, zone)) for row in later],
        "cover": cover_words(queries.cover_at(now), zone, second_named=queries.second_named()),
        "gaps": [
            (span_words(gap.starts_at, gap.ends_at, zone), missing_words(gap.missing))
            for gap in queries.gaps(now)[:12]
        ],
        "rota": by_day(ahead, zone, today),
        "now_form": now_form or HereNowForm(worn=worn, auto_id="now_%s"),
        "plan_form": plan_form
        or PlanForm(worn=worn, zone=zone, auto_id="plan_%s", initial={"day": today}),
    }
    return render(request, "organisations/duty.html", shown, status=status)


def by_day(
    duties: list[Duty], zone: ZoneInfo, today: date
) -> list[tuple[str, list[tuple[Duty, str]]]]:
    """The rota in days of the organisation's clock; what began before today stands under today."""

    def day_of(row: Duty) -> date:
        return max(today, row.starts_at.astimezone(zone).date())

    rows = sorted(duties, key=lambda row: (day_of(row), row.starts_at, row.pk))
    return [
        (
            _("Today") if day == today else date_format(day, _("l j F")),
            [(row, hours_words(row, day, zone)) for row in listed],
        )
        for day, listed in groupby(rows, key=day_of)
    ]


def hours_words(row: Duty, day: date, zone: ZoneInfo) -> str:
    """ "18:00 to 20:00" on `day`; the other day is named where it begins or ends on one."""
    start, stop = time_words(row.starts_at, day, zone), time_words(row.ends_at, day, zone)
    return _("%(from)s to %(to)s") % {"from": start, "to": stop}


def time_words(moment: datetime, day: date, zone: ZoneInfo) -> str:
    """ "18:00", or "Sun 29 Nov, 18:00" where it is not on `day`."""
    local = moment.astimezone(zone)
    return time_format(local, "H:i") if local.date() == day else date_format(local, _("D j M, H:i"))


def span_words(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """ "Thursday 12 June, 18:00 to 20:00", the second day named where it is another."""
    begins, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    last = time_format(ends, "H:i")
    if ends.date() != begins.date():
        last = date_format(ends, _("l j F, H:i"))
    return _("%(day)s, %(from)s to %(to)s") % {
        "day": date_format(begins, _("l j F")),
        "from": time_format(begins, "H:i"),
        "to": last,
    }


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """ "Thursday 12 June, 18:00"."""
    return date_format(moment.astimezone(zone), _("l j F, H:i"))


def missing_words(missing: str) -> str:
    """What a gap needs."""
    return {
        "supporter": _("somebody to listen is needed"),
        "another": _("one more person is needed, here or on call"),
        "lead": _("somebody who looks after safety is needed"),
        "second_lead": _("a second person who looks after safety is needed"),
    }[missing]


def cover_words(cover: rules.Cover, zone: ZoneInfo, *, second_named: bool) -> str:
    """Where things stand, in a sentence or two."""
    if not second_named:
        return _("Nobody is named as second yet, so strangers are not brought together here.")
    if cover.open:
        if cover.until is None:
            return _("Open: people who look for somebody are brought together now.")
        return _("Open until %(moment)s.") % {"moment": moment_words(cover.until, zone)}
    words = (
        _("Somebody is here, and it is not enough yet.")
        if cover.state == "partly"
        else _("Nobody is here now.")
    )
    if cover.opens_at is None:
        return (
            words + " " + _("Nothing is planned in the next two weeks that would open the doors.")
        )
    return (
        words + " " + _("Open next: %(moment)s.") % {"moment": moment_words(cover.opens_at, zone)}
    )


def begin(request: HttpRequest) -> HttpResponse:
    """I am here, from now on."""
    member = helper_of(request)
    if request.method != "POST":
        return see_other(request, "/duty")
    form = HereNowForm(request.POST, worn=queries.hats(member), auto_id="now_%s")
    status = 400
    if form.is_valid():
        now = clock.now()
        try:
            actions.take_duty(
                member,
                hat=form.hat,
                starts_at=now,
                ends_at=now + form.span(now),
                on_call=form.on_call,
            )
            return see_other(request, "/duty")
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add_error(None, error.sentence)
            status = error.status
    return _page(request, member, now_form=form, status=status)


def plan(request: HttpRequest) -> HttpResponse:
    """I will be here."""
    member = helper_of(request)
    if request.method != "POST":
        return see_other(request, "/duty")
    form = PlanForm(request.POST, worn=queries.hats(member), zone=queries.zone(), auto_id="plan_%s")
    status = 400
    if form.is_valid() and form.starts_at is not None and form.ends_at is not None:
        try:
            actions.take_duty(
                member,
                hat=form.hat,
                starts_at=form.starts_at,
                ends_at=form.ends_at,
                on_call=form.on_call,
            )
            return see_other(request, "/duty")
        except Invalid as error:
            names = {"ends_at": "ends", "starts_at": "day", "hat": "role"}
            form.add_error(names.get(error.field), error.sentence)
        except Conflict as error:
            form.add_error(None, error.sentence)
            status = error.status
    return _page(request, member, plan_form=form, status=status)


def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Stop early, or drop hours that have not begun. No reason is asked."""
    member = helper_of(request)
    if request.method != "POST":
        raise NotFound
    actions.end_duty(member, public_id)
    return see_other(request, "/duty")
