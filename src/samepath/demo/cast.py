"""One small fixed cast of people, for the demo, the tests and the documentation."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Person:
    """Somebody of the cast: what they are here, what they have lived."""

    key: str
    handle: str
    hats: tuple[str, ...] = ()
    about: str = ""
    lived: tuple[tuple[str, str], ...] = ()  # (topic, stage)
    style: str = "listen"
    language: str = "en"
    languages: tuple[str, ...] = field(default=())


CAST = (
    Person(
        "heron",
        "quiet-heron-27",
        ("supporter",),
        _("Supporter. Lost her mother four years ago."),
        (("grief-parent", "behind"), ("sleep", "learning"), ("depression", "behind")),
    ),
    Person(
        "lantern",
        "warm-lantern-31",
        ("supporter",),
        _("Supporter. Left a violent home; raises two children alone. Speaks Spanish too."),
        (("domestic-abuse", "behind"), ("single-parent", "midst"), ("anxiety", "learning")),
        languages=("en", "es"),
    ),
    Person(
        "otter",
        "gentle-otter-52",
        ("supporter",),
        _("Supporter. Nine years without alcohol; lost his work once."),
        (("alcohol", "behind"), ("job-loss", "behind"), ("loneliness", "learning")),
        style="ideas",
    ),
    Person("oak", "steady-oak-14", ("lead", "supporter"), _("Looks after safety here tonight.")),
    Person("brook", "clear-brook-8", ("second",), _("The second: a trustee, on call.")),
    Person("field", "open-field-66", ("admin",), _("Runs the place.")),
    Person(
        "wren",
        "silver-wren-9",
        (),
        _("A member who kept her name. Her father died in spring."),
        (("grief-parent", "beginning"), ("sleep", "midst")),
    ),
)
