"""What every table shares: the metadata with a name for every constraint, and what CHECKs are made of."""

from typing import ClassVar

from sqlalchemy import Index, MetaData, text
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

ID = 26
"""Length of an id, in characters."""


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The CHECK that a column holds one of these."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def only(column: str, characters: str) -> str:
    """The CHECK that a column holds nothing but these characters."""
    # ltrim() with a set of characters is the one spelling of "nothing but these" that SQLite and
    # PostgreSQL share: GLOB and regular expressions are each known to one of them only.
    return f"ltrim({column}, '{characters}') = ''"


def where(condition: str, name: str, *columns: str, unique: bool = False) -> Index:
    """An index over those rows alone for which a condition holds."""
    only_these = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=only_these, postgresql_where=only_these)


class Table(SQLModel):
    """What every table shares: the metadata with the naming convention."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)
