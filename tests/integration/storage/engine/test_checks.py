"""Each CHECK of the tables, on both databases: what it lets through, and what only it refuses."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage.errors import Busy
from storage.tables import Table
from storage.transactions import Transaction, open_store

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ANN = "a" * 26
BEN = "b" * 26
HOLDER = "c" * 26
HOST = "d" * 26
MEETING = "e" * 26
PLANNED = "f" * 26
SEALED = "v1.1a2b3c4d.nonce.ciphertext"
HASH = "0" * 64
TOLD = "1" * 64

Row = Mapping[str, object]
Insert = Callable[[str, Row], Awaitable[None]]

GOOD: dict[str, Row] = {
    "workspace": {"key": "T9", "plan": "pro", "created_at": AT},
    "meeting_number": {"digits": "3141592653", "holder_id": ANN, "claimed_at": AT, "released_at": None},
    "personal_link": {
        "key": "green.field",
        "spelling": "Green.Field",
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
    "outbox": {
        "request": TOLD,
        "workspace": "T1",
        "kind": "pmi.saved",
        "address": "sealed",
        "generation": 1,
        "rest_ms": 0,
        "tries": 0,
        "at": AT,
        "ended_at": None,
    },
    "room": {
        "member_id": HOLDER,
        "workspace": "T1",
        "topic": None,
        "passcode": SEALED,
        "waiting_room": None,
        "members_only": None,
        "host_video": None,
        "participant_video": None,
        "mute_on_entry": None,
        "join_before_host": None,
        "pmi_for_scheduled": None,
        "version": 1,
    },
    "alternative_host": {"room_id": HOST, "slack_user": "U1", "place": 0},
    "meeting": {
        "id": MEETING,
        "workspace": "T1",
        "member_id": HOST,
        "kind": "scheduled",
        "number": "3344556677",
        "topic": None,
        "passcode": SEALED,
        "created_at": AT,
        "cancelled_at": None,
    },
    "session": {
        "id": ANN,
        "workspace": "T1",
        "member_id": HOST,
        "meeting_id": MEETING,
        "in_room": False,
        "number": "3344556677",
        "topic": None,
        "provider": "jitsi",
        "handle": SEALED,
        "started_at": AT,
        "started_by": None,
        "host_at": None,
        "ends_at": AT,
        "ended_at": None,
        "ended_by": None,
    },
    "invitation": {
        "key_hash": HASH,
        "workspace": "T1",
        "member_id": HOST,
        "meeting_id": None,
        "session_id": None,
        "number": "3344556677",
        "guest": None,
        "secret": SEALED,
        "created_at": AT,
        "revoked_at": None,
    },
    "attempt": {"key": HASH, "times": "1795500000000,1795500001000", "last_at": AT},
    "posting": {
        "id": ANN,
        "key": HASH,
        "workspace": "T1",
        "kind": "meeting.started",
        "subject": MEETING,
        "detail": "",
        "channel": "C1",
        "slack_user": None,
        "lane": "C1",
        "response_url": None,
        "response_until": None,
        "response_uses": 0,
        "posted_in": None,
        "ts": None,
        "due_at": AT,
        "posted_at": None,
        "doubts": 0,
        "wanted": 1,
        "shown": 0,
        "generation": 1,
        "rest_ms": 0,
        "tries": 0,
        "ended_at": None,
    },
    "posting_lane": {"lane": "C1", "generation": 1, "rest_ms": 0},
    "schedule": {
        "meeting_id": MEETING,
        "zone": "Europe/Berlin",
        "starts_local": "2026-01-02T04:04",
        "minutes": 30,
        "repeats": "weekly",
        "ends_count": None,
        "ends_on": None,
        "remind_minutes": 10,
        "channel": None,
        "sequence": 0,
        "timed": 0,
        "first_at": AT,
        "last_until": AT + timedelta(days=730),
        "plan_at": AT,
    },
    "occurrence": {
        "meeting_id": PLANNED,
        "key": "2026-01-09T04:04",
        "cancelled": True,
        "starts_at": None,
        "minutes": None,
        "topic": None,
        "revision": 1,
    },
    "invitee": {
        "meeting_id": PLANNED,
        "slack_user": "U1",
        "invited": True,
        "place": 0,
        "answer": None,
        "answered_at": None,
    },
    "guest": {
        "id": HASH,
        "workspace": "T1",
        "member_id": HOST,
        "meeting_id": None,
        "in_room": True,
        "place_id": HOST,
        "number": "9988776655",
        "name": SEALED,
        "slack_user": None,
        "signed_in": False,
        "source": TOLD,
        "state": "waiting",
        "session_id": None,
        "asked_at": AT,
        "seen_at": AT,
        "decided_at": None,
        "decided_by": None,
    },
    "oauth_state": {"hash": HASH, "purpose": "sign_in", "payload": SEALED, "expires_at": AT},
    "installation": {
        "key": "/T1",
        "workspace": "T1",
        "enterprise": "",
        "team": "T1",
        "of_organisation": False,
        "app_id": "A1",
        "bot_user": "U1",
        "installer": "U2",
        "bot_token": SEALED,
        "refresh_token": None,
        "expires_at": None,
        "scopes": "commands",
        "installed_at": AT,
        "revoked_at": None,
        "leased_until": None,
        "generation": 1,
    },
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
    ("outbox", {"rest_ms": 86_400_000, "tries": 20, "ended_at": AT}),
    ("room", {"topic": "x" * 200}),
    ("room", {"topic": "\U0001f680" * 200}),
    ("room", {"passcode": None, "waiting_room": "everybody"}),
    ("room", {"passcode": None, "waiting_room": "outside"}),
    ("room", {"passcode": None, "members_only": True}),
    ("room", {"passcode": None, "waiting_room": "nobody", "members_only": True}),
    ("room", {"waiting_room": "nobody", "members_only": False, "pmi_for_scheduled": True}),
    ("alternative_host", {"slack_user": "W1", "place": 9}),
    ("meeting", {"id": BEN, "kind": "instant", "number": "61755501423", "topic": "x" * 200}),
    ("meeting", {"id": BEN, "number": None, "passcode": None}),
    ("session", {"meeting_id": None, "in_room": True, "topic": "\U0001f680" * 200}),
    ("session", {"host_at": AT, "ended_at": AT, "started_by": "U1", "ended_by": "U1"}),
    ("invitation", {"meeting_id": MEETING, "guest": "U1", "revoked_at": AT}),
    ("attempt", {"times": ""}),
    ("posting", {"channel": None, "slack_user": "U1", "lane": "U1", "response_url": SEALED, "response_until": AT}),
    ("posting", {"slack_user": "U1", "wanted": 7, "shown": 7, "posted_in": "C1", "ts": "1.2", "posted_at": AT}),
    ("posting", {"doubts": 2, "generation": 9, "rest_ms": 86_400_000, "tries": 20, "ended_at": AT}),
    ("posting_lane", {"lane": "U1", "generation": 2**31 - 1, "rest_ms": 86_400_000}),
    *(("schedule", {"repeats": repeats}) for repeats in ("none", "daily", "weekdays", "weekly", "monthly")),
    ("schedule", {"ends_count": 500, "minutes": 1440, "remind_minutes": 10_080, "sequence": 9, "timed": 9}),
    ("schedule", {"ends_on": "2026-12-31", "minutes": 5, "remind_minutes": None, "channel": "C1", "plan_at": None}),
    *(
        ("occurrence", {"cancelled": False, **differs})
        for differs in ({"starts_at": AT}, {"minutes": 5}, {"topic": "\U0001f680" * 200})
    ),
    *(("invitee", {"answer": answer, "answered_at": AT}) for answer in ("yes", "no", "maybe")),
    ("invitee", {"invited": False, "answer": "yes", "answered_at": AT}),
    ("guest", {"name": None, "slack_user": "U1", "signed_in": True}),
    ("guest", {"name": None, "slack_user": "U1", "signed_in": False}),
    ("guest", {"state": "denied", "decided_at": AT, "decided_by": "U1"}),
    ("guest", {"state": "gone", "decided_at": AT}),
    ("oauth_state", {"purpose": "install"}),
    ("installation", {"refresh_token": SEALED + "x" * 4000, "expires_at": AT, "leased_until": AT}),
    ("installation", {"bot_token": None, "revoked_at": AT}),
    ("installation", {"key": "E1/T1", "workspace": "E1", "enterprise": "E1"}),
    ("installation", {"key": "E1/", "workspace": "E1", "enterprise": "E1", "team": "", "of_organisation": True}),
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
    ("key_is_canonical", "personal_link", {"key": "Green.Field"}),
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
    ("spelling_spells_the_key", "personal_link", {"spelling": "Green.Fields"}),
    ("spelling_spells_the_key", "personal_link", {"spelling": ".Green.Field"}),
    ("a_hold_has_an_end", "personal_link", {"released_at": AT}),
    ("a_hold_has_an_end", "personal_link", {"held_until": AT}),
    ("holder_id_has_its_length", "personal_link", {"holder_id": "a"}),
    ("id_has_its_length", "member", {"id": "a" * 25}),
    ("slack_user_is_an_id", "member", {"slack_user": "U"}),
    ("licence_is_known", "member", {"licence": "gold"}),
    ("id_has_its_length", "change_log", {"id": "a"}),
    ("action_is_a_code", "change_log", {"action": "no"}),
    ("key_is_a_hash", "seen_request", {"key": "f" * 63}),
    ("kind_is_a_code", "outbox", {"kind": "no"}),
    ("generation_counts_up", "outbox", {"generation": 0}),
    ("rest_ms_is_a_time", "outbox", {"rest_ms": -1}),
    ("tries_is_a_count", "outbox", {"tries": -1}),
    ("topic_has_a_length", "room", {"topic": ""}),
    ("topic_has_a_length", "room", {"topic": "x" * 201}),
    *(
        ("passcode_is_sealed", "room", {"passcode": passcode})
        for passcode in ("", "004217", "aB3@-_*x9K", "V1.x", "v1")
    ),
    *(("waiting_room_is_known", "room", {"waiting_room": who}) for who in ("", "Nobody", "some")),
    *(
        ("is_not_open", "room", {"passcode": None, "waiting_room": waiting_room, "members_only": members_only})
        for waiting_room in (None, "nobody")
        for members_only in (None, False)
    ),
    ("version_counts_up", "room", {"version": 0}),
    ("slack_user_is_an_id", "alternative_host", {"slack_user": "U"}),
    ("place_is_a_place", "alternative_host", {"place": -1}),
    ("id_has_its_length", "meeting", {"id": "e" * 25, "number": None}),
    ("kind_is_known", "meeting", {"kind": "weekly"}),
    ("topic_has_a_length", "meeting", {"topic": ""}),
    ("topic_has_a_length", "meeting", {"topic": "x" * 201}),
    *(("passcode_is_sealed", "meeting", {"passcode": passcode}) for passcode in ("", "004217", "v1")),
    ("is_not_open", "meeting", {"passcode": None}),
    ("instant_has_a_number", "meeting", {"kind": "instant", "number": None}),
    ("id_has_its_length", "session", {"id": "a" * 25}),
    *(("handle_is_sealed", "session", {"handle": handle}) for handle in ("", "room-of-anna", "v1")),
    ("topic_has_a_length", "session", {"topic": ""}),
    ("topic_has_a_length", "session", {"topic": "x" * 201}),
    ("takes_place_somewhere", "session", {"meeting_id": None, "in_room": False}),
    ("key_is_a_hash", "attempt", {"key": "0" * 63}),
    *(("times_are_numbers", "attempt", {"times": times}) for times in (" ", "1;2", "192.0.2.1")),
    ("key_hash_is_a_hash", "invitation", {"key_hash": "0" * 63}),
    *(("secret_is_sealed", "invitation", {"secret": secret}) for secret in ("", "abcdefghijklmnopqrstuvwx", "v1")),
    ("id_has_its_length", "posting", {"id": "a" * 25}),
    ("key_is_a_hash", "posting", {"key": "0" * 63}),
    ("kind_is_a_code", "posting", {"kind": "no"}),
    ("goes_somewhere", "posting", {"channel": None, "slack_user": None}),
    ("lane_is_where_it_goes", "posting", {"lane": "C2"}),
    ("lane_is_where_it_goes", "posting", {"slack_user": "U1", "lane": "U1"}),
    ("lane_is_where_it_goes", "posting", {"channel": None, "slack_user": "U1"}),
    ("response_url_is_sealed", "posting", {"response_url": "https://hooks.slack.com/commands/T1/2/3"}),
    ("shows_what_was_wanted", "posting", {"shown": -1}),
    ("shows_what_was_wanted", "posting", {"wanted": 1, "shown": 2}),
    ("doubts_is_a_count", "posting", {"doubts": -1}),
    ("generation_counts_up", "posting", {"generation": 0}),
    ("rest_ms_is_a_time", "posting", {"rest_ms": -1}),
    ("tries_is_a_count", "posting", {"tries": -1}),
    ("lane_is_an_id", "posting_lane", {"lane": "C"}),
    ("generation_counts_up", "posting_lane", {"generation": 0}),
    ("rest_ms_is_a_time", "posting_lane", {"rest_ms": -1}),
    ("zone_has_a_name", "schedule", {"zone": ""}),
    *(("starts_local_is_a_time", "schedule", {"starts_local": text}) for text in ("", "2026-01-02", "04:04")),
    *(
        ("minutes_are_possible", table, {"minutes": count})
        for table in ("schedule", "occurrence")
        for count in (4, 1441)
    ),
    *(("repeats_is_known", "schedule", {"repeats": text}) for text in ("", "Daily", "yearly")),
    *(("ends_count_is_bounded", "schedule", {"ends_count": count}) for count in (0, 501)),
    *(("ends_on_is_a_day", "schedule", {"ends_on": text}) for text in ("", "2026-1-2", "2026-01-02T04:04")),
    ("has_one_end", "schedule", {"ends_count": 2, "ends_on": "2026-12-31"}),
    ("only_a_series_has_an_end", "schedule", {"repeats": "none", "ends_count": 2}),
    ("only_a_series_has_an_end", "schedule", {"repeats": "none", "ends_on": "2026-12-31"}),
    *(("remind_minutes_are_a_week", "schedule", {"remind_minutes": count}) for count in (-1, 10_081)),
    ("sequence_counts_up", "schedule", {"sequence": -1, "timed": -1}),
    *(("timed_is_a_sequence", "schedule", {"timed": count}) for count in (-1, 1)),
    *(("ends_after_it_begins", "schedule", {"last_until": AT - timedelta(days=days)}) for days in (0, 1)),
    ("key_is_a_time", "occurrence", {"key": "2026-01-09"}),
    *(("topic_has_a_length", "occurrence", {"topic": topic}) for topic in ("", "x" * 201)),
    ("revision_is_a_sequence", "occurrence", {"revision": 0}),
    ("differs", "occurrence", {"cancelled": False}),
    ("slack_user_is_an_id", "invitee", {"slack_user": "U"}),
    *(("answer_is_known", "invitee", {"answer": text, "answered_at": AT}) for text in ("", "Yes", "later")),
    ("an_answer_has_a_time", "invitee", {"answer": "yes"}),
    ("an_answer_has_a_time", "invitee", {"answered_at": AT}),
    ("has_to_do_with_it", "invitee", {"invited": False}),
    ("place_is_a_place", "invitee", {"place": -1}),
    ("id_is_a_hash", "guest", {"id": "0" * 63}),
    ("source_is_a_hash", "guest", {"source": ""}),
    ("is_at_a_place", "guest", {"place_id": BEN}),
    ("is_at_a_place", "guest", {"in_room": False}),
    ("name_is_sealed", "guest", {"name": "Zoe"}),
    ("state_is_known", "guest", {"state": "asleep", "decided_at": AT}),
    ("a_decision_has_a_time", "guest", {"state": "denied"}),
    ("a_decision_has_a_time", "guest", {"decided_at": AT}),
    ("is_admitted_to_a_session", "guest", {"state": "admitted", "decided_at": AT}),
    ("who_signed_in_is_somebody", "guest", {"signed_in": True}),
    ("hash_is_a_hash", "oauth_state", {"hash": "f" * 63}),
    *(("purpose_is_known", "oauth_state", {"purpose": purpose}) for purpose in ("", "Install", "join")),
    *(("payload_is_sealed", "oauth_state", {"payload": payload}) for payload in ("", "{}", "V1.x")),
    ("key_is_its_place", "installation", {"key": "T1"}),
    ("workspace_is_the_wider", "installation", {"workspace": "T2"}),
    ("workspace_is_the_wider", "installation", {"key": "E1/T1", "enterprise": "E1"}),
    ("place_is_a_team_or_an_organisation", "installation", {"of_organisation": True}),
    ("place_is_a_team_or_an_organisation", "installation", {"key": "/", "workspace": "", "team": ""}),
    (
        "place_is_a_team_or_an_organisation",
        "installation",
        {"key": "E1/T1", "workspace": "E1", "enterprise": "E1", "of_organisation": True},
    ),
    ("app_id_is_an_id", "installation", {"app_id": "A"}),
    ("bot_user_is_an_id", "installation", {"bot_user": ""}),
    ("installer_is_an_id", "installation", {"installer": ""}),
    ("bot_token_is_sealed", "installation", {"bot_token": "xoxb-1"}),
    ("refresh_token_is_sealed", "installation", {"refresh_token": "xoxe-1", "expires_at": AT}),
    ("what_is_revoked_has_no_token", "installation", {"revoked_at": AT}),
    ("what_is_revoked_has_no_token", "installation", {"bot_token": None}),
    (
        "nothing_refreshes_no_token",
        "installation",
        {"bot_token": None, "revoked_at": AT, "refresh_token": SEALED, "expires_at": AT},
    ),
    ("what_expires_is_refreshed", "installation", {"expires_at": AT}),
    ("what_expires_is_refreshed", "installation", {"refresh_token": SEALED}),
    ("generation_counts_up", "installation", {"generation": 0}),
]

# What a member's row refers to, a notice's, a room's, an alternative host's, a meeting's, a schedule's and what belongs
# to it.
FURNITURE: list[tuple[str, Row]] = [
    ("workspace", {"key": "T1"}),
    ("meeting_number", {"digits": "5829047316"}),
    ("meeting_number", {"digits": "61755501423", "holder_id": BEN}),
    ("personal_link", {"key": "blue.harbour", "spelling": "Blue.Harbour"}),
    ("seen_request", {"key": TOLD}),
    *(
        row
        for digits, user, id_ in (("2222333445", "U8", HOLDER), ("9988776655", "U9", HOST))
        for row in (
            ("meeting_number", {"digits": digits, "holder_id": id_}),
            ("member", {"id": id_, "slack_user": user, "pmi": digits, "link_key": None}),
        )
    ),
    ("room", {"member_id": HOST}),
    ("meeting_number", {"digits": "3344556677", "holder_id": MEETING}),
    ("meeting", {}),
    ("meeting", {"id": PLANNED, "number": None, "passcode": None}),
    ("schedule", {"meeting_id": PLANNED}),
]


class TakenBack(Exception):  # noqa: N818 - it is none
    """Raised to leave the database as it was."""


@pytest.fixture
async def insert(shared_database_url: str) -> AsyncIterator[Insert]:
    """Inserts a row beside what other rows refer to, lets the database judge, and takes all back."""
    store = await open_store(shared_database_url)

    async def judge(table: str, changes: Row) -> None:
        def work(tx: Transaction) -> None:
            for name, row in (*FURNITURE, (table, changes)):
                tx.execute(sa.insert(Table.metadata.tables[name]).values(**{**GOOD[name], **row}))
            raise TakenBack

        with contextlib.suppress(TakenBack):
            await store.write(work)

    yield judge
    await store.close()


@pytest.mark.parametrize(("table", "changes"), ACCEPTED)
async def test_a_good_row_is_kept(insert: Insert, table: str, changes: Row) -> None:
    await insert(table, changes)


@pytest.mark.parametrize(("check", "table", "changes"), REFUSED)
async def test_a_bad_row_is_refused(insert: Insert, check: str, table: str, changes: Row) -> None:
    with pytest.raises(DBAPIError) as caught:
        await insert(table, changes)

    # Where a row breaks several, PostgreSQL names the first in the alphabet; a text too long for its column it
    # refuses before any of them.
    breaks = {f"ck_{table}_{name}" for name, of, row in REFUSED if (of, row) == (table, changes)} | {
        f"ck_{table}_{check}"
    }
    assert any(name in str(caught.value) for name in (*breaks, "value too long"))


def test_every_check_has_a_row_that_it_refuses() -> None:
    declared = {
        str(constraint.name)
        for table in Table.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }

    assert declared == {f"ck_{table}_{check}" for check, table, _ in REFUSED}


@pytest.mark.row("R44")
@pytest.mark.parametrize("waiting_room", [None, "nobody"])
@pytest.mark.parametrize("members_only", [None, False])
async def test_no_statement_leaves_a_room_open(
    shared_database_url: str, waiting_room: str | None, *, members_only: bool | None
) -> None:
    """By SQL, past every rule: inserted, or what guards it taken away.

    Seen red: without coalesce() in the CHECK, rooms whose waiting room was not chosen could be left open.
    """
    store = await open_store(shared_database_url)
    table = Table.metadata.tables["room"]
    open_ = {"passcode": None, "waiting_room": waiting_room, "members_only": members_only}

    def furnish(tx: Transaction) -> None:
        for name, changes in FURNITURE:
            tx.execute(sa.insert(Table.metadata.tables[name]).values({**GOOD[name], **changes}))

    def inserted(tx: Transaction) -> None:
        furnish(tx)
        tx.execute(sa.insert(table).values({**GOOD["room"], **open_}))

    def changed(tx: Transaction) -> None:
        furnish(tx)
        tx.execute(sa.update(table).where(table.c.member_id == HOST).values(open_))

    try:
        for work in (inserted, changed):
            with pytest.raises(DBAPIError, match="is_not_open"):
                await store.write(work)
    finally:
        await store.close()


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("meeting_number", {"digits": "3141592653\0"}),
        ("meeting_number", {"digits": "31415\x0092653"}),
        ("personal_link", {"key": "green\0field", "spelling": "green\0field"}),
        ("personal_link", {"spelling": "Green.Field\0"}),
    ],
)
async def test_a_nul_is_refused_wherever_it_stands(insert: Insert, table: str, changes: Row) -> None:
    with pytest.raises(DBAPIError):
        await insert(table, changes)


STOLEN: Row = {"id": BEN, "slack_user": "U2", "pmi": "61755501423", "link_key": None}


@pytest.mark.parametrize("changes", [{"pmi": "5829047316"}, {"pmi": "2035134243"}, {"link_key": "blue.harbour"}])
async def test_a_members_number_and_link_are_their_own(insert: Insert, changes: Row) -> None:
    await insert("member", STOLEN)

    with pytest.raises(Busy):
        await insert("member", {**STOLEN, **changes})
