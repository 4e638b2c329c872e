"""The pages that need no data of a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from samepath.accounts import actions as accounts
from samepath.kit import choices, clock
from samepath.kit.http import see_other
from samepath.safety import lines
from samepath.web import numbers


def standing(response: HttpResponse) -> HttpResponse:
    """Mark a page that answers with everything else down: its policy allows no script."""
    response.standing = True  # type: ignore[attr-defined]
    return response


def home(request: HttpRequest) -> HttpResponse:
    """The first page: four doors, and the honest state of tonight."""
    from samepath.matching.queries import at_desks, wait_range
    from samepath.organisations.queries import cover_now

    cover = cover_now()
    numbers.remember_home(numbers.host_of(request))
    country, _name = numbers.home_of(request)
    # A page that is swapped in by script is parsed under the policy of the page that asked for it,
    # whose nonce is another: it takes the style from the file.
    values: dict[str, Any] = {"cover": cover, "carries_style": "X-Part" not in request.headers}
    if cover.open:
        desks = at_desks()
        here = sum(one.available for one in desks)
        values["here_now"] = here_now(here, wait_range(desks=desks), until=cover.until)
    else:
        values["opening"] = opening(cover.opens_at, cover.opens_until)
        values["numbers"] = numbers.answering_now(country)
    return render(request, "web/home.html", values)


def here_now(peers: int, wait: tuple[int, int] | None, *, until: datetime | None = None) -> str:
    """ "4 peers are here · usually 3 to 6 minutes": those at their desks, the wait only where
    one was measured. Nobody at a desk: who is on duty is still asked, and that is what it says."""
    if peers == 0:
        if until is None:
            return _("Somebody is on duty")
        return _("Somebody is on duty until %(until)s") % {
            "until": date_format(own_time(until), _("l H:i"))
        }
    here = ngettext("%(count)d peer is here", "%(count)d peers are here", peers) % {"count": peers}
    if wait is None:
        return here
    return here + " · " + wait_words(wait)


def wait_words(wait: tuple[int, int]) -> str:
    """A range of whole minutes as people say it."""
    low, high = wait
    if high <= low:
        return ngettext("usually about %(high)d minute", "usually about %(high)d minutes", high) % {
            "high": high
        }
    return _("usually %(low)d to %(high)d minutes") % {"low": low, "high": high}


def own_time(moment: datetime) -> datetime:
    """The moment on the organisation's own clock."""
    from samepath.organisations.queries import organisation

    known = organisation()
    return moment.astimezone(ZoneInfo(known.zone if known else "UTC"))


def opening(at: datetime | None, until: datetime | None) -> str:
    """When somebody will be here, as a heading."""
    if at is None:
        return _("Nobody is here right now.")
    begin, today = own_time(at), own_time(clock.now()).date()
    values = {"from": time_format(begin), "until": time_format(own_time(until)) if until else ""}
    if begin.date() == today:
        words = _("Someone will be here today, %(from)s to %(until)s.")
    elif begin.date() == today + timedelta(days=1):
        words = _("Someone will be here tomorrow, %(from)s to %(until)s.")
    elif begin.date() < today + timedelta(days=7):
        values["day"] = date_format(begin, "l")
        words = _("Someone will be here on %(day)s, %(from)s to %(until)s.")
    else:
        values["day"] = date_format(begin, "MONTH_DAY_FORMAT")
        words = _("Someone will be here on %(day)s, %(from)s to %(until)s.")
    return words % values


def first_time(request: HttpRequest) -> HttpResponse:
    """What happens the first time, minute by minute."""
    from samepath.matching.queries import wait_range
    from samepath.safety.promise import span_in_words

    wait = wait_range()
    return render(
        request,
        "web/first_time.html",
        {
            "minimum_age": choices.get("minimum_age"),
            "wait": wait_words(wait) if wait else "",
            "guest_days": span_in_words(int(choices.get("guest_hours"))),
        },
    )


def promise(request: HttpRequest) -> HttpResponse:
    """What stays private and what does not, from the live settings."""
    from samepath.safety import promise as spoken

    language = get_language() or "en"
    return render(
        request,
        "web/promise.html",
        {"sentences": spoken.sentences(language), "version": spoken.version()},
    )


# The picture beside each thought of the easy promise, whether it is a warm one, and how many
# sentences belong to it.
EASY_PICTURES = (
    ("users-round", False, 1),
    ("search", False, 3),
    ("heart", True, 2),
    ("phone-call", True, 3),
    ("compass", False, 2),
    ("flag", False, 1),
    ("eye", False, 1),
    ("trash-2", False, 2),
)


