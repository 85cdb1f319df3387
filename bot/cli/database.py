"""`python -m bot migrate`, and the look at the schema before anything is served."""

import sys
from urllib.parse import urlsplit

from storage import schema
from storage.errors import StorageError
from storage.schema import State

FAILED = 1

LATER = "the database has a schema of a later version of Standing Room; run that version, or a newer one"


def migrate(url: str) -> int:
    """Bring the database to the newest schema. The exit code: 1 when it cannot be done."""
    try:
        if schema.state(url) is State.UNKNOWN:
            print(f"DATABASE_URL: {LATER}", file=sys.stderr)
            return FAILED
        changed = schema.upgrade(url)
    except StorageError as error:
        print(f"DATABASE_URL: the schema was not changed: {error}", file=sys.stderr)
        return FAILED
    print(f"The schema is {schema.head()} {'now' if changed else 'already'}.")
    return 0


def prepare(url: str) -> str | None:
    """Make the schema ready for serving: what is wrong with it, or nothing.

    An SQLite database belongs to this program alone and is migrated here. A PostgreSQL one may serve other processes
    of another version at this moment: when it changes is for its operator to say.
    """
    try:
        state = schema.state(url)
        if state is State.UNKNOWN:
            return LATER
        if state is State.CURRENT:
            return None
        if not urlsplit(url).scheme.startswith("sqlite"):
            return "the schema is not the newest; run `python -m bot migrate` first"
        schema.upgrade(url)
    except StorageError as error:
        return str(error)
    return None
