"""How long the store waits before its caller is told.

Whoever needs one of these looks here at that moment, so that the limits can be moved for all at once.
"""

LOCK_SECONDS = 1.0
"""How long a statement waits for a lock, and a driver for a connection."""

ANSWER_SECONDS = 1.25
"""How long a driver waits for an answer: a little longer than a living server takes to say that it was too long."""

TURN_SECONDS = 1.0
"""How long a work waits for its turn on PostgreSQL.

As long as there is still time to run it: on a slow machine a crowd that would all be served within the deadline must
not be turned away half-way. What is left is what a work takes whose rows nobody holds; one that takes longer meets
the deadline, which stops it as well.
"""

DEADLINE_SECONDS = 1.5
"""How long a caller waits at most; afterwards nothing happens that it was not told of."""
