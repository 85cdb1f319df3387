"""What room settings are refused for, each under its field; and where a passcode never is."""

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.playground import Fault, Person
from storage.engine import sqlite_path
from storage.tables import Table
from storage.transactions import Transaction
from tests.corpus import Line, lines
from tests.e2e.kept_rooms import passcode, there
from tests.e2e.reading import asks, dialog
from tests.e2e.room_dialog import CHOSEN, opens
from tests.e2e.stage import Stage

OPEN = "Nothing would guard your room. Give it a passcode, or let people wait."
WEAK = "It is one of the first that anybody would try"
FORM = "A passcode has 6 to 10 characters"


async def refused(person: Person) -> dict[str, str]:
    """What stands under the fields after Save; nothing where it was saved."""
    await person.submits()
    return dict(dialog(person).errors)


async def judged(person: Person, field: str, text: str) -> dict[str, str]:
    """What stands under the fields when this alone was typed and saved; tried again where there was a lot to do."""
    if person.view is None:
        await opens(person)
    await person.fills(field, text)
    found = await refused(person)
    if any("Try again in a moment." in words for words in found.values()):
        found = await refused(person)
    return found


def never_comes(line: Line) -> bool:
    """Whether no dialog brings this: Slack takes 3,000 characters, the door no NUL and no half of a surrogate pair."""
    return len(line.value) > 3000 or bool({"\0", "\ud800"} & set(line.value))


async def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(stage: Stage) -> None:
    await opens(stage.anna)
    before = await there(stage, stage.anna)
    await stage.anna.fills("topic", "x\n" * 150)
    await stage.anna.fills("passcode", "p\u00e4ss")
    await stage.anna.chooses("hosts", users=[stage.anna.member, stage.ben.member])
    await stage.anna.ticks("options", "host_video")

    found = await refused(stage.anna)

    assert {"topic", "passcode", "hosts"} == found.keys()
    assert found["topic"].startswith("A topic has 200 characters at most.")
    assert found["topic"].endswith("A topic is one line, without control characters. Type it again.")
    assert FORM in found["passcode"]
    assert "You are the host already. Take yourself out." == found["hosts"]
    assert "p\u00e4ss" == dialog(stage.anna).value("passcode")
    assert before == await there(stage, stage.anna)
    assert ["pmi.assigned", "passcode.assigned"] == await stage.actions(stage.anna)
    await stage.anna.fills("topic", "Weekly")
    await stage.anna.fills("passcode", CHOSEN)
    await stage.anna.chooses("hosts", users=[stage.ben.member])
    assert {} == await refused(stage.anna)
    assert "*Saved." in dialog(stage.anna).shown


@pytest.mark.row("R44")
async def test_no_form_leaves_a_room_open(stage: Stage) -> None:
    """Seen red: without the floor in the service, the CHECK refused it, and people read that something went wrong."""
    await opens(stage.anna)
    drawn = dialog(stage.anna).value("passcode")
    await stage.anna.fills("passcode", "")

    assert {"passcode": OPEN} == await refused(stage.anna)

    assert drawn == await passcode(stage, stage.anna)
    await stage.anna.chooses("waiting_room", "everybody")
    assert {} == await refused(stage.anna)
    assert "*Passcode:* None\n*Waiting room:* Everybody waits until you let them in" in dialog(stage.anna).shown
    assert await passcode(stage, stage.anna) is None
    await stage.anna.closes()
    await opens(stage.anna)
    await stage.anna.chooses("waiting_room", "nobody")
    assert {"passcode": OPEN} == await refused(stage.anna)
    assert "everybody" == (await there(stage, stage.anna)).waiting_room
    assert "No passcode · Everybody waits" in await asks(stage.anna, "/room")


@pytest.mark.row("R44")
async def test_two_windows_together_leave_no_room_open(stage: Stage) -> None:
    """Each alone would be fine.

    Seen red: where the floor was held against what was shown, only the CHECK refused: something went wrong, it said.
    """
    other = stage.slack.person(stage.anna.member, stage.general)
    await opens(stage.anna)
    await stage.anna.chooses("waiting_room", "everybody")
    await stage.anna.submits()
    await stage.anna.closes()
    await opens(stage.anna)
    await stage.anna.chooses("waiting_room", "nobody")
    stale = await stage.unsent(stage.anna.submits)
    await stage.anna.closes()
    await opens(other)
    await other.fills("passcode", "")
    await other.submits()

    answer = await stage.slack.resend(stale)

    assert {"passcode": OPEN} == answer.json["errors"]
    row = await there(stage, stage.anna)
    assert (None, "everybody") == (row.passcode, row.waiting_room)


