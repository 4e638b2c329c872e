"""Measures the screener on posts that nobody on the team wrote, and its cost.

    python bench/screening.py            print the figures
    python bench/screening.py --write    also write them into bench/results/screening.md

The posts are read from ``$SAMEPATH_SHARED_DATA/risk`` (default ``../shared/data``); without them
only the cost is measured. No text is printed or written. One setting for all figures: flagged means
moderate and above. AUC is the chance that a post at risk scores above one that is not (ties count
half). Whole posts are screened as one text, however long.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from samepath.safety.screen import Finding, screen  # noqa: E402
from samepath.safety.screen.packs import load  # noqa: E402

DATA = Path(os.environ.get("SAMEPATH_SHARED_DATA", ROOT.parent / "shared" / "data"))
RESULTS = ROOT / "bench" / "results" / "screening.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

Row = tuple[dict[str, object], Finding]


def read(name: str) -> list[Row]:
    """Return the records of one file with their findings."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [(record, screen(record["text"], language="en")) for record in records]


def share(rows: Sequence[Row], test: Callable[[Finding], bool]) -> str:
    """Return "share (count of all)" of the rows whose finding passes ``test``."""
    count = sum(test(finding) for _, finding in rows)
    return f"{count / len(rows):.3f} ({count} of {len(rows)})" if rows else "no rows"


def auc(positive: Sequence[Row], negative: Sequence[Row]) -> float:
    """Return the area under the ROC curve of the scores."""
    low = sorted(finding.score for _, finding in negative)
    total = sum(
        (bisect_left(low, finding.score) + bisect_right(low, finding.score)) / 2
        for _, finding in positive
    )
    return total / (len(positive) * len(low))


def flagged(finding: Finding) -> bool:
    return finding.flagged


def card(finding: Finding) -> bool:
    return finding.shows_card


def rings(finding: Finding) -> bool:
    return finding.rings


def quality() -> list[str]:
    """Return the lines of the table of quality."""
    experts = read("risk/cssrs_user_dev.jsonl")
    places = read("risk/communities_dev.jsonl")
    everyday = read("risk/everyday_dev.jsonl")
    hard = [row for row in read("risk/everyday_hard_dev.jsonl") if row[0]["label"] == 0]
    stress = read("routing/sad_dev.jsonl")
    risk = [row for row in experts if row[0]["label"] == 1]
    helpers = [row for row in experts if row[0]["label"] == 0]
    watch = [row for row in places if row[0]["label"] == 1]
    plain = [row for row in places if row[0]["label"] == 0]
    support = [row for row in places if row[0]["group"] == "support"]
    lines = [
        "| What | Aim | Measured |",
        "| --- | --- | --- |",
        f"| expert-labelled at risk, flagged | ≥ .60 | {share(risk, flagged)} |",
        f"| their supporters, flagged | ≤ .10 | {share(helpers, flagged)} |",
        f"| expert-labelled, AUC | ≥ .84 | {auc(risk, helpers):.3f} |",
    ]
    for gold in ("ideation", "behavior", "attempt", "indicator"):
        rows = [row for row in experts if row[0]["gold"] == gold]
        lines.append(f"| of these: {gold} | | {share(rows, flagged)} |")
    lines += [
        f"| crisis community, flagged | ≥ .60 | {share(watch, flagged)} |",
        f"| plain communities, flagged | ≤ .10 | {share(plain, flagged)} |",
        f"| communities, AUC | ≥ .84 | {auc(watch, plain):.3f} |",
        f"| everyday comments, flagged | ≤ .001 | {share(everyday, flagged)} |",
        f"| figurative comments, flagged | ≤ .03 | {share(hard, flagged)} |",
        f"| one-line stresses, card shown | ≤ .03 | {share(stress, card)} |",
        f"| posts of support communities, flagged | | {share(support, flagged)} |",
        f"| posts of support communities, card shown | | {share(support, card)} |",
        f"| posts of support communities, a phone rings | | {share(support, rings)} |",
        f"| everyday comments, a phone rings | ≤ .001 | {share(everyday, rings)} |",
        f"| supporters, a phone rings | ≤ .02 | {share(helpers, rings)} |",
        f"| expert-labelled at risk, a phone rings | | {share(risk, rings)} |",
        f"| crisis community, a phone rings | | {share(watch, rings)} |",
    ]
    return lines


