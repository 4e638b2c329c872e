"""Log lines that cannot tell on anybody: a time, a level, an event name, whitelisted keys."""

from __future__ import annotations

import logging
import traceback

# Only these keys of `extra=` are ever printed, and only as short plain values.
ALLOWED = ("event", "request", "ms", "kind", "count", "status", "room", "job", "process", "port")


class PlainFormatter(logging.Formatter):
    """`time level event key=value`; an exception by type and code places, never by its values."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.startswith("samepath")
        # Other people's libraries put request lines and parameters in messages: their place only.
        text = (
            record.msg if ours and isinstance(record.msg, str) else f"{record.name} said something"
        )
        if record.name.startswith("uvicorn.error") and not record.args:
            text = str(record.msg)
        parts = [self.formatTime(record, "%H:%M:%S"), record.levelname.lower(), text]
        for key in ALLOWED:
            value = getattr(record, key, None)
            if isinstance(value, str | int | float):
                parts.append(f"{key}={' '.join(str(value).split())[:60]}")
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            places = [
                f"{frame.filename.rsplit('/samepath/', 1)[-1]}:{frame.lineno}"
                for frame in traceback.extract_tb(trace)[-6:]
            ]
            parts.append(f"{kind.__name__} at {' < '.join(reversed(places))}")
        return " ".join(parts)
