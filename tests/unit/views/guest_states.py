"""What hosts see of guests, in every state."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice

from bot.services.guest_messages import MOST_NAMED, MOST_SHOWN, Door
from bot.services.guest_records import Guest, GuestState
from bot.services.places import Place
from bot.texts import Translator
from bot.views.guest_cards import guests_message, more_guests_message, older_guests_message, started_for_guests
from bot.views.message import Message

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PLACE = Place("T0ACME", "a" * 26, None, in_room=True, number="5829047316")
HOSTILE = (
    "<!channel>",
    "<https://evil.example|zoom.us>",
    "&" * 80,
    "`code` *bold* _x_",
    "\U0001f469\u200d\U0001f680" * 26,
    "\u05d6\u05d5\u05d0\u05d9",
    "Zoe",
)


def guest(nth: int, state: GuestState, name: str = "Zoe", user: str | None = None, *, signed_in: bool = False) -> Guest:
    """A guest."""
    decided = None if state is GuestState.WAITING else AT
    return Guest(f"{nth:064}", PLACE, name, user, signed_in, state, None, AT, AT, decided, None)


def crowd(state: GuestState, most: int) -> tuple[Guest, ...]:
    """So many guests with names that are no kind ones."""
    return tuple(guest(nth, state, name) for nth, name in enumerate(islice(cycle(HOSTILE), most)))


def doors() -> Iterator[tuple[str, Door]]:
    """What hosts may see."""
    waiting = GuestState.WAITING
    kinds = (
        guest(1, waiting),
        guest(2, waiting, "", "U0BEN"),
        guest(3, waiting, "Ben", "U0BEN", signed_in=True),
        guest(4, waiting, ""),
    )
    became = tuple(each for state in GuestState if state is not waiting for each in crowd(state, MOST_NAMED))
    for runs in (True, False):
        for topic in ("", "Q&A <!here> *bold*", "&" * 200):
            yield (
                f"{runs} {len(topic)} one",
                Door("T0ACME", "a" * 26, "U0ANNA", topic, "5829047316", runs, kinds[:1], 0, ()),
            )
        yield f"{runs} each kind", Door("T0ACME", "a" * 26, "U0ANNA", "", "61755501423", runs, kinds, 0, ())
        yield (
            f"{runs} crowd",
            Door(
                "T0ACME",
                "a" * 26,
                "U0ANNA",
                "&" * 200,
                "5829047316",
                runs,
                crowd(waiting, MOST_SHOWN),
                92,
                became,
            ),
        )


def guest_messages(t: Translator) -> dict[str, Message]:
    """Every message about guests, by name."""
    found = {
        "guests older": older_guests_message(t),
        "guests started": started_for_guests("https://room.example/s/k", t),
    }
    for name, door in doors():
        found[f"guests {name}"] = guests_message(door, t)
        found[f"more guests {name}"] = more_guests_message(door, t)
        found[f"guests {name} nobody"] = guests_message(replace(door, waiting=(), more=0), t)
    return found
