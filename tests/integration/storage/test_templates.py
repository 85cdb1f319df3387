"""Databases of tests: the next test finds nothing of the one before."""

import pytest

from tests.databases import PostgresTemplates, anywhere, sql

WORKSPACE = "INSERT INTO workspace (key, created_at) VALUES ('T1', now())"
CHANGED = (
    "ALTER TABLE member ADD COLUMN more int",
    "ALTER TABLE member ALTER COLUMN pmi DROP NOT NULL",
    "ALTER TABLE member DROP CONSTRAINT ck_member_licence_is_known",
    "DROP INDEX ix_change_log_member_id_id",
    "DELETE FROM alembic_version",
)


def test_a_database_is_emptied_and_given_to_the_next(postgres: PostgresTemplates) -> None:
    """Seen red: without the deleting, the row was there."""
    first = postgres.fresh()
    anywhere(sql(first, WORKSPACE))
    postgres.give_back(first)
    second = postgres.fresh()

    assert first == second
    assert [(0,)] == anywhere(sql(second, "SELECT count(*) FROM workspace"))
    postgres.give_back(second)


@pytest.mark.parametrize("statement", CHANGED)
def test_a_database_of_another_shape_is_not_used_again(postgres: PostgresTemplates, statement: str) -> None:
    """Seen red: without the comparison, each was used again."""
    changed = postgres.fresh()
    anywhere(sql(changed, statement))
    postgres.give_back(changed)
    another = postgres.fresh()

    assert changed != another
    postgres.give_back(another)
