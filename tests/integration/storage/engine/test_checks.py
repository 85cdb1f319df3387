"""Each CHECK of the tables, on both databases: what it lets through, and what only it refuses."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.tables import Table
from storage.transactions import Store, Transaction, open_store

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ANN = "a" * 26
BEN = "b" * 26
HASH = "0" * 64

Row = dict[str, object]

GOOD: dict[str, Row] = {
    "workspace": {"key": "T1", "plan": "pro", "created_at": AT},
    "meeting_number": {"digits": "5829047316", "holder_id": ANN, "claimed_at": AT, "released_at": None},
    "personal_link": {
        "key": "blue.harbour",
        "spelling": "Blue.Harbour",
        "holder_id": ANN,
        "claimed_at": AT,
        "released_at": None,
        "held_until": None,
    },
    "member": {
        "id": ANN,
        "workspace": "T1",
        "slack_user": "U1",
        "licence": "licensed",
        "pmi": "5829047316",
        "link_key": "blue.harbour",
        "pmi_for_instant": None,
        "created_at": AT,
    },
    "change_log": {
        "id": ANN,
        "workspace": "T1",
        "member_id": ANN,
        "actor_id": None,
        "action": "pmi.set",
        "old": None,
        "new": "5829047316",
        "at": AT,
    },
    "seen_request": {"key": HASH, "workspace": "T1", "answer": "sealed", "at": AT},
}

ACCEPTED: list[tuple[str, Row]] = [
    ("workspace", {"key": "E2", "plan": None}),
    *(("workspace", {"key": "T2", "plan": plan}) for plan in ("basic", "pro", "business", "education", "enterprise")),
    ("meeting_number", {"digits": "2035134243"}),
    ("meeting_number", {"digits": "31415926535"}),
    ("meeting_number", {"digits": "9999999999"}),
    ("personal_link", {"key": "abcd", "spelling": "abcd."}),
    ("personal_link", {"key": "a", "spelling": "A...."}),
    ("personal_link", {"key": "z9..x", "spelling": "Z9..X"}),
    ("personal_link", {"key": "x" * 40, "spelling": "X" * 40}),
    ("personal_link", {"key": "held.one", "spelling": "held.one", "released_at": AT, "held_until": AT}),
    ("member", {"id": BEN, "slack_user": "W2", "licence": None, "pmi": "61755501423", "link_key": None}),
    ("change_log", {"id": BEN, "action": "set"}),
    ("seen_request", {"key": "f" * 64}),
]

REFUSED: list[tuple[str, str, Row]] = [
    ("key_is_an_id", "workspace", {"key": "T"}),
    ("key_is_an_id", "workspace", {"key": ""}),
    ("plan_is_known", "workspace", {"plan": "gold"}),
    ("plan_is_known", "workspace", {"plan": "Pro"}),
    ("plan_is_known", "workspace", {"plan": ""}),
    *(("digits_are_10_or_11", "meeting_number", {"digits": digits}) for digits in ("", "582904731", "582904731655")),
    *(
        ("digits_are_digits", "meeting_number", {"digits": digits})
        for digits in (
            "٥٨٢٩٠٤٧٣١٦",
            "５８２９０４７３１６",
            "582904731６",
            "582904731⁵",
            "⑤829047316",
            "582904731a",
            "+582904731",
            "582 904 73",
            "582-904-73",
            "-582904731",
            "58290473.0",
            "0x15B829047"[1:],
            "582904731\n",
            " 582904731",
            "5829\u200b04731",
        )
    ),
    ("digits_start_with_2_to_9", "meeting_number", {"digits": "1829047316"}),
    ("digits_start_with_2_to_9", "meeting_number", {"digits": "08290473165"}),
    ("holder_id_has_its_length", "meeting_number", {"holder_id": "a" * 25}),
    ("holder_id_has_its_length", "meeting_number", {"holder_id": ""}),
    ("key_has_a_length", "personal_link", {"key": "", "spelling": "....."}),
    ("key_is_canonical", "personal_link", {"key": "Blue.Harbour"}),
    *(
        ("key_is_canonical", "personal_link", {"key": key, "spelling": key})
        for key in (
            "blue_harbour",
            "blue-harbour",
            "blue harbour",
            "blue%2eharbour",
            "blue/../admin",
            "blue\n",
            "bl\u200bue",
            "blu\u0435harbour",
            "\uff42lueharbour",
            "kelvin\u212a",
        )
    ),
    ("key_starts_with_a_letter", "personal_link", {"key": "9blue", "spelling": "9blue"}),
    ("key_starts_with_a_letter", "personal_link", {"key": ".blue", "spelling": ".blue"}),
    ("key_ends_without_a_period", "personal_link", {"key": "harbour.", "spelling": "harbour."}),
    ("spelling_is_5_to_40", "personal_link", {"key": "abcd", "spelling": "abcd"}),
    ("spelling_is_5_to_40", "personal_link", {"key": "x" * 40, "spelling": "x" * 40 + "."}),
    ("spelling_is_ascii", "personal_link", {"key": "kelvin", "spelling": "\u212aelvin"}),
    ("spelling_is_ascii", "personal_link", {"key": "istanbul", "spelling": "\u0130stanbul"}),
    ("spelling_spells_the_key", "personal_link", {"spelling": "Blue.Harbor"}),
    ("spelling_spells_the_key", "personal_link", {"spelling": ".Blue.Harbour"}),
    ("a_hold_has_an_end", "personal_link", {"released_at": AT}),
    ("a_hold_has_an_end", "personal_link", {"held_until": AT}),
    ("holder_id_has_its_length", "personal_link", {"holder_id": "a"}),
    ("id_has_its_length", "member", {"id": "a" * 25}),
    ("slack_user_is_an_id", "member", {"slack_user": "U"}),
    ("licence_is_known", "member", {"licence": "gold"}),
    ("id_has_its_length", "change_log", {"id": "a"}),
    ("action_is_a_code", "change_log", {"action": "no"}),
    ("key_is_a_hash", "seen_request", {"key": "f" * 63}),
]

ORDER = ("workspace", "meeting_number", "personal_link", "member")


@pytest.fixture
async def furnished(database_url: str) -> AsyncIterator[Store]:
    """A store that holds what a member's row refers to."""

    def furnish(tx: Transaction) -> None:
        for name in ORDER[:-1]:
            insert(name, {})(tx)
        insert("meeting_number", {"digits": "61755501423", "holder_id": BEN})(tx)

    store = await open_store(database_url)
    await store.write(furnish)
    yield store
    await store.close()


