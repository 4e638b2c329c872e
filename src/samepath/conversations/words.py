"""What the service says in a log. Pure: the same words for the page and for its script."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samepath.conversations.choices import Notice


def notice_words(notice: str, *, name: str, mine: bool) -> str:
    """A notice as the reader sees it: about the other one called `name`, or about themselves."""
    if mine:
        told = {
            Notice.LEFT: _("You left."),
            Notice.BACK: _("You are here again."),
            Notice.PAUSED: _("You are taking a pause."),
            Notice.RESUMED: _("You are back from your pause."),
            Notice.ENDED: _("This conversation has ended."),
            Notice.LOST: _("You were away for a while. Nothing is lost."),
        }
    else:
        told = {
            Notice.LEFT: _("They have left."),
            Notice.BACK: _("%(name)s is here again."),
            Notice.PAUSED: _("%(name)s is taking a pause. You can go on writing."),
            Notice.RESUMED: _("%(name)s is back from the pause."),
            Notice.ENDED: _("This conversation has ended."),
            Notice.LOST: _(
                "We lost the connection to %(name)s. It is not because of anything you wrote."
            ),
        }
    sentence = told.get(Notice(notice), "") if notice in Notice.values else ""
    return sentence % {"name": name} if "%(name)s" in sentence else sentence


def all_notices(name: str) -> list[tuple[str, str, str]]:
    """(notice, said of the other, said of oneself), for the page's script."""
    return [
        (
            notice,
            notice_words(notice, name=name, mine=False),
            notice_words(notice, name=name, mine=True),
        )
        for notice in Notice.values
    ]


def peer_words(state: str) -> str:
    """How the other one is, in a few words beside a dot; "" where the log says it."""
    return {
        "here": _("is here"),
        "paused": _("is taking a pause"),
        "lost": _("is not connected now"),
        "left": _("has left"),
    }.get(state, "")
