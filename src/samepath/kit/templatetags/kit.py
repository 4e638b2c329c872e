"""Template pieces every room uses: slots, icons, avatars, the mark, inline style."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from samepath.kit.registry import panels_in

register = template.Library()
UI = Path(__file__).resolve().parents[1] / "ui"
_SYMBOL = re.compile(
    r'<symbol id="([a-z0-9-]+)" viewBox="0 0 24 24"( class="turns")?>(.*?)</symbol>'
)


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, **values: Any) -> SafeString:
    """Every panel of slot `name` that has something to show, in order."""
    pieces = []
    request = getattr(context, "request", None)
    around: dict[str, Any] = {str(key): value for key, value in context.flatten().items()}
    for panel in panels_in(name):
        shown = panel.query(request=request, **values)
        if shown is not None:
            pieces.append((render_to_string(panel.template, {**around, **shown}),))
    return format_html_join("", "{}", pieces)


@cache
def _drawings() -> dict[str, tuple[str, str]]:
    """Every drawing of our own sprite: (class, shapes)."""
    sprite = (UI / "icons.svg").read_text(encoding="utf-8")
    return {
        name: ("icon icon-turns" if turns else "icon", shapes)
        for name, turns, shapes in _SYMBOL.findall(sprite)
    }


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from the sprite, in the page itself: no wait, painted in the ink around it.

    Decoration only; the words beside it carry the meaning. A name that is not in tools/vendor.toml
    is a fault of ours (KeyError).
    """
    classes, shapes = _drawings()[name]
    # The shapes are the pattern, not a value: they come from our own file, held by its sum.
    pattern = '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    return format_html(pattern + shapes + "</svg>", classes)


def hue_of(public_id: UUID | str) -> int:
    """The hue, 0 to 359, that belongs to this id everywhere."""
    return int.from_bytes(hashlib.sha256(str(public_id).encode()).digest()[:2], "big") % 360


def hue_beside(public_id: UUID | str, other_id: UUID | str) -> int:
    """The hue of `public_id` in a place it shares with `other_id`: at least 60 degrees apart.

    Only the later of the two ids gives way, so that both pages paint both people the same.
    """
    hue, other = hue_of(public_id), hue_of(other_id)
    apart = min((hue - other) % 360, (other - hue) % 360)
    if apart < 60 and str(public_id) > str(other_id):
        return (other + 150) % 360
    return hue


@register.simple_tag
def avatar(public_id: UUID | str, beside: UUID | str | None = None, size: str = "") -> SafeString:
    """Overlapping soft discs computed from an id: no photo, no face, no initials.

    `beside` is the id of the other person in a conversation; `size` is "", "small" or "large". The
    name always stands next to it in words.
    """
    digest = hashlib.sha256(str(public_id).encode()).digest()
    hue = hue_of(public_id) if beside is None else hue_beside(public_id, beside)
    discs = [
        (
            8 + digest[2 + place] % 25,
            8 + digest[6 + place] % 25,
            11 + digest[10 + place] % 8,
            (hue + shift) % 360,
            light,
        )
        for place, (shift, light) in enumerate(((-20, 62), (16, 68), (36, 57)))
    ]
    inner = format_html_join(
        "", '<circle cx="{}" cy="{}" r="{}" fill="hsl({},42%,{}%)" fill-opacity=".62"/>', discs
    )
    return format_html(
        '<svg class="avatar{}" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
        '<circle cx="20" cy="20" r="20" fill="hsl({},36%,80%)"/>{}</svg>',
        f" {size}" if size in ("small", "large") else "",
        hue,
        inner,
    )


@register.simple_tag
def language_name() -> str:
    """The name of the page's language in that language."""
    names = dict(settings.LANGUAGES)
    return names.get(get_language() or "en", "English")


@cache
def _sheet(name: str) -> str:
    css = (UI / name).read_text(encoding="utf-8")
    if "</" in css:
        raise RuntimeError(f"{name} cannot stand inside a page")
    return css.replace("{", "{{").replace("}", "}}")  # it becomes a pattern of format_html


@register.simple_tag
def inline_css(name: str) -> SafeString:
    """A style sheet of ours to stand inside `<style nonce>`: what the first page paints with."""
    return format_html(_sheet(name) + "{}", "")
