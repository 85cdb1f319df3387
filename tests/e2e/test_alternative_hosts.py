"""Alternative hosts of scheduled meetings: they have a way to start what they are invited to, as long as they host."""

import aiohttp

from bot.playground import Person
from tests.e2e.homes import home, opened
from tests.e2e.meetings import labels_on, link_on, running
from tests.e2e.reading import asks
from tests.e2e.room_dialog import opens
from tests.e2e.stage import BASE, Stage
from tests.e2e.test_scheduling import schedules, told


async def names(stage: Stage, *hosts: Person) -> None:
    """Anna names alternative hosts, or nobody."""
    await opens(stage.anna)
    await stage.anna.chooses("hosts", users=[one.member for one in hosts])
    await stage.anna.submits()
    await stage.anna.closes()


async def status(stage: Stage, url: str) -> int:
    """What a browser gets at one of our addresses, wherever it would lead."""
    here = stage.slack._delivery.url.removesuffix("/slack/events")
    async with (
        aiohttp.ClientSession() as session,
        session.get(here + url.removeprefix(BASE), allow_redirects=False) as response,
    ):
        return response.status


async def test_they_start_a_scheduled_meeting_on_a_number_of_its_own(stage: Stage) -> None:
    """Seen red: with start links for holders alone, there was nothing but Join."""
    await stage.are_known(stage.anna, stage.ben, stage.carla)
    await names(stage, stage.ben)
    await schedules(stage, stage.anna, users=[stage.ben, stage.carla], where="A number for this meeting alone")
    await stage.anna.closes()
    await told(stage, stage.ben, "Review")
    await asks(stage.carla, "/room meetings")
    await asks(stage.ben, "/room meetings")
    start = link_on(stage.ben.private_messages[-1], "Start")

    assert ["Join"] == labels_on(stage.carla.private_messages[-1])
    assert ["Start", "Join"] == labels_on(stage.ben.private_messages[-1])
    assert 303 == await status(stage, start)
    (session,) = await running(stage, stage.anna)
    assert ("U0BEN", False) == (session.started_by, session.in_room)
    await stage.anna.types("/room")
    await stage.anna.presses("End", on=stage.anna.private_messages[-1])
    await stage.slack.until(lambda: "is over" in stage.anna.private_messages[-1].shown)
    await names(stage)
    await asks(stage.ben, "/room meetings")
    assert ["Join"] == labels_on(stage.ben.private_messages[-1])
    assert 410 == await status(stage, start)


async def test_the_homes_of_those_who_are_named_and_of_those_who_are_no_more_follow(stage: Stage) -> None:
    """Seen red: where the holder's Home alone followed, theirs stayed as they were."""
    await stage.are_known(stage.anna, stage.ben, stage.carla)
    await schedules(stage, stage.anna, users=[stage.ben, stage.carla])
    await stage.anna.closes()
    await told(stage, stage.carla, "Review")
    await opened(stage, stage.ben, stage.carla)
    mine = labels_on(home(stage.ben))
    await names(stage, stage.ben)
    await stage.slack.until(lambda: labels_on(home(stage.ben)).count("Start") == mine.count("Start") + 1)
    await names(stage, stage.carla)
    await stage.slack.until(lambda: labels_on(home(stage.carla)).count("Start") == mine.count("Start") + 1)
    await stage.slack.until(lambda: labels_on(home(stage.ben)) == mine)
