"""The set insert of messages: the only raw SQL of this room."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection

from samepath.conversations.models import Message
from samepath.kit import db

COLUMNS = (
    "site_id",
    "conversation_id",
    "seq",
    "public_id",
    "sender_id",
    "client_id",
    "sort",
    "notice",
    "sealed",
    "digest",
    "sent_at",
)


@cache
def _fields() -> tuple[Any, ...]:
    by_column = {field.column: field for field in Message._meta.concrete_fields}
    return tuple(by_column[column] for column in COLUMNS)


def insert_messages(rows: list[tuple[Any, ...]]) -> None:
    """Insert rows in the order of COLUMNS, in one statement."""
    fields = _fields()
    prepared = [
        tuple(
            value
            if isinstance(value, int | str | bytes | None)
            else field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        )
        for row in rows
    ]
    db.insert_many(Message._meta.db_table, COLUMNS, prepared)
