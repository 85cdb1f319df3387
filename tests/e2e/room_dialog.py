"""The dialog "Room settings" as somebody opens and fills it."""

from bot.playground import Person
from tests.e2e.reading import dialog
from tests.e2e.stage import Stage

CHOSEN = "aB3@-_*x9K"
TOPIC = "פגישה Q&A <!here> \U0001f469\u200d\U0001f680"


async def opens(person: Person) -> None:
    await person.types("/room settings")
    assert "Room settings" == dialog(person).title
    assert "Save" in str(dialog(person).submit)


async def sets_everything(stage: Stage) -> None:
    anna = stage.anna
    await anna.fills("topic", TOPIC)
    await anna.fills("passcode", CHOSEN)
    await anna.chooses("waiting_room", "outside")
    for box in ("host_video", "mute_on_entry", "join_before_host"):
        await anna.ticks("options", box)
    await anna.chooses("hosts", users=[stage.carla.member, stage.ben.member])
    await anna.ticks("pmi_use", "pmi_for_scheduled")
