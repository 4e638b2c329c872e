"""The numbers of the socket (safety.md 3.11) and its close codes. docs/flows/live.md tells them."""

from __future__ import annotations

PROTOCOL = 1

LARGEST_FRAME = 64 * 1024  # bytes; the server refuses a larger one before we see it
DEEPEST = 8  # objects and lists inside one another
TICKET_SECONDS = 5.0  # from the handshake to the ticket
FAULTS = 3  # frames nobody can read, before the socket closes
SOCKETS_A_SIGN_IN = 3
SOCKETS_A_MEMBER = 5
SOCKETS_AN_ADDRESS = 50
CHANNELS = 20  # subscriptions of one socket
WAITING_EVENTS = 200  # for a reader who does not read
WAITING_BYTES = 512 * 1024
POSTS_UNDER_WAY = 64  # of one socket, not yet answered
POSTS_QUEUED = 20_000  # of a whole process
VERBS_BURST = 60.0  # every verb but post, which has the member's own limit
VERBS_PER_SECOND = 20.0
TYPING_SECONDS = 3.0
HISTORY = 50  # lines in one answer
REPLAY = 400  # more than this behind: the newest HISTORY lines and a "far" mark

SEEN_EVERY = 20.0
READS_EVERY = 2.0
POLL_EVERY = 10.0
ALERTS_EVERY = 5.0
RIGHTS_EVERY = 60.0
CLOSING_SECONDS = 20.0  # how long a dead reader may hold a close back

BINARY = 1003
TOO_BIG = 1009
GOING_AWAY = 1012  # the service restarts; come back
TRY_LATER = 1013  # you read too slowly; come back and resume
MALFORMED = 4400
SIGNED_OUT = 4401
NO_RIGHT = 4404
YIELDED = 4408  # a newer socket of yours took the place
