"""Names, phrases, passwords, lengths of sign-ins: decisions on plain values."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PHRASE_WORDS = 7
PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 128
HANDLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = frozenset(
    "admin administrator moderator mod staff support supporter lead team helper system samepath "
    "official safety crisis police doctor nurse host facilitator owner root".split()
)

IDLE = {"member": timedelta(hours=2), "staff": timedelta(minutes=30)}
LONGEST = {
    "member": timedelta(hours=24),
    "stays": timedelta(days=30),
    "staff": timedelta(hours=12),
}

# Kind, concrete and easy to say in English and Spanish mouths; nothing that could wound, name an
# illness, a faith, a body or a place. 104 x 104 x 98, about a million names.
FIRST = tuple(
    "amber autumn birch blue bright calm candle cedar clear clover copper coral cosy cotton cream "
    "crisp curious dawn deep dewy drifting early east easy ember evening even fair fern first "
    "floating forest fresh gentle glad golden grand green harbour hazel hidden honey indigo ivory "
    "jade june kind lantern laurel lilac linen little lively lunar maple marble meadow mellow merry "
    "mild mint misty morning mossy new noble north olive open opal paper patient pearl pine plain "
    "plum quiet rainy river rosy rowan sandy sage silver slow soft south spring starry steady "
    "still summer sunny teal tidy upland velvet violet warm west wide willow winding winter".split()
)
SECOND = tuple(
    "acorn alder anchor apple badger basket beacon bell birch boat bramble breeze bridge brook "
    "canyon canoe cloud cove cricket curlew daisy deer dolphin dove dune eider elm falcon feather "
    "fern field finch fjord forest fox garden gate glade grove harbour hare harp hawk heath heron "
    "hill hollow island ivy kettle kite lake lamp lark leaf ledge linnet loom lynx maple marsh "
    "meadow moon moss nest oak oar orchard otter owl path pebble pine plover pond poplar puffin "
    "quail rain reed ridge river robin rowan sail shell shore snow sparrow spring star stone "
    "stream swallow swan swift thrush tide tree valley wave willow wind wren".split()
)


def suggest_handle(pick: Callable[[Sequence[str]], str], number: int) -> str:
    """Two words and a number from 2 to 99: "quiet-heron-27". `pick` chooses at random."""
    first, second = pick(FIRST), pick(SECOND)
    while second == first:
        second = pick(SECOND)
    return f"{first}-{second}-{number}"


def handle_fault(handle: str) -> str:
    """Why a chosen name cannot be used, as a code, or "" (safety.md 3.8)."""
    if not 3 <= len(handle) <= 24 or not HANDLE.fullmatch(handle):
        return "shape"
    if set(handle.split("-")) & RESERVED:
        return "reserved"
    if re.search(r"\d{5}", handle.replace("-", "")):
        return "digits"
    return ""


def fold_phrase(text: str) -> str:
    """What somebody types for a phrase, made comparable: order kept, case, dots, commas ignored."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", plain))


def password_fault(password: str, common: Callable[[str], bool], name: str = "") -> str:
    """Why a password cannot be used, as a code, or "" (ASVS V6.2.1-12: length, no composition)."""
    if len(password) < PASSWORD_SHORTEST:
        return "short"
    if len(password) > PASSWORD_LONGEST:
        return "long"
    if common(password) or (name and name.casefold() in password.casefold()):
        return "common"
    return ""


@dataclass(frozen=True, slots=True)
class Span:
    """How long a sign-in lives."""

    idle: timedelta
    longest: timedelta


def span(*, staff: bool, stays: bool) -> Span:
    """Idle and absolute times (safety.md 3.3)."""
    if staff:
        return Span(IDLE["staff"], LONGEST["staff"])
    if stays:
        return Span(LONGEST["stays"], LONGEST["stays"])
    return Span(IDLE["member"], LONGEST["member"])


def is_over(*, now: datetime, seen_at: datetime, ends_at: datetime, idle: timedelta) -> bool:
    """Whether a sign-in has run out."""
    return now >= ends_at or now - seen_at >= idle


def device_label(user_agent: str) -> str:
    """The only thing kept of a browser's name: "phone", "tablet" or "computer"."""
    text = user_agent.lower()
    if "ipad" in text or "tablet" in text or ("android" in text and "mobile" not in text):
        return "tablet"
    if "mobi" in text or "iphone" in text:
        return "phone"
    return "computer"


def cookie_hash(cookie: str) -> str:
    """What is kept of a cookie's value: enough to know it again, useless to a thief."""
    return hashlib.sha256(cookie.encode()).hexdigest()
