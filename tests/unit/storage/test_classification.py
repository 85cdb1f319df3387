"""Every column says what it holds, and what a purge does with it follows from that."""

import pytest

from storage.classification import COLUMNS, HASHED, KEPT, NAMED, PASSING, STAYING, THROUGH, Kind, emptied
from storage.purging import swept
from storage.sealed_columns import SEALED
from storage.tables import Table

TABLES = Table.metadata.tables


@pytest.mark.row("R51")
def test_every_column_of_every_table_is_classified() -> None:
    """Seen red: without `room.topic` in the list."""
    declared = {name: set(table.c.keys()) for name, table in TABLES.items()}

    assert declared == {name: set(columns) for name, columns in COLUMNS.items()}


@pytest.mark.row("R51")
def test_what_is_personal_goes_with_its_row_or_can_be_emptied_or_is_hashed() -> None:
    """Seen red: with `member.pmi` as personal."""
    for name in KEPT:
        held = [TABLES[name].c[column] for column in emptied(name)]
        assert [] == [str(column) for column in held if not column.nullable]
    assert all(table in KEPT and COLUMNS[table][column] is Kind.SECRET for table, column in STAYING)
    assert all(COLUMNS[table][column] is Kind.PERSONAL for table, column in (*HASHED, *NAMED))
    assert all(COLUMNS[each.value.table.name][each.value.name] in (Kind.SECRET, Kind.PERSONAL) for each in SEALED)


@pytest.mark.row("R51")
def test_a_purge_finds_the_workspace_of_every_row_that_goes() -> None:
    """Seen red: without a way from `schedule` to its workspace."""
    assert set(TABLES) == {*swept(), *KEPT, *PASSING}
    assert all("workspace" in TABLES[name].c or name in THROUGH for name in swept())