def insert(table: str, changes: Row) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        tx.execute(sa.insert(Table.metadata.tables[table]).values(**{**GOOD[table], **changes}))

    return work


@pytest.mark.parametrize(("table", "changes"), ACCEPTED)
async def test_a_good_row_is_kept(furnished: Store, table: str, changes: Row) -> None:
    await furnished.write(insert(table, changes))


@pytest.mark.parametrize(("check", "table", "changes"), REFUSED)
async def test_a_bad_row_is_refused_by_the_check_that_names_it(
    furnished: Store, check: str, table: str, changes: Row
) -> None:
    # A string too long for its column is PostgreSQL's to refuse; SQLite has the CHECK alone.
    too_long = any(
        isinstance(value, str) and len(value) > (Table.metadata.tables[table].c[column].type.length or len(value))
        for column, value in changes.items()
        if isinstance(Table.metadata.tables[table].c[column].type, sa.String)
        or hasattr(Table.metadata.tables[table].c[column].type, "length")
    )

    with pytest.raises(DBAPIError) as caught:
        await furnished.write(insert(table, changes))

    if not (too_long and "asyncpg" in str(caught.value)):
        assert isinstance(caught.value, IntegrityError)
        named = {name for name in names_of(table) if name in str(caught.value)}
        assert named & broken_by(check, table, changes)


def names_of(table: str) -> set[str]:
    return {
        str(constraint.name)
        for constraint in Table.metadata.tables[table].constraints
        if isinstance(constraint, sa.CheckConstraint)
    }


def broken_by(check: str, table: str, changes: Row) -> set[str]:
    """The CHECK that the row is meant to break; PostgreSQL names the first in the alphabet where it breaks several."""
    also = {other for other, of, row in REFUSED if of == table and row == changes}
    return {f"ck_{table}_{name}" for name in {check, *also}}


def test_every_check_has_a_row_that_it_refuses() -> None:
    declared = {name for table in Table.metadata.tables for name in names_of(table)}

    assert declared == {f"ck_{table}_{check}" for check, table, _ in REFUSED}


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("meeting_number", {"digits": "5829047316\0"}),
        ("meeting_number", {"digits": "58290\x0047316"}),
        ("personal_link", {"key": "blue\0harbour", "spelling": "blue\0harbour"}),
        ("personal_link", {"spelling": "Blue.Harbour\0"}),
    ],
)
async def test_a_nul_is_refused_wherever_it_stands(furnished: Store, table: str, changes: Row) -> None:
    def clear(tx: Transaction) -> None:
        tx.execute(sa.delete(Table.metadata.tables[table]))

    await furnished.write(clear)

    with pytest.raises(DBAPIError):
        await furnished.write(insert(table, changes))


async def test_a_members_number_and_link_are_their_own(furnished: Store) -> None:
    from storage.errors import Busy

    stolen: Row = {"id": BEN, "slack_user": "U2", "pmi": "5829047316", "link_key": None}

    with pytest.raises(Busy):
        await furnished.write(insert("member", stolen))
    with pytest.raises(Busy):
        await furnished.write(insert("member", {**stolen, "pmi": "61755501423", "link_key": "blue.harbour"}))
    await furnished.write(insert("member", {**stolen, "pmi": "61755501423"}))
