"""What the sockets do when a lower room announces."""

from __future__ import annotations

from samepath.accounts.events import SignInEnded
from samepath.kit import bus


def on_sign_in_ended(event: SignInEnded) -> None:
    """Every process closes the sockets of this sign-in."""
    bus.ring("sign_in", str(event.sign_in))