def _best(text: str, language: str | None, rounds: int) -> float:
    best = 1e9
    for _ in range(rounds):
        started = time.perf_counter()
        screen(text, language=language)
        best = min(best, time.perf_counter() - started)
    return best


def hostile(language: str) -> dict[str, str]:
    """Return texts of 4,000 characters made to be slow."""
    pack = load(language)
    chance = random.Random(7)
    starters, words = sorted(pack.starters), sorted(pack.alphabet)[1:]
    return {
        "words that start rules": " ".join(chance.choices(starters, k=1200))[:4000],
        "words that rules know": " ".join(chance.choices(words, k=1200))[:4000],
        "one statement repeated": ("kill myself " * 400)[:4000],
        "letters set apart": ("k i l l " * 600)[:4000],
        "letters and full stops": ("a." * 2000)[:4000],
        "single letters": ("i " * 2000)[:4000],
        "signs": ("s*" * 2000)[:4000],
        "emoji": ("😂" * 4000)[:4000],
        "helping words": ("you should please call " * 200)[:4000],
    }


def cost() -> list[str]:
    """Return the lines of the table of cost."""
    lines = ["| What | Aim | Measured |", "| --- | --- | --- |"]
    gc.disable()
    everyday: list[str] = []
    posts: list[str] = []
    if (DATA / "risk").is_dir():
        for name, into in (("everyday_dev", everyday), ("communities_dev", posts)):
            for line in (DATA / f"risk/{name}.jsonl").read_text(encoding="utf-8").splitlines():
                into.append(json.loads(line)["text"][:4000])
    if everyday:
        near = [text for text in everyday if 100 <= len(text.encode()) <= 140]
        for label, texts in (("all", everyday), ("100 to 140 bytes", near)):
            for text in texts:
                screen(text)
            mean = sum(_best(text, "en", 5) for text in texts) / len(texts) * 1e6
            lines.append(f"| everyday comments ({label}), mean | ≤ 40 µs | {mean:.0f} µs |")
        times = sorted(_best(text, "en", 3) * 1e3 for text in posts)
        lines.append(
            f"| posts of up to 4,000 characters, p50 / p99 | ≤ 5 ms p99 | "
            f"{times[len(times) // 2]:.2f} / {times[int(len(times) * 0.99)]:.2f} ms |"
        )
    for language in ("en", "es"):
        worst = {name: _best(text, language, 7) * 1e3 for name, text in hostile(language).items()}
        name = max(worst, key=lambda key: worst[key])
        lines.append(
            f"| hostile texts of 4,000 characters ({language}), slowest: {name} | ≤ 5 ms | "
            f"{worst[name]:.2f} ms |"
        )
    gc.enable()
    return lines


def main() -> None:
    """Measure, print, and write the figures when asked."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--write", action="store_true", help="write bench/results/screening.md")
    write = options.parse_args().write
    for language in ("en", "es"):
        screen("warm up", language=language)
    parts: list[str] = []
    if (DATA / "risk").is_dir():
        parts += ["### Quality", "", *quality(), ""]
    else:
        print(f"skipped the quality: no posts in {DATA / 'risk'} (set SAMEPATH_SHARED_DATA)")
    python = platform.python_version()
    parts += ["### Cost", "", f"Python {python}, one core, best of several rounds.", "", *cost()]
    figures = "\n".join(parts)
    print(figures)
    if write and (DATA / "risk").is_dir():
        page = RESULTS.read_text(encoding="utf-8")
        head, rest = page.split(BEGIN, 1)
        tail = rest.split(END, 1)[1]
        RESULTS.write_text(f"{head}{BEGIN}\n{figures}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
