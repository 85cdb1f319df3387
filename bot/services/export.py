"""All that is kept about one member, as JSON: with their own passcodes, and without keys that let others in."""

import json
from contextlib import suppress
from datetime import datetime

from bot.services.house import House
from storage import exporting, members
from storage.classification import COLUMNS, Kind
from storage.exporting import Row
from storage.sealed_columns import SEALED
from storage.secrets import Unsealable
from storage.transactions import Transaction

_THEIRS = ("room", "meeting")
"""Whose passcodes are the member's own."""


async def exported(house: House, workspace: str, user: str) -> str | None:
    """The JSON, by table; None where there is no such member.

    Raises:
        StorageError: the database did not answer as it should.
    """

    def look(tx: Transaction) -> dict[str, list[Row]] | None:
        person = members.find(tx, workspace, user)
        return None if person is None else exporting.of_person(tx, workspace, person.id, user)

    found = await house.store.read(look)
    if found is None:
        return None
    shown = {table: [_shown(house, table, row) for row in rows] for table, rows in found.items() if rows}
    return json.dumps({"workspace": workspace, "slack_user": user, "kept": shown}, indent=2, ensure_ascii=False)


def _shown(house: House, table: str, row: Row) -> Row:
    shown: Row = {}
    for name, value in row.items():
        if COLUMNS[table][name] is Kind.SECRET or (table, name) == ("guest", "name"):
            if table in _THEIRS and isinstance(value, str):
                shown[name] = _opened(house, table, name, row, value)
            continue
        if value is not None:
            shown[name] = value.isoformat() if isinstance(value, datetime) else value
    return shown


def _opened(house: House, table: str, name: str, row: Row, sealed: str) -> str | None:
    for column in SEALED:
        if (column.value.table.name, column.value.name) == (table, name):
            workspace, key = str(row[column.workspace.name]), str(row[column.key.name])
            with suppress(Unsealable):
                return house.keys.open(sealed, table=table, column=name, workspace=workspace, key=key)
    return None
