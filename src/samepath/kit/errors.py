"""What can go wrong in a way a person is told about. One class an answer, no HTTP here."""

from __future__ import annotations


class Refusal(Exception):
    """Base of every answer that is not a yes. `sentence` is shown to the person, translated."""

    status = 400
    code = "refused"

    def __init__(self, sentence: str = "", *, code: str = "") -> None:
        super().__init__(code or self.code)
        self.sentence = sentence
        if code:
            self.code = code


class NotFound(Refusal):
    """It does not exist, or the viewer may not know that it does: one answer for both."""

    status = 404
    code = "not_found"


class Denied(Refusal):
    """The viewer may know of it and may not do this; `sentence` says why."""

    status = 403
    code = "denied"


class Invalid(Refusal):
    """Input that cannot be taken; `field` is where the sentence belongs, "" the whole form."""

    status = 400
    code = "invalid"

    def __init__(self, sentence: str, *, field: str = "", code: str = "") -> None:
        super().__init__(sentence, code=code)
        self.field = field


class Conflict(Refusal):
    """Somebody or something was faster; nothing was changed."""

    status = 409
    code = "conflict"


class TooMany(Refusal):
    """A limit. `retry_after` is in whole seconds, at least 1."""

    status = 429
    code = "too_many"

    def __init__(self, sentence: str = "", *, retry_after: int = 1) -> None:
        super().__init__(sentence)
        self.retry_after = max(1, retry_after)


class Unavailable(Refusal):
    """Something we stand on does not answer (database, key store, disk). Nothing was lost."""

    status = 503
    code = "unavailable"
