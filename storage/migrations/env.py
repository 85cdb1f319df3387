"""How Alembic reaches the database: all revisions in one transaction, and one migration at a time.

`storage.schema` hands over a connection; the command line a URL: `alembic -x url=sqlite:///file.db upgrade head`.
"""

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, text

from storage.schema import CHANGED, on_connection, refuse_unknown, version
from storage.tables import Table

_LOCK = 7_366_266_637
"""The number of PostgreSQL's advisory lock: any, but always the same ("room" on a telephone, and some)."""


def _take_turns(connection: Connection) -> None:
    """Waits until no other migration runs, and from then on not long for anybody's lock on a table.

    On SQLite the transaction itself has taken the one write lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '4s'"))


def _check_foreign_keys(connection: Connection) -> None:
    """SQLite's foreign keys are off while tables are copied, so they are checked before the commit."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise CommandError(f"The migration would break {len(broken)} foreign keys; nothing was changed.")


def migrate(connection: Connection) -> None:
    """Runs what Alembic was asked for, whole or not at all."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        _take_turns(connection)
        refuse_unknown(connection)
        before = version(connection)
        context.run_migrations()
        context.config.attributes[CHANGED] = version(connection) != before
        _check_foreign_keys(connection)


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not isinstance(url, str):
        raise CommandError("Say which database: alembic -x url=sqlite:///standing-room.db ...")
    on_connection(url, migrate)
