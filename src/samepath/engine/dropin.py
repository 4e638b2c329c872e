"""Drop-in: who is offered to whom, now. A plain batch every few seconds; no memory of its own.

Objective: the fit of everybody served, each worth q * 0.5 ** (wait / half_life). Inside one
batch the weight is q * (1 + wait / half_life), the other way round on purpose: the decay says
what a wait has cost, and whoever has paid most must not also come last. It grows without end, so
that nobody starves. `weight` is the seam for prices and holding out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from typing import TypeVar

from samepath.engine.fit import Reason, fit, reasons, shared
from samepath.engine.hard import allowed
from samepath.engine.people import Giver, PersonId, Rules, Seeker

FROM_TOPICS, FROM_FAMILY, FROM_ANY = 32, 8, 8  # partners scored for one person
CRISIS_FIRST = 1e6  # above any fit and any wait
SMALL = 4  # people on the shorter side, up to which scipy is not loaded

Here = TypeVar("Here", Seeker, Giver)
Edges = dict[tuple[int, int], float]  # (row, column) -> weight, above 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """An offer to both. `shared`: b has lived what a wants, or near it. `fellow`: b waits too."""

    a: PersonId
    b: PersonId
    fit: float
    why_a: list[Reason]
    why_b: list[Reason]
    shared: bool
    fellow: bool


def weight(seeker: Seeker, q: float, now: float, rules: Rules) -> float:
    """What serving this person with fit `q` counts within one batch (head of this file)."""
    waited = max(0.0, now - seeker.since)
    return q * (1 + waited / rules.half_life_s) + (CRISIS_FIRST if seeker.crisis else 0.0)


def propose(
    waiting: Iterable[Seeker], free: Iterable[Giver], now: float, rules: Rules | None = None
) -> list[Proposal]:
    """The offers to make at second `now`: nobody twice, no hard rule broken, the same every time.

    First supporters who share a topic; then two who wait and are fine with that; then, after
    `listener_after_s`, any safe listener. Somebody in crisis gets any supporter on duty at once,
    before all others. Skips whoever's heartbeat is `heartbeat_s` old: the place is not lost.
    """
    batch = _Batch(waiting, free, now, rules or Rules())
    batch.serve(lambda s: True, anybody=lambda s: s.crisis)
    batch.pair_fellows()
    late = now - batch.rules.listener_after_s
    batch.serve(lambda s: not s.want or s.since <= late, anybody=lambda s: True)
    return batch.made


def _present(people: Iterable[Here], now: float, rules: Rules) -> list[Here]:
    """Whoever may get an offer now, each once, longest there first."""
    here = [
        p
        for p in people
        if now - p.seen < rules.heartbeat_s and p.not_before <= now and not p.offered
    ]
    here.sort(key=lambda p: (p.since, str(p.person.id)))
    return list({p.person.id: p for p in reversed(here)}.values())[::-1]


class _Index:
    """People by (topic or family, language): likely partners without looking at everybody."""

    def __init__(
        self, people: Sequence[Giver | Seeker], line: Iterable[Seeker], rules: Rules
    ) -> None:
        self.people, self.rules = people, rules
        self.gone: set[PersonId] = set()  # offered in this tick
        self.buckets: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
        topics = {topic for seeker in line for topic in seeker.want}
        families = {rules.family[topic] for topic in topics if topic in rules.family}
        for place, one in enumerate(people):
            lived = [t for t in one.person.topics if t in topics]
            near = {rules.family[t] for t in one.person.topics if t in rules.family} & families
            for language in one.person.languages:
                self.buckets["any", "", language].append(place)
                for topic in lived:
                    self.buckets["topic", topic, language].append(place)
                for family in near:
                    self.buckets["family", family, language].append(place)

    def scored(
        self, seeker: Seeker, now: float, *, anybody: bool = False
    ) -> list[tuple[int, float]]:
        """(place, fit) of allowed partners who share a topic; with `anybody`, of listeners too.

        The rules are asked while a bucket is read, so a rare wish is not lost to the limit.
        """
        families = {self.rules.family[t]: t for t in seeker.want if t in self.rules.family}
        steps: list[tuple[int, str, Iterable[str]]] = [
            (FROM_TOPICS, "topic", seeker.want),
            (FROM_FAMILY, "family", families),
            (FROM_ANY, "any", [""] if anybody else []),
        ]
        found: dict[int, bool] = {}  # place -> may be offered
        count = 0
        for most, kind, keys in steps:
            limit = count + most
            for place in chain.from_iterable(
                self.buckets.get((kind, key, language), ())
                for key in keys
                for language in seeker.person.languages
            ):
                if count >= limit:
                    break
                if place not in found:
                    found[place] = self._open(seeker, self.people[place], now)
                    count += found[place]
        return [(p, fit(seeker, self.people[p], self.rules)[0]) for p, may in found.items() if may]

    def _open(self, seeker: Seeker, partner: Giver | Seeker, now: float) -> bool:
        said_no = partner.declined if isinstance(partner, Seeker) else frozenset()
        return (
            partner.person.id not in self.gone
            and partner.person.id not in seeker.declined
            and seeker.person.id not in said_no
            and allowed(seeker, partner, now)
        )


class _Batch:
    """One tick: the line, the supporters, and what has been offered so far."""

    def __init__(
        self, waiting: Iterable[Seeker], free: Iterable[Giver], now: float, rules: Rules
    ) -> None:
        self.now, self.rules = now, rules
        line = list(waiting)
        seeking = {s.person.id for s in line}  # a supporter who seeks tonight does not also give
        self.line = _present(line, now, rules)
        room = [g for g in free if g.talks < g.person.capacity and g.person.id not in seeking]
        self.givers = _present(room, now, rules)
        self.index = _Index(self.givers, self.line, rules)
        self.made: list[Proposal] = []

    def left(self, which: Callable[[Seeker], bool]) -> list[Seeker]:
        return [s for s in self.line if s.person.id not in self.index.gone and which(s)]

    def serve(self, which: Callable[[Seeker], bool], anybody: Callable[[Seeker], bool]) -> None:
        """Offer supporters. Again while that finds somebody: a crowd sees the same few first."""
        while True:
            line, edges = self.left(which), Edges()
            for row, seeker in enumerate(line):
                for place, q in self.index.scored(seeker, self.now, anybody=anybody(seeker)):
                    edges[row, place] = weight(seeker, q, self.now, self.rules)
            pairs = assign(edges)
            for row, place in pairs:
                self.book(line[row], self.givers[place])
            if not pairs:
                return

    def pair_fellows(self) -> None:
        """Offer people who wait to each other, heaviest first; both must get what they want."""
        line = self.left(lambda s: s.fellow and s.trusted)
        index, pairs = _Index(line, line, self.rules), Edges()
        for row, seeker in enumerate(line):
            for place, q in index.scored(seeker, self.now):
                other = line[place]
                if shared(other.want, seeker.person, self.rules):
                    both = sum(weight(one, q, self.now, self.rules) for one in (seeker, other))
                    pairs[min(row, place), max(row, place)] = both
        for row, place in greedy(pairs, one_side=True):
            self.book(line[row], line[place])

    def book(self, a: Seeker, b: Giver | Seeker) -> None:
        why_a, why_b = reasons(a, b, self.rules)
        q, _ = fit(a, b, self.rules)
        near, fellow = bool(shared(a.want, b.person, self.rules)), isinstance(b, Seeker)
        self.made.append(Proposal(a.person.id, b.person.id, q, why_a, why_b, near, fellow))
        self.index.gone |= {a.person.id, b.person.id}


def assign(edges: Edges) -> list[tuple[int, int]]:
    """The (row, column) pairs of greatest total weight, each row and column at most once.

    Exact; up to SMALL rows or columns without scipy, so that a quiet community never pays for
    its memory. A larger table where scipy is missing falls back to heaviest first.
    """
    rows, columns = sorted({row for row, _ in edges}), sorted({column for _, column in edges})
    if len(rows) > len(columns):
        return sorted((row, column) for column, row in assign({e[::-1]: edges[e] for e in edges}))
    if len(rows) <= SMALL:
        best: dict[int, list[tuple[float, int]]] = {row: [] for row in rows}
        for (row, column), value in edges.items():
            best[row].append((-value, column))
        # With n rows the others take at most n - 1 columns, so n to choose from are enough.
        return _exact([(row, sorted(best[row])[: len(rows)]) for row in rows], frozenset())[1]
    try:
        solve = import_module("scipy.optimize").linear_sum_assignment
    except ImportError:
        return sorted(greedy(edges))
    at_row, at_column = ({v: at for at, v in enumerate(axis)} for axis in (rows, columns))
    table = import_module("numpy").zeros((len(rows), len(columns)))
    for (row, column), value in edges.items():
        table[at_row[row], at_column[column]] = value
    chosen = zip(*(axis.tolist() for axis in solve(table, maximize=True)), strict=True)
    pairs = ((rows[row], columns[column]) for row, column in chosen)
    return [pair for pair in pairs if pair in edges]


def _exact(
    rows: Sequence[tuple[int, list[tuple[float, int]]]], taken: frozenset[int]
) -> tuple[float, list[tuple[int, int]]]:
    """(greatest weight, its pairs), trying every choice of each row, and none."""
    if not rows:
        return 0.0, []
    (row, choices), rest = rows[0], rows[1:]
    best = _exact(rest, taken)
    for negative, column in choices:
        if column not in taken:
            value, pairs = _exact(rest, taken | {column})
            if value - negative > best[0]:
                best = value - negative, [(row, column), *pairs]
    return best


def greedy(edges: Edges, *, one_side: bool = False) -> list[tuple[int, int]]:
    """Heaviest first. With `one_side`, rows and columns are the same people."""
    taken: set[tuple[bool, int]] = set()
    pairs = []
    for row, column in sorted(edges, key=lambda edge: (-edges[edge], edge)):
        ends = {(False, row), (not one_side, column)}
        if taken.isdisjoint(ends):
            taken |= ends
            pairs.append((row, column))
    return pairs