@pytest.mark.row("R44")
async def test_a_box_that_is_locked_guards_nothing_whatever_a_dialog_says(stage: Stage) -> None:
    """Signing in is not set up. Seen red: where a locked option could be chosen, it was kept as chosen."""
    await opens(stage.anna)
    option = {"text": {"type": "plain_text", "text": "Workspace members only", "emoji": False}, "value": "members_only"}
    field = next(block for block in dialog(stage.anna).blocks if block["block_id"] == "options")
    field["element"]["options"].insert(0, option)
    await stage.anna.ticks("options", "members_only")
    await stage.anna.fills("passcode", "")

    assert {"passcode": OPEN} == await refused(stage.anna)
    await stage.anna.fills("passcode", CHOSEN)
    assert {} == await refused(stage.anna)
    assert (await there(stage, stage.anna)).members_only is None


async def test_the_passcodes_of_the_corpus_are_saved_as_typed_or_refused(stage: Stage) -> None:
    await asks(stage.anna, "/pmi set 582 904 7316")

    def told(line: Line) -> str:
        return WEAK if "room.weak_passcode" in line.refuse else FORM

    for line in lines("passcode", category=17):
        if not line.value or never_comes(line):
            continue  # an empty field asks for no passcode: that is the floor's matter
        found = await judged(stage.anna, "passcode", line.value)
        if line.accept is None:
            assert told(line) in found["passcode"], line
        else:
            assert {} == found, line
            assert line.accept == await passcode(stage, stage.anna)
            await stage.anna.closes()


async def test_the_topics_of_the_corpus_are_saved_as_typed_or_refused(stage: Stage) -> None:
    for line in lines("topic"):
        if never_comes(line):
            continue
        found = await judged(stage.anna, "topic", line.value)
        if line.accept is None:
            assert "A topic" in found["topic"], line
        else:
            assert {} == found, line
            assert (line.accept or None) == (await there(stage, stage.anna)).topic
            await stage.anna.closes()


async def test_a_passcode_is_not_the_pmi(stage: Stage) -> None:
    await asks(stage.anna, "/pmi set 582 904 7316")
    await opens(stage.anna)
    await stage.anna.fills("passcode", "5829047316")

    assert WEAK in (await refused(stage.anna))["passcode"]


async def test_a_pmi_is_not_the_passcode(stage: Stage) -> None:
    await opens(stage.anna)
    await stage.anna.fills("passcode", "5829047316")
    assert {} == await refused(stage.anna)
    pmi = await stage.pmi(stage.anna)

    said = await asks(stage.anna, "/pmi set 582 904 7316")

    assert "It is the passcode of your room. Choose another number, or another passcode first." in said
    assert pmi == await stage.pmi(stage.anna)
    assert "now 582 904 7317" in await asks(stage.anna, "/pmi set 582 904 7317")
    assert "now 582 904 7316" in await asks(stage.ben, "/pmi set 582 904 7316")


async def test_alternative_hosts_are_active_people_of_the_workspace(stage: Stage) -> None:
    strangers = [
        stage.add("U0ROBOT", "Robot", is_bot=True),
        stage.add("U0GONE", "Zoë Gone", deleted=True),
        stage.add("U0OUT", "Otto <Outside>", outside=True),
    ]
    await opens(stage.anna)
    await stage.anna.chooses("hosts", users=[stage.ben.member, *(each.member for each in strangers)])

    found = await refused(stage.anna)

    assert {"hosts"} == found.keys()
    for name in ("Robot", "Zoë Gone", "Otto <Outside>"):
        assert f"\u2068{name}\u2069 cannot be an alternative host" in found["hosts"]
    assert "Ben" not in found["hosts"]
    assert () == (await there(stage, stage.anna)).hosts


