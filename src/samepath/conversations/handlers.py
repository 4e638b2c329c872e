"""What talk does when a lower room announces."""

from __future__ import annotations

from samepath.accounts.events import BlockPlaced
from samepath.conversations import actions


def on_block(event: BlockPlaced) -> None:
    """A block ends what the two still share, in the same transaction."""
    actions.close_between(event.blocker_id, event.blocked_id)
