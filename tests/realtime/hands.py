"""Does what a test asks in a process of its own, with a server's data: one JSON object a line.

The tests' own process has the test database in force; this one stands beside the server, as a page
process or the clock would.
"""

from __future__ import annotations

import json
import sys
import traceback

import django


def main() -> None:
    """Run each `code` with the names in `given`; what it leaves in `answer` goes back."""
    django.setup()
    from samepath.kit import sites
    from samepath.kit.models import Site

    for line in sys.stdin:
        asked = json.loads(line)
        names = dict(asked["given"])
        try:
            with sites.scope(*Site.objects.values_list("pk", flat=True)):
                exec(asked["code"], names)
            told = {"answer": names.get("answer")}
        except Exception:
            told = {"fault": traceback.format_exc()}
        print(json.dumps(told, default=str), flush=True)


main()
