"""The corpus of bad and good input, put into the tables as it stands: what has no shape is refused by the database.

What has a shape but breaks a rule, as 2472472472 or `admin` do, no CHECK knows: only `parse_pmi` and `parse_link` make
what the statements take, and `mypy` holds the services to it.
"""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.rules import Code, link_key
from storage.tables import Table
from storage.transactions import Transaction, open_store
from tests.corpus import Line, lines
from tests.integration.storage.engine.check_rows import GOOD

SHAPES = {
    "pmi": re.compile(r"\A[2-9][0-9]{9,10}\Z", re.ASCII),
    "link": re.compile(r"\A[A-Za-z][A-Za-z0-9.]{4,39}\Z", re.ASCII),
}
NO_SHAPE = {
    Code.PMI_CHARACTERS,
    Code.PMI_LENGTH,
    Code.PMI_FIRST_DIGIT,
    Code.LINK_CHARACTERS,
    Code.LINK_TOO_SHORT,
    Code.LINK_TOO_LONG,
    Code.LINK_FIRST_CHARACTER,
}
"""The codes of what a CHECK refuses too."""


class TakenBack(Exception):  # noqa: N818 - it is none
    """Raised to leave the database as it was."""


def has_a_shape(line: Line) -> bool:
    return SHAPES[line.field].match(line.value) is not None


def rows(field: str, value: str) -> Iterator[dict[str, object]]:
    """The rows that would hold this value: as a number, or as spelling and key of a link."""
    if field == "pmi":
        yield {**GOOD["meeting_number"], "digits": value}
    else:
        yield {**GOOD["personal_link"], "spelling": value, "key": link_key(value)}
        yield {**GOOD["personal_link"], "spelling": value, "key": value}


@pytest.mark.parametrize("field", SHAPES)
async def test_the_database_refuses_what_has_no_shape(shared_database_url: str, field: str) -> None:
    table = Table.metadata.tables["meeting_number" if field == "pmi" else "personal_link"]
    store = await open_store(shared_database_url)
    try:
        for line in lines(field):
            for row in rows(field, line.value):

                def work(tx: Transaction, row: dict[str, object] = row) -> None:
                    tx.execute(sa.insert(table).values(**row))
                    raise TakenBack

                canonical = field == "pmi" or row["key"] == link_key(line.value)
                # A half of a surrogate pair is in no encoding: the driver does not send it.
                expected = TakenBack if has_a_shape(line) and canonical else (DBAPIError, UnicodeEncodeError)
                with pytest.raises(expected):
                    await store.write(work)
    finally:
        await store.close()


@pytest.mark.parametrize("field", SHAPES)
async def test_what_is_accepted_is_kept_in_its_canonical_form(shared_database_url: str, field: str) -> None:
    table = Table.metadata.tables["meeting_number" if field == "pmi" else "personal_link"]
    store = await open_store(shared_database_url)
    try:
        for accepted in sorted({line.accept for line in lines(field) if line.accept is not None}):
            row = next(rows(field, accepted if len(accepted) > 4 else accepted + "."))

            def work(tx: Transaction, row: dict[str, object] = row) -> None:
                tx.execute(sa.insert(table).values(**row))
                raise TakenBack

            with pytest.raises(TakenBack):
                await store.write(work)
    finally:
        await store.close()


@pytest.mark.parametrize("line", lines("pmi", "link"), ids=str)
def test_what_only_the_rules_refuse_has_a_shape_and_all_else_has_none(line: Line) -> None:
    if line.refuse:
        assert has_a_shape(line) == (not NO_SHAPE & set(line.refuse))
