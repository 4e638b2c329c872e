"""Names, phrases, passwords, lengths of sign-ins: decisions on plain values."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from samepath.kit.text import skeleton

PHRASE_WORDS = 7
PHRASE_CHECKED = (3, 6)  # the words asked back, counted from 1
PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 128
HANDLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


RESERVED = frozenset(
    _listed(
        "admin administrator moderator mod staff support supporter lead team helper system "
        "samepath official safety crisis police doctor nurse host facilitator owner root"
    )
)
RESERVED_SKELETONS = frozenset(skeleton(word) for word in RESERVED)
OWN_WORDS_LONGEST = 20  # leaves room for a hyphen and three digits

IDLE = {"member": timedelta(hours=2), "staff": timedelta(minutes=30)}
LONGEST = {
    "member": timedelta(hours=24),
    "stays": timedelta(days=30),
    "staff": timedelta(hours=12),
}

# Kind, concrete and easy to say in English and Spanish mouths; nothing that could wound, name an
# illness, a faith, a body or a place. 104 x 104 x 98, about a million names.
FIRST = _listed(
    "amber autumn birch blue bright calm candle cedar clear clover copper coral cosy cotton cream "
    "crisp curious dawn deep dewy drifting early east easy ember evening even fair fern first "
    "floating forest fresh gentle glad golden grand green harbour hazel hidden honey indigo ivory "
    "jade june kind lantern laurel lilac linen little lively lunar maple marble meadow mellow "
    "merry mild mint misty morning mossy new noble north olive open opal paper patient pearl "
    "pine plain plum quiet rainy river rosy rowan sandy sage silver slow soft south spring "
    "starry steady still summer sunny teal tidy upland velvet violet warm west wide "
    "willow winding winter"
)
SECOND = _listed(
    "acorn alder anchor apple badger basket beacon bell birch boat bramble breeze bridge brook "
    "canyon canoe cloud cove cricket curlew daisy deer dolphin dove dune eider elm falcon feather "
    "fern field finch fjord forest fox garden gate glade grove harbour hare harp hawk heath heron "
    "hill hollow island ivy kettle kite lake lamp lark leaf ledge linnet loom lynx maple marsh "
    "meadow moon moss nest oak oar orchard otter owl path pebble pine plover pond poplar puffin "
    "quail rain reed ridge river robin rowan sail shell shore snow sparrow spring star stone "
    "stream swallow swan swift thrush tide tree valley wave willow wind wren"
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
    # Folded, so that "adm1n" and "ad-min" are seen for what they would be taken for.
    parts = {skeleton(part.rstrip("0123456789")) for part in handle.split("-")}
    parts.add(skeleton(re.sub(r"[\d-]", "", handle)))
    if parts & RESERVED_SKELETONS or skeleton("samepath") in skeleton(handle):
        return "reserved"
    if re.search(r"\d{5}", handle.replace("-", "")):
        return "digits"
    return ""


def own_words(typed: str) -> str:
    """What somebody would like to be called, as the words of a handle: "Río Tranquilo 7" becomes
    "rio-tranquilo". The number at the end is ours to give, so that nobody learns which names exist.
    """
    plain = unicodedata.normalize("NFKD", typed).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", plain)
    while words and words[-1].isdigit():
        words.pop()
    return "-".join(words)


def spoken(handle: str) -> str:
    """A handle as people read it: "quiet-heron-27" is Quiet Heron 27."""
    return " ".join(part.capitalize() for part in handle.split("-"))


def fold_phrase(text: str) -> str:
    """What somebody types for a phrase, made comparable: only the letters, in their order.

    Case, accents, numbers of a list, commas, hyphens, spaces and line ends may all differ from what
    was written down. Nothing is lost by it: in both word lists no word begins with another one
    (but for "drop-down" and "dropdown"), so that the letters alone still tell the words apart.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalpha())


def fold_sign_in_name(text: str) -> str:
    """A typed sign-in name, made comparable: three words, whatever stands between them."""
    return "-".join(re.findall(r"[a-z]+", text.casefold()))[:64]


def fold_password(text: str) -> str:
    """A typed password in one form of Unicode: two keyboards write the same letter differently."""
    return unicodedata.normalize("NFKC", text)


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
