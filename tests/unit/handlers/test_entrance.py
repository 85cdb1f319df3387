"""Who comes in: a look at a first contact and where there is doubt, and none at all afterwards."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from bot.grammar import AskedForHelp, Bare
from bot.handlers import entrance
from bot.handlers.asks import Ask, Kind
from bot.handlers.authorisation import Authorisation
from bot.handlers.directory import Directory
from bot.handlers.entrance import Entrance
from bot.handlers.slack import SlackSilent
from bot.services.people import Actor, Person, Standing
from bot.services.refusals import Declined
from bot.services.rooms import Rooms
from storage.errors import Unavailable


@dataclass
class House:
    """Rooms that know some, and a directory in which everybody stands alike; both note whom they were asked about."""

    standing: Standing = Standing.MEMBER
    known: frozenset[str] = frozenset()
    away: bool = False
    looked: list[str] = field(default_factory=list)
    sought: list[str] = field(default_factory=list)

    async def knows(self, actor: Actor) -> bool:
        self.sought.append(actor.user)
        if self.away:
            raise Unavailable
        return actor.user in self.known

    async def return_to(self, actor: Actor) -> None:
        """Nobody here has left."""

    async def person(self, workspace: str, user: str) -> Person:
        assert "T1" == workspace
        self.looked.append(user)
        return Person(user, "", self.standing)

    def entrance(self) -> Entrance:
        return Entrance(cast("Rooms", self), cast("Directory", self), Authorisation("xoxb-x", lambda: 0.0))


def ask(user: str = "U1", *, foreign: bool = False, helped: bool = False) -> Ask:
    typed = AskedForHelp() if helped else Bare()
    return Ask(Kind.COMMAND, "/pmi", Actor("T1", user), "", "", "", foreign=foreign, typed=typed)


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing.OUTSIDE, "person.elsewhere"),
        (Standing.BOT, "person.bot"),
        (Standing.DEACTIVATED, "person.deactivated"),
    ],
)
async def test_slacks_word_against_somebody_keeps_them_out_each_time(standing: Standing, code: str) -> None:
    house = House(standing)
    door = house.entrance()

    for _ in range(2):
        with pytest.raises(Declined) as declined:
            await door.admit(ask())
        assert code == declined.value.code
    assert ["U1", "U1"] == house.looked


@pytest.mark.parametrize("standing", [Standing.MEMBER, Standing.UNKNOWN, Standing.NOT_FOUND])
async def test_whoever_signed_comes_in_where_slack_says_nothing_against_them(standing: Standing) -> None:
    house = House(standing)
    door = house.entrance()
    for _ in range(3):
        await door.admit(ask())

    assert (["U1"], ["U1"]) == (house.sought, house.looked)


@pytest.mark.parametrize("house", [House(Standing.BOT, known=frozenset({"U1"})), House(Standing.BOT, away=True)])
async def test_slack_is_not_asked_about_those_who_are_known_or_while_the_database_is_away(house: House) -> None:
    await house.entrance().admit(ask())

    assert (["U1"], []) == (house.sought, house.looked)


async def test_help_is_given_to_anybody_of_this_organisation_unseen() -> None:
    house = House(Standing.BOT)
    await house.entrance().admit(ask(helped=True))

    assert ([], []) == (house.sought, house.looked)


@pytest.mark.parametrize("helped", [False, True])
async def test_where_there_is_doubt_only_members_come_in_and_are_looked_at_each_time(*, helped: bool) -> None:
    house = House()
    door = house.entrance()
    for _ in range(2):
        await door.admit(ask(foreign=True, helped=helped))

    assert ([], ["U1", "U1"]) == (house.sought, house.looked)


@pytest.mark.parametrize("standing", [Standing.OUTSIDE, Standing.BOT, Standing.DEACTIVATED, Standing.NOT_FOUND])
async def test_where_there_is_doubt_nobody_else_does(standing: Standing) -> None:
    with pytest.raises(Declined) as declined:
        await House(standing).entrance().admit(ask(foreign=True))
    assert "person.elsewhere" == declined.value.code


async def test_where_there_is_doubt_and_slack_is_silent_nobody_comes_in() -> None:
    with pytest.raises(SlackSilent):
        await House(Standing.UNKNOWN).entrance().admit(ask(foreign=True))


async def test_of_whom_nothing_was_signed_only_members_are_met_and_each_once() -> None:
    house = House()
    door = house.entrance()
    for _ in range(2):
        await door.meet(Actor("T1", "U1"))
    await door.admit(ask())

    assert (["U1"], ["U1"]) == (house.sought, house.looked)


@pytest.mark.parametrize("standing", [Standing.OUTSIDE, Standing.BOT, Standing.DEACTIVATED, Standing.NOT_FOUND])
async def test_of_whom_nothing_was_signed_nobody_else_is_met(standing: Standing) -> None:
    door = House(standing).entrance()
    for _ in range(2):
        with pytest.raises(Declined) as declined:
            await door.meet(Actor("T1", "U1"))
        assert f"person.{standing}" == declined.value.code


async def test_of_whom_nothing_was_signed_nobody_is_met_while_nobody_says_who_they_are() -> None:
    with pytest.raises(SlackSilent):
        await House(Standing.UNKNOWN).entrance().meet(Actor("T1", "U1"))
    with pytest.raises(Unavailable):
        await House(away=True).entrance().meet(Actor("T1", "U1"))


async def test_whoever_was_met_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "MOST_MET", 2)
    house = House()
    door = house.entrance()
    for user in ("U1", "U2", "U2", "U3", "U2", "U3", "U1"):
        await door.admit(ask(user))

    assert ["U1", "U2", "U3", "U1"] == house.looked
