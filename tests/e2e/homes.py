"""Home as tests of it look at it."""

from bot.playground import OpenView, Person
from bot.playground.state import Json
from tests.e2e.stage import Stage


def published(stage: Stage) -> int:
    """How often the application has published a Home."""
    return len(stage.slack.calls.of("views.publish"))


async def shows(stage: Stage, person: Person, words: str) -> str:
    """What is on somebody's Home, once these words are."""
    await stage.slack.until(lambda: person.home is not None and words in person.home.shown)
    return home(person).shown


def home(person: Person) -> OpenView:
    """The Home of this person."""
    assert person.home is not None
    return person.home


async def opened(stage: Stage, *people: Person) -> None:
    """Have people open their Homes, and wait until these are there."""
    for person in people:
        assert 200 == (await person.opens_home()).status
        await shows(stage, person, "Your room")


async def all_done(stage: Stage) -> None:
    """Wait until nothing is left to do, as a process does that ends; then there is another one."""
    await stage.restart()


def opening(person: Person) -> Json:
    """That somebody opened their Home, as an event."""
    return {"type": "app_home_opened", "user": person.member.id, "channel": "D0ANNA", "tab": "home"}
