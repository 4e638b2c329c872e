"""The fixed cast (samepath.demo.cast) as test material: who they are, and a browser for each."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client

from samepath.accounts import actions as accounts
from samepath.accounts.models import Member
from samepath.demo.cast import CAST
from samepath.kit.models import Site
from samepath.safety import promise

KEYS = [person.key for person in CAST]


@dataclass
class House:
    """One site with its cast; `house.heron` is a member, `house.browser("heron")` their browser."""

    site: Site
    members: dict[str, Member] = field(default_factory=dict)

    def __getattr__(self, key: str) -> Member:
        if key in KEYS:
            from samepath.demo.seed import member

            if key not in self.members:
                self.members[key] = member(key)
            return self.members[key]
        raise AttributeError(key)

    def guest(self, handle: str = "new-path-3", language: str = "en") -> Member:
        """A guest who has read the promise."""
        return accounts.create_member(
            handle=handle, language=language, country="GB", promise=promise.version()
        )

    def browser(self, who: str | Member | None = None, **options: object) -> Client:
        """A browser signed in as somebody of the cast, as a member, or as nobody."""
        client = Client(SERVER_NAME="localhost", **options)  # type: ignore[arg-type]
        if who is not None:
            member = getattr(self, who) if isinstance(who, str) else who
            client.cookies[settings.SIGN_IN_COOKIE] = accounts.start_sign_in(member)
        return client
