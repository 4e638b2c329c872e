"""How an upper room fills a lower one: registered in `apps.ready`; nobody there, empty slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

T = TypeVar("T")


class Named(Protocol):
    """Anything registered under a kind."""

    @property
    def kind(self) -> str: ...


N = TypeVar("N", bound=Named)


class Table(Generic[N]):
    """Entries of one sort by their kind; a kind is registered once."""

    def __init__(self) -> None:
        self._rows: dict[str, N] = {}

    def add(self, entry: N) -> None:
        """Register `entry`; a second one of the same kind is a fault of ours."""
        known = self._rows.get(entry.kind)
        if known is not None and known != entry:
            raise RuntimeError(f"{entry.kind} is registered twice")
        self._rows[entry.kind] = entry

    def get(self, kind: str) -> N | None:
        """The entry, or None."""
        return self._rows.get(kind)

    def all(self) -> list[N]:
        """Every entry, by kind."""
        return [self._rows[kind] for kind in sorted(self._rows)]


SLOTS = (
    "page.strip",
    "page.header",
    "home.doors",
    "home.member",
    "talk.beside",
    "talk.name",
    "talk.notices",
    "talk.acts",
    "waiting.choices",
    "account.links",
)


@dataclass(frozen=True)
class Panel:
    """A piece of page in a slot of a lower room: `query(**context)` gives values, None: nothing."""

    slot: str
    order: int
    query: Callable[..., Mapping[str, Any] | None]
    template: str

    @property
    def kind(self) -> str:
        return f"{self.slot}:{self.order:03d}:{self.template}"


@dataclass(frozen=True)
class Quote:
    """Words passed on with a report: (author member id, text) in order, and whom it is about."""

    words: list[tuple[int, str]]
    about: int | None


class Said(NamedTuple):
    """One line that a reporter may choose to pass on."""

    message: UUID
    author: str
    mine: bool
    text: str
    sent_at: datetime


@dataclass(frozen=True)
class Reportable:
    """What holds talk and can be reported.

    `quote(viewer, public_id, chosen)` gives the words the reporter may pass on and who it is about.
    `recent(viewer, public_id)` lists the last lines to choose from. Both raise NotFound for
    somebody who took no part. `people(public_ids)` tells who is in each place now, as
    (member id, name). `path` is the address of a place with {} for its id.
    """

    kind: str
    quote: Callable[..., Quote]
    recent: Callable[..., list[Said]] | None = None
    people: Callable[[list[UUID]], dict[UUID, list[tuple[int, str]]]] | None = None
    path: str = ""


@dataclass(frozen=True)
class Promise:
    """What is promised about who reads what, for rooms below it that take in members.

    `version()` changes with the wording and the settings in it; `sentences()` are the whole text in
    the page's language, `short()` its short form.
    """

    kind: str
    version: Callable[[], str]
    sentences: Callable[[], list[str]]
    short: Callable[[], str]


@dataclass(frozen=True)
class Directory:
    """The countries numbers are known for: `countries(language)` gives (code, name) by name."""

    kind: str
    countries: Callable[[str], list[tuple[str, str]]]


@dataclass(frozen=True)
class Eraser:
    """Removes what a room holds of a member. None when all is gone, or why something stays."""

    kind: str
    order: int
    erase: Callable[[int], str | None]
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exporter:
    """What a room knows of a member, as plain JSON values."""

    kind: str
    export: Callable[[int], object]


@dataclass(frozen=True)
class LiveKind:
    """What a socket may listen to. `may_subscribe(member_id, public_id)` is the room's access."""

    kind: str
    may_subscribe: Callable[[int, str], bool]


@dataclass(frozen=True)
class Tick:
    """A periodic duty of the clock: `run(now)` about every `every` seconds, safe to repeat."""

    kind: str
    every: float
    run: Callable[..., object]


panels: Table[Panel] = Table()
reportables: Table[Reportable] = Table()
promises: Table[Promise] = Table()
directories: Table[Directory] = Table()
erasers: Table[Eraser] = Table()
exporters: Table[Exporter] = Table()
live_kinds: Table[LiveKind] = Table()
ticks: Table[Tick] = Table()


def panels_in(slot: str) -> list[Panel]:
    """The panels of a slot in their order."""
    if slot not in SLOTS:
        raise RuntimeError(f"no slot {slot}")
    return [panel for panel in panels.all() if panel.slot == slot]
