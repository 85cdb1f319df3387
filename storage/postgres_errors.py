"""What PostgreSQL's and its driver's errors mean to a caller."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import Busy, Conflict, StorageError, Unavailable

# SQLSTATE codes, from PostgreSQL's appendix A.
_LOST_RACES = frozenset(
    {
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
        "23505",  # unique_violation
        "23503",  # foreign_key_violation
        "23P01",  # exclusion_violation
    }
)
LOCK_TIMEOUT = "55P03"
"""lock_not_available"""
_TOO_LONG = frozenset(
    {
        LOCK_TIMEOUT,
        "57014",  # query_canceled: statement_timeout
        "25P03",  # idle_in_transaction_session_timeout
        "53300",  # too_many_connections
    }
)
STALE_PLAN = "InvalidCachedStatementError"
"""What the driver raises, without a code, where the columns of a statement that it knows are no longer what they were:
somebody has changed the schema. It forgets all statements then, so that the same work succeeds when it runs again.
"""
_NO_CHANGES = {"25006": "The database is read-only", "53100": "The database's disk is full"}
_CLASSES_OF_NO_SERVICE = ("08", "53", "57", "58")
"""Connection lost, resources used up, shut down, system error."""


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error that SQLAlchemy or the driver raised, or nothing."""
    code = getattr(getattr(error, "orig", error), "sqlstate", None)
    return code if isinstance(code, str) else ""


def verdict(error: BaseException) -> BaseException:
    """What an error before the commit means: a lost race, a storage error, or (unchanged) none of the database's."""
    code = sqlstate(error)
    if code in _LOST_RACES or type(getattr(error, "orig", error)).__name__ == STALE_PLAN:
        return Conflict("A race was lost, or the schema was changed meanwhile.")
    if isinstance(error, PoolTimeout) or code in _TOO_LONG:
        return Busy("The database took too long; nothing was changed.")
    if code in _NO_CHANGES:
        return Unavailable(f"{_NO_CHANGES[code]}; nothing was changed.")
    lost = isinstance(error, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated)
    if lost or code.startswith(_CLASSES_OF_NO_SERVICE):
        return Unavailable("The database cannot be reached; nothing was changed.")
    return error


def connecting_verdict(error: Exception) -> StorageError:
    """What an error means while there is no connection yet: whatever it is, there is no database."""
    meaning = verdict(error)
    if isinstance(meaning, Busy):
        return meaning
    reason = getattr(error, "orig", error)
    return Unavailable(f"PostgreSQL gives no connection ({type(reason).__name__}: {reason}); nothing was changed.")


def commit_was_refused(error: BaseException) -> bool:
    """Whether the server itself said that it did not commit; anything else leaves the outcome open."""
    return sqlstate(error).startswith(("23", "40")) and sqlstate(error) != "40003"
