"""What is promised about who can read what. Every sentence comes from a setting that is in force.

The wording follows the review of what people are told elsewhere: private, not secret, and the
limits named before the first word. A changed wording or setting makes a new version, and everybody
is asked again.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from samepath.kit import choices
from samepath.kit.choices import Setting

choices.settings_table.add(
    Setting(
        "law_line",
        "",
        translation.gettext_lazy("What the law where you are makes you report, and to whom"),
        translation.gettext_lazy("It changes one sentence of the promise."),
    )
)

# In the order they are read. The sentences with settings in them stand in `sentences`.
_BEFORE = (
    gettext_noop("Private, not secret."),
    gettext_noop("The person you talk with can read what you write."),
    gettext_noop("A computer looks for words of danger."),
    gettext_noop("It may show those few lines to a person on our team."),
    gettext_noop("It never answers for us."),
    gettext_noop("You can say that you think of dying."),
)
_ALONE = gettext_noop("We do not call anyone for that alone.")
_LAW = gettext_noop(
    "We do not call anyone for that alone, but here the law asks this of us: %(law)s"
)
_AFTER = (
    gettext_noop(
        "If someone may die or be badly hurt, or a child is at risk, two people can agree to read "
        "the talk and call for help."
    ),
    gettext_noop("When there is no time, one acts and a second checks."),
    gettext_noop("They tell you first if they can."),
    gettext_noop("We do not know who or where you are unless you say so."),
    gettext_noop("If one of you reports something, a moderator reads that part."),
    gettext_noop("You can see who read what, and why."),
)
_ERASED = gettext_noop("Guest talks are erased %(guests)s after they end, others after %(kept)s.")
_COURT = gettext_noop("Until then a court could ask for them.")
_SHORT = gettext_noop(
    "The person you talk with reads it. A computer looks for danger. Our team reads only if "
    "someone may be hurt or something is reported."
)


def _settings() -> dict[str, Any]:
    """The settings that change the wording."""
    return {name: choices.get(name) for name in ("guest_hours", "kept_days", "law_line")}


def _spell(count: int) -> str:
    """A small count as people say it; figures from thirteen on."""
    words = (
        "", _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"),
        _("nine"), _("ten"), _("eleven"), _("twelve"),
    )  # fmt: skip
    return words[count] if 0 < count < len(words) else str(count)


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": _spell(count)}


def span_in_words(hours: int) -> str:
    """ "three days", "one day", "twelve hours", "30 hours": whole days where they are whole."""
    if hours % 24 == 0:
        return _days(hours // 24)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": _spell(hours)}


def sentences(language: str | None = None) -> list[str]:
    """The promise in order, in `language` or the page's; with no law named about 150 words."""
    with translation.override(language or translation.get_language()):
        known = _settings()
        law = str(known["law_line"]).strip()
        spans = {
            "guests": span_in_words(int(known["guest_hours"])),
            "kept": _days(int(known["kept_days"])),
        }
        return [
            *(_(sentence) for sentence in _BEFORE),
            _(_LAW) % {"law": law} if law else _(_ALONE),
            *(_(sentence) for sentence in _AFTER),
            _(_ERASED) % spans,
            _(_COURT),
        ]


def short() -> str:
    """The short form, pinned above the box where somebody in need writes at once."""
    return _(_SHORT)


def easy_sentences() -> list[str]:
    """The easy-read form: one thought a sentence."""
    known = _settings()
    law = str(known["law_line"]).strip()
    return [
        _("You write. The other person reads it."),
        _("A computer looks for words of danger."),
        _("It may show a few lines to a person in our team."),
        _("The computer never answers for us."),
        _("You can say: I think of dying."),
        _("The law here asks this of us: %(law)s") % {"law": law}
        if law
        else _("We do not call anyone only for that."),
        _("Somebody may die or be badly hurt? Or a child is in danger?"),
        _("Then two people of our team can read the talk."),
        _("They can call for help. They tell you first, if they can."),
        _("We do not know who you are. We do not know where you are."),
        _("We only know it if you tell us."),
        _("You or the other person can report something. Then our team reads that part."),
        _("You can see who read your words, and why."),
        _("Talks of guests are erased after %(guests)s.")
        % {"guests": span_in_words(int(known["guest_hours"]))},
        _("Until then a court could ask for them."),
    ]


def version() -> str:
    """Twelve characters that change with the wording or with a setting in it, in no language."""
    template = [*_BEFORE, _ALONE, _LAW, *_AFTER, _ERASED, _COURT, _SHORT]
    told = json.dumps([template, _settings()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
