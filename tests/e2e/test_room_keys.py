"""Passcodes of rooms under keys: replaced, lost, or moved to where they do not open."""

import sqlalchemy as sa
from pydantic import SecretStr

from bot.services.keys import Keys
from storage.tables import rooms
from storage.transactions import open_store
from tests.e2e.kept_rooms import passcode, there
from tests.e2e.reading import dialog
from tests.e2e.room_dialog import opens, sets_everything
from tests.e2e.stage import SECRET_KEY, Stage, make_stage
from tests.sealing import LOST, NEW, OLD, id_of, ring


async def test_passcodes_come_under_the_new_key_and_open(database_url: str) -> None:
    async with make_stage(database_url, SECRET_KEY=OLD) as stage:
        await stage.start()
        await opens(stage.anna)
        before = dialog(stage.anna).value("passcode")
        store = await open_store(database_url)

        done = await Keys(store, ring(NEW, OLD)).rotate()

        await store.close()
        assert not done.unopened
        assert before == await passcode(stage, stage.anna, ring(NEW))


async def test_a_room_whose_key_is_lost_and_forgotten_is_as_a_new_one(database_url: str) -> None:
    async with make_stage(database_url, SECRET_KEY=LOST) as stage:
        await stage.start()
        await opens(stage.anna)
        await sets_everything(stage)
        await stage.anna.submits()
        await stage.anna.closes()
        store = await open_store(database_url)
        gone = await Keys(store, ring(NEW)).forget(id_of(LOST))
        await store.close()
        await stage.stop()
        await stage.start(stage.settings.model_copy(update={"secret_key": (SecretStr(NEW),)}))

        await opens(stage.anna)

        assert 1 == gone["room"]
        assert (None, "nobody", []) == (
            dialog(stage.anna).value("topic"),
            dialog(stage.anna).value("waiting_room")["value"],
            dialog(stage.anna).value("hosts"),
        )
        assert dialog(stage.anna).value("passcode") == await passcode(stage, stage.anna, ring(NEW))


async def test_a_passcode_that_was_moved_to_another_room_opens_there_for_nobody(stage: Stage) -> None:
    for person in (stage.anna, stage.ben):
        await opens(person)
        await person.closes()
    bens = (await there(stage, stage.ben)).passcode
    anna = (await there(stage, stage.anna)).member_id
    moved = sa.update(rooms).where(rooms.c.member_id == anna).values(passcode=bens)
    await stage.store.write(lambda tx: tx.execute(moved))

    await stage.anna.types("/room settings")

    assert stage.anna.view is None
    assert "Something went wrong here" in stage.anna.private_messages[-1].shown
    assert SECRET_KEY not in stage.heard.getvalue()
