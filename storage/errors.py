"""What can go wrong with a database, in the caller's terms: was anything changed, and is it worth trying again?

No driver's exception, no SQL and no connection address belongs here.
"""

# ruff: noqa: N818 - each of these is raised to be caught and told, and reads as what became of the change

from typing import ClassVar


class StorageError(Exception):
    """The database did not do what it was asked. The subclasses say what became of it."""

    kind: ClassVar[str] = "error"
    """A short word for metrics and logs."""


class Busy(StorageError):
    """Nothing was changed, and trying again may work: a queue, a pool or a lock took too long, or races were lost."""

    kind = "busy"


class Unavailable(StorageError):
    """Nothing was changed, and nothing can be for now: no connection, a full disk, a read-only or failing file."""

    kind = "unavailable"


class OutcomeUnknown(StorageError):
    """The change was being committed when the connection or the time ran out: only reading again can tell."""

    kind = "outcome_unknown"


class UnknownSchema(StorageError):
    """Nothing was changed: the database has a schema that only another version of the program knows."""

    kind = "unknown_schema"


class Conflict(Exception):
    """Raised inside a work: somebody else was faster. Everything is rolled back and the work runs again."""


class BadDatabaseURL(ValueError):
    """The database URL cannot be used. The message says why, and never holds the password."""
