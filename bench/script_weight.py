"""How much script the talk page loads, imports of imports included; raw and as sent."""

from __future__ import annotations

import shutil

from tools.demo import seed

from bench.common import Figure, Outcome, Served, filled, folder
from bench.first_page import SCRIPT_KB, fetch, scripts_of


def measure(*, short: bool = True) -> Outcome:
    """Bytes of script of an open talk, as one of the two sees it. Short or long is the same."""
    with folder() as home:
        data = home / "data"
        shutil.copytree(seed(home), data)
        found = filled(data, 1)
        cookie, path = f"session={found['cookies']['guest']}", f"/conversations/{found['talk']}"
        with Served(data, home / "serve.log") as served:
            scripts = scripts_of(served.port, path, cookie=cookie)
            html = len(fetch(served.port, path, packed=True, cookie=cookie))
    raw, sent = (sum(size[place] for size in scripts.values()) for place in (0, 1))
    figures = [
        Figure(
            f"talk page: script of {len(scripts)} files, raw / as sent",
            f"{raw / 1000:.1f} / {sent / 1000:.1f} kB",
            f"≤ {SCRIPT_KB} kB",
            raw <= SCRIPT_KB * 1000,
        ),
        Figure("talk page: HTML as sent", f"{html / 1000:.1f} kB"),
    ]
    rows = [f"| `{name}` | {a:,} | {b:,} |" for name, (a, b) in sorted(scripts.items())]
    return Outcome(figures, ["| Script | raw | sent |", "|---|--:|--:|", *rows])
