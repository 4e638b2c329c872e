"""How well the router finds topics in people's own words.

    python bench/routing.py [--report bench/results/routing.md]

Reads two public sets from ``$SAMEPATH_SHARED_DATA`` (default ``../shared/data``), which are not
part of this repository; without them it says so and stops. Each of their labels is mapped to the
topics of ours that answer it; a text counts as found if one of them is returned.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from engine.vague import VAGUE, VAGUE_ES  # noqa: E402
from samepath.engine.routing import Router  # noqa: E402
from samepath.profiles.cards import cards, languages, openers, routing_cards  # noqa: E402

#: Labels of the first set. A word with "*" names a whole family of ours.
COUNSELCHAT: Final = {
    "depression": "depression suicidal-thoughts bipolar meaning",
    "anxiety": "anxiety panic social-anxiety ocd world-worry",
    "intimacy": "intimacy infidelity dating relationship",
    "relationships": "relationship dating breakup friendship infidelity marriage intimacy",
    "parenting": "parenting teenagers single-parent coparenting postnatal",
    "family-conflict": "family-conflict young-people coparenting caring-parent",
    "self-esteem": "self-esteem body-image",
    "relationship-dissolution": "breakup divorce",
    "domestic-violence": "domestic-abuse emotional-abuse hurting-others childhood-abuse",
    "behavioral-change": "habits addiction mood anger ocd",
    "marriage": "marriage divorce infidelity",
    "anger-management": "anger hurting-others",
    "trauma": "trauma childhood-abuse sexual-violence",
    "lgbtq": "lgbtq gender-identity",
    "substance-abuse": "substance-use alcohol beside-addiction recovery",
    "legal-regulatory": "legal in-treatment",
    "counseling-fundamentals": "finding-help in-treatment fear-of-treatment",
    "addiction": "addiction substance-use alcohol gambling recovery beside-addiction",
    "grief-and-loss": "grief* pregnancy-loss",
    "eating-disorders": "eating-disorder",
    "spirituality": "spirituality meaning",
    "workplace-relationships": "workplace-conflict work-stress",
    "diagnosis": "diagnosis bipolar psychosis personality adhd autism ocd",
    "professional-ethics": "in-treatment finding-help",
}
#: Labels of the second set: eight broad stressors.
SAD: Final = {
    "Work": "work*",
    "School": "study*",
    "Health, Fatigue, or Physical Pain": "body* sleep caring-parent beside-illness world-worry"
    " disability body-image brain-injury deaf-blind",
    "Social Relationships": "relationship marriage breakup divorce infidelity intimacy dating"
    " friendship loneliness social-anxiety bullying family-conflict",
    "Family Issues": "parenting* family-conflict marriage divorce caring-parent caring"
    " beside-illness dementia-caring grief grief-parent beside-addiction beside-mental-illness",
    "Emotional Turmoil": "mental-health* grief* mood stress self-esteem anger loneliness meaning"
    " life-change world-worry",
    "Financial Problem": "money* job-loss gambling",
    "Everyday Decision Making": "decisions stress life-change habits housing",
}
SETS: Final = (("counselchat_dev", COUNSELCHAT), ("sad_dev", SAD))


def answers(words: str) -> set[str]:
    """Keys of our topics that a label's words name; fails on a key that does not exist."""
    found: set[str] = set()
    for word in words.split():
        if word.endswith("*"):
            more = {key for key, card in cards().items() if card.family == word[:-1]}
        else:
            more = {word} & cards().keys()
        if not more:
            raise SystemExit(f"no topic is called {word}")
        found |= more
    return found


def measure(
    name: str, rows: Sequence[dict[str, str]], labels: dict[str, str], router: Router
) -> tuple[list[str], list[float]]:
    """Report lines for one set, and each text's milliseconds."""
    wanted = {label: answers(words) for label, words in labels.items()}
    total: Counter[str] = Counter()
    first: Counter[str] = Counter()
    third: Counter[str] = Counter()
    asked = 0
    times: list[float] = []
    for row in rows:
        begun = time.process_time()
        routing = router.route(row["text"])
        times.append((time.process_time() - begun) * 1000)
        label, keys = row["label"], [key for key, _ in routing.topics]
        total[label] += 1
        first[label] += bool(keys) and keys[0] in wanted[label]
        third[label] += not wanted[label].isdisjoint(keys)
        asked += routing.ask
    count = total.total()
    order = sorted(total, key=lambda label: (total[label], label))
    rare = order[: len(order) // 2]
    rare_third = sum(third[r] for r in rare) / sum(total[r] for r in rare)
    lines = [
        f"## {name}: {count} texts, {len(order)} labels",
        "",
        f"- top-1 {first.total() / count:.3f}, top-3 {third.total() / count:.3f}",
        f"- rare half of the labels, top-3 {rare_third:.3f} ({sum(total[r] for r in rare)} texts)",
        f"- mean over labels, top-3 {sum(third[r] / total[r] for r in order) / len(order):.3f}",
        f"- asked back {asked / count:.3f} (topics are offered beside the question)",
        "",
        "| label | texts | top-1 | top-3 |",
        "|---|--:|--:|--:|",
        *(
            f"| {r} | {total[r]} | {first[r] / total[r]:.2f} | {third[r] / total[r]:.2f} |"
            for r in reversed(order)
        ),
        "",
    ]
    return lines, times


def asks(router: Router, texts: Iterable[str]) -> float:
    """Share of texts that are answered with a question."""
    answered = [router.route(text).ask for text in texts]
    return sum(answered) / len(answered)


def main() -> int:
    """Measure, print, and write the report where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--languages", nargs="*", default=list(languages()))
    chosen = parser.parse_args()
    data = Path(os.environ.get("SAMEPATH_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (data / "routing").is_dir():
        print(f"skipped: no routing data in {data}; set SAMEPATH_SHARED_DATA")
        return 0
    begun = time.process_time()
    router = Router(routing_cards(chosen.languages), openers(chosen.languages))
    load = time.process_time() - begun
    lines = [
        "# Routing a person's own words to topics",
        "",
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, 2 cores shared, Python"
        f" {sys.version_info.major}.{sys.version_info.minor}; languages together:"
        f" {', '.join(chosen.languages)}; {len(router.keys)} topics.",
        "",
        "Development halves of two public sets. The phrases on the cards were extended after"
        " reading which themes were missed here, the map from labels to topics was widened once"
        " (marriage with infidelity, diagnosis with single disorders, and the like), and the"
        " threshold for asking was set with the vague openers in view: expect a little less on"
        " texts nobody has looked at.",
        "",
    ]
    times: list[float] = []
    for name, labels in SETS:
        text = (data / "routing" / f"{name}.jsonl").read_text(encoding="utf-8")
        more, spent = measure(name, [json.loads(r) for r in text.splitlines()], labels, router)
        lines += more
        times += spent
    times.sort()
    lines += [
        "## Vague openers and speed",
        "",
        f"- asked back on {len(VAGUE)} English and {len(VAGUE_ES)} Spanish openers that are on no"
        f" card: {asks(router, VAGUE):.3f} and {asks(router, VAGUE_ES):.3f}",
        f"- processor time on a shared machine: load {load:.2f} s;"
        f" a text p50 {times[len(times) // 2]:.2f} ms,"
        f" p99 {times[int(len(times) * 0.99)]:.2f} ms, words not yet remembered included",
        "",
    ]
    report = "\n".join(lines)
    print(report)
    if chosen.report:
        chosen.report.write_text(report, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
