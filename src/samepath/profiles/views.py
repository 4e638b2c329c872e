"""What a member tells of themselves. Complete without script."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from samepath.accounts.access import member_of, own_pages
from samepath.accounts.models import Member
from samepath.kit.errors import Conflict, Invalid, NotFound
from samepath.kit.forms import PlainForm
from samepath.kit.http import see_other
from samepath.profiles import actions, queries, rules
from samepath.profiles.cards import cards
from samepath.profiles.cards import families as card_families
from samepath.profiles.choices import Gender, Part, Seen, Stage
from samepath.profiles.forms import AboutForm, TalkForm, TopicForm, WishForm, spoken_languages
from samepath.profiles.models import Experience

page = require_http_methods(["GET", "HEAD", "POST"])


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _row(row: Experience) -> dict[str, object]:
    """A topic as its owner reads it."""
    notes = []
    if row.part == Part.LIVED:
        notes.append(_("myself") if row.first_hand else _("beside somebody"))
        if row.stage:
            notes.append(str(Stage(row.stage).label))
        if row.offers:
            notes.append(_("there for others"))
    return {
        "pk": row.pk,
        "name": queries.topic_name(row.topic, _language()),
        "notes": notes,
        "seen": Seen(row.seen).label,
    }


@page
@own_pages(back="/profile")
def profile(request: HttpRequest) -> HttpResponse:
    """Everything told, by what it is to the member; topics in the order of families."""
    member = member_of(request)
    told = queries.experiences_of(member)
    order = {key: place for place, key in enumerate(cards("en"))}
    told.sort(key=lambda row: order.get(row.topic, len(order)))
    parts = [
        {
            "key": part.value,
            "label": part.label,
            "rows": [_row(row) for row in told if row.part == part],
        }
        for part in (Part.LIVED, Part.SEEK, Part.AVOID)
    ]
    row = queries.profile_of(member)
    names = dict(spoken_languages())
    spoken = dict.fromkeys([member.language, *row.languages])
    shown = {
        "parts": parts,
        "full": len(told) >= actions.MOST,
        "most": actions.MOST,
        "row": row,
        "languages_spoken": [names.get(code, code) for code in spoken],
        "says_age": row.age_band != "undisclosed",
        "says_gender": row.gender != Gender.UNDISCLOSED,
        "wishes": row.wish_gender not in ("", Gender.UNDISCLOSED),
        "done": _("Saved.") if "done" in request.GET else "",
    }
    return render(request, "profiles/profile.html", shown)


# Topics


def _part(text: str) -> Part:
    if text not in Part.values:
        raise NotFound
    return Part(text)


@page
@own_pages(back="/profile")
def families(request: HttpRequest) -> HttpResponse:
    """The first of two pages: which part of life it belongs to."""
    member = member_of(request)
    part = _part(request.GET.get("for", Part.LIVED))
    if len(queries.experiences_of(member)) >= actions.MOST:
        return see_other(request, "/profile")
    shown = {"part": part, "families": card_families(_language())}
    return render(request, "profiles/families.html", shown)


@page
@own_pages(back="/profile")
def add(request: HttpRequest, part: str, place: int) -> HttpResponse:
    """The second page: which topic, and what belongs to it."""
    member, kind = member_of(request), _part(part)
    found = [family for family in card_families(_language()) if family.order == place]
    if not found:
        raise NotFound
    family = found[0]
    listed = [card for card in cards(_language()).values() if card.family == family.key]
    form = TopicForm(
        request.POST if request.method == "POST" else None,
        part=kind,
        topics=[(card.key, card.name) for card in listed],
    )
    held = {row.topic for row in queries.experiences_of(member) if row.part == kind}
    if request.method == "POST" and form.is_valid() and _tell(member, kind, form):
        return see_other(request, "/profile?done")
    status = 400 if form.errors else 200
    shown = {
        "form": form,
        "part": kind,
        "family": family,
        "cards": [(card, card.key in held) for card in listed],
        "chosen": form["topic"].value(),
    }
    return render(request, "profiles/add.html", shown, status=status)


def _tell(member: Member, part: str, form: PlainForm, topic: str = "") -> bool:
    """Whether the topic was taken; a refusal stands in the form."""
    said = form.cleaned_data
    told = actions.Told(
        topic or said["topic"],
        part,
        first_hand=said.get("hand", "first") == "first",
        stage=said.get("stage", ""),
        offers=said.get("offers", False),
        seen=said["seen"],
    )
    try:
        actions.add_experience(member, told)
    except Invalid as error:
        form.refuse(error)
    except Conflict as error:
        form.add_error(None, error.sentence)
    else:
        return True
    return False


@page
@own_pages(back="/profile")
def change(request: HttpRequest, topic: int) -> HttpResponse:
    """The details of a topic that is there."""
    member = member_of(request)
    row = queries.own_experience(member, topic)
    form = TopicForm(request.POST if request.method == "POST" else None, part=row.part, row=row)
    if request.method == "POST" and form.is_valid() and _tell(member, row.part, form, row.topic):
        return see_other(request, "/profile?done")
    card = cards(_language()).get(row.topic)
    shown = {
        "form": form,
        "row": row,
        "name": queries.topic_name(row.topic, _language()),
        "about": card.about if card else "",
    }
    return render(request, "profiles/change.html", shown, status=400 if form.errors else 200)


@require_POST
@own_pages(back="/profile")
def take_out(request: HttpRequest, topic: int) -> HttpResponse:
    """Take a topic out."""
    actions.drop_experience(member_of(request), topic)
    return see_other(request, "/profile?done")


# The rest


def _save(request: HttpRequest, form: PlainForm, values: dict[str, object]) -> bool:
    try:
        actions.set_profile(member_of(request), values)
    except Invalid as error:
        form.refuse(error)
        return False
    return True


@page
@own_pages(back="/profile/talk")
def talk(request: HttpRequest) -> HttpResponse:
    """Style and languages."""
    member = member_of(request)
    row = queries.profile_of(member)
    form = TalkForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid() and _save(request, form, form.cleaned_data):
        return see_other(request, "/profile?done")
    chosen, others = form.language_rows()
    shown = {
        "form": form,
        "chosen": chosen,
        "others": others,
        "always": dict(settings.LANGUAGES).get(member.language, member.language),
    }
    return render(request, "profiles/talk.html", shown, status=400 if form.errors else 200)


@page
@own_pages(back="/profile/about")
def about(request: HttpRequest) -> HttpResponse:
    """Age and gender, only if wanted."""
    row = queries.profile_of(member_of(request))
    form = AboutForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid() and _save(request, form, form.cleaned_data):
        return see_other(request, "/profile?done")
    status = 400 if form.errors else 200
    return render(request, "profiles/about.html", {"form": form}, status=status)


@page
@own_pages(back="/profile/wish")
def wish(request: HttpRequest) -> HttpResponse:
    """Whom one would rather talk with, and what a strong wish costs."""
    row = queries.profile_of(member_of(request))
    form = WishForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["wish_gender"]
        strong = bool(wanted) and form.cleaned_data["strong"] == "must"
        if _save(request, form, {"wish_gender": wanted, "wish_strong": strong}):
            return see_other(request, "/profile?done")
    shown = {"form": form, "costs": _costs()}
    return render(request, "profiles/wish.html", shown, status=400 if form.errors else 200)


def _costs() -> list[str]:
    """A sentence for each gender whose cost can be told without telling about a person."""
    counted, here = queries.wish_costs()
    found = []
    for gender, told in rules.costs(counted, here).items():
        values = {"gender": Gender(gender).label, "n": counted[gender], "all": here}
        if told == "number":
            found.append(
                ngettext(
                    "%(gender)s: %(n)d of the %(all)d people here now.",
                    "%(gender)s: %(n)d of the %(all)d people here now.",
                    counted[gender],
                )
                % values
            )
        elif told == "few":
            found.append(_("%(gender)s: hardly any of the %(all)d people here now.") % values)
    return found