async def test_alternative_hosts_are_ten_at_most(stage: Stage) -> None:
    many = [stage.add(f"U0MANY{place}", f"Many {place}") for place in range(11)]
    await opens(stage.anna)
    field = next(block for block in dialog(stage.anna).blocks if block["block_id"] == "hosts")
    assert 10 == field["element"].pop("max_selected_items")  # Slack itself holds that; the rule does so behind it
    await stage.anna.chooses("hosts", users=[each.member for each in many])
    asked = len(stage.slack.calls.of("users.info"))

    assert {"hosts": "A room has 10 alternative hosts at most. Take some out."} == await refused(stage.anna)
    assert asked == len(stage.slack.calls.of("users.info"))
    await stage.anna.chooses("hosts", users=[each.member for each in many[:10]])
    assert {} == await refused(stage.anna)


async def test_where_slack_does_not_say_who_a_host_is_nothing_is_saved(stage: Stage) -> None:
    await opens(stage.anna)
    await stage.anna.chooses("hosts", users=[stage.ben.member])
    await stage.anna.fills("topic", "Weekly")
    stage.slack.faults.set("users.info", Fault.SERVER_ERROR)

    assert "Slack did not say who \u2068U0BEN\u2069 is." in (await refused(stage.anna))["hosts"]

    assert (await there(stage, stage.anna)).topic is None
    assert {} == await refused(stage.anna)
    assert ("U0BEN",) == (await there(stage, stage.anna)).hosts


@pytest.mark.row("R43")
@pytest.mark.parametrize(("waiting_room", "warned"), [("nobody", True), ("everybody", False), ("outside", False)])
async def test_six_digits_are_warned_of_unless_people_wait(stage: Stage, waiting_room: str, *, warned: bool) -> None:
    """Seen red: without the look at the waiting room, who let everybody wait was warned as well."""
    await opens(stage.anna)
    await stage.anna.fills("passcode", "004217")
    await stage.anna.chooses("waiting_room", waiting_room)
    await stage.anna.submits()

    assert "`004217`" in dialog(stage.anna).shown
    assert warned is ("Patience can find a passcode of six digits." in dialog(stage.anna).shown)


async def test_without_the_database_nothing_is_saved_and_the_rules_still_speak(stage: Stage) -> None:
    await opens(stage.anna)
    before = await there(stage, stage.anna)
    await stage.anna.fills("topic", "Weekly")
    away = SecretStr("postgresql://nobody@127.0.0.1:1/none")
    await stage.stop()
    await stage.start(stage.settings.model_copy(update={"database_url": away}))

    found = await refused(stage.anna)

    assert {"topic": "Nothing was changed: the database cannot be used just now. Try again in a moment."} == found
    await stage.anna.fills("passcode", "short")
    found = await refused(stage.anna)
    assert FORM in found["passcode"]
    assert {"passcode"} == found.keys()
    await stage.anna.closes()
    await stage.anna.types("/room settings")
    assert "Nothing was changed" in stage.anna.private_messages[-1].shown
    assert before == await there(stage, stage.anna)


async def test_a_passcode_is_in_no_log_no_table_and_no_message(stage: Stage, database_url: str) -> None:
    await opens(stage.anna)
    drawn = dialog(stage.anna).value("passcode")
    await stage.anna.fills("passcode", "bad passcode!")
    await stage.anna.submits()
    await stage.anna.fills("passcode", CHOSEN)
    await stage.anna.submits()
    await stage.anna.closes()
    await opens(stage.anna)
    await stage.anna.presses("Reset to Default")
    await stage.until_dialog_says(stage.anna, "Saved.")
    new = await passcode(stage, stage.anna)
    await stage.anna.types("/room")
    await stage.ben.types("/pmi @anna")

    def tables(tx: Transaction) -> str:
        return str([tx.execute(sa.select(table)).all() for table in Table.metadata.sorted_tables])

    said = [*stage.anna.private_messages, *stage.ben.private_messages, *stage.anna.direct_messages]
    kept = (await stage.store.read(tables)).encode()
    await stage.stop()
    if database_url.startswith("sqlite"):
        path = sqlite_path(database_url)
        kept += b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    everything = kept.decode(errors="replace") + stage.heard.getvalue() + "".join(message.shown for message in said)
    assert "passcode.changed" in everything
    for secret in (drawn, CHOSEN, new, "bad passcode!"):
        assert str(secret) not in everything