def promise_easy(request: HttpRequest) -> HttpResponse:
    """The easy-read twin of the promise, from the same settings."""
    from samepath.safety import promise as spoken

    left, rows = spoken.easy_sentences(), []
    for name, warm, count in EASY_PICTURES:
        rows.append((name, warm, left[:count]))
        left = left[count:]
    if left:
        rows.append(("info", False, left))
    return render(request, "web/promise_easy.html", {"rows": rows})


def plain(name: str) -> Any:
    """A view that shows one template and needs nothing."""

    def view(request: HttpRequest) -> HttpResponse:
        return render(request, f"web/{name}.html")

    view.__name__ = name
    return view


def steady(request: HttpRequest) -> HttpResponse:
    """Ways through the next hour. Nothing done on it is recorded."""
    country, _name = numbers.home_of(request)
    main = lines.first_numbers(country).main
    calls = [way for way in numbers.ways_of(main.channels) if way.kind == "call"]
    return standing(
        render(
            request,
            "web/steady.html",
            {"main_name": main.name, "call": calls[0] if calls else None},
        )
    )


def steady_easy(request: HttpRequest) -> HttpResponse:
    """Its easy-read twin."""
    country, _name = numbers.home_of(request)
    calls = [
        way
        for way in numbers.ways_of(lines.first_numbers(country).main.channels)
        if way.kind == "call"
    ]
    return standing(render(request, "web/steady_easy.html", {"call": calls[0] if calls else None}))


def leave_fast(request: HttpRequest) -> HttpResponse:
    """How to leave this page fast, and what stays behind."""
    return standing(render(request, "web/leave_fast.html"))


def _country(request: HttpRequest, code: str | None) -> tuple[lines.Country, str]:
    """The country asked for and the organisation's name. Unknown codes are 404."""
    home, name = numbers.home_of(request)
    if code is None:
        return lines.country_for(home), name
    if code != code.lower() or (code not in lines.countries() and code != lines.INTERNATIONAL_CODE):
        raise Http404
    return lines.country_for(code), name


def help_now(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """The danger page: numbers of a country, each with its source. No database, no script."""
    country, name = _country(request, code)
    values = {
        "country": country,
        "country_name": numbers.in_words(country.name),
        "known": country.code != lines.INTERNATIONAL_CODE,
        "emergency": numbers.emergency_ways(country),
        "emergency_checked": numbers.emergency_checked(country, name),
        "parts": {part.kind: part for part in numbers.parts_of(country, name)},
        "countries": numbers.all_countries(),
        "organisation": name,
    }
    return standing(render(request, "web/help_now.html", values))


def help_now_easy(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Its easy-read twin."""
    country, _name = _country(request, code)
    calls = [way for way in numbers.emergency_ways(country) if way.kind == "call"]
    first = lines.first_numbers(country.code)
    main = [way for way in numbers.ways_of(first.main.channels) if way.kind == "call"]
    values = {
        "country": country,
        "country_name": numbers.in_words(country.name),
        "call": calls[0] if calls else None,
        "main": main[0] if main else None,
        "countries": numbers.all_countries(),
    }
    return standing(render(request, "web/help_now_easy.html", values))


def language(request: HttpRequest) -> HttpResponse:
    """Choose the page's language by its own name; the choice is one cookie."""
    back = request.POST.get("back") or request.GET.get("back") or "/"
    if request.method == "POST":
        chosen = request.POST.get("language", "")
        response = see_other(request, back)
        if chosen in dict(settings.LANGUAGES):
            member = getattr(request, "member", None)
            if member is not None:
                accounts.set_language(member, chosen)
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=365 * 86400,
                path="/",
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        return response
    return render(request, "web/language.html", {"back": back})


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state; exists in the demo only."""
    from samepath.kit import colour
    from samepath.web import showcase

    if not settings.DEMO:
        raise Http404
    values = showcase.values()
    values["colours"] = [
        (name, colour.as_hex(light), colour.as_hex(dark))
        for name, (light, dark) in colour.tokens().items()
    ]
    return render(request, "web/styleguide.html", values)


def scene(request: HttpRequest, scene: str) -> HttpResponse:
    """A whole page of the style guide with invented people."""
    from samepath.web import showcase

    if not settings.DEMO or scene not in showcase.SCENES:
        raise Http404
    return render(request, f"web/scenes/{scene}.html", showcase.values())
