"""Who goes in at once, who waits, and who must show first that they belong here: every combination there is."""

from itertools import product

import pytest

from bot.rules import WaitingRoom
from bot.rules.entry import AtTheDoor, Entry, Standing, entry_of

UNKNOWN, INVITED, MEMBER, STRANGER = Standing
NOBODY, EVERYBODY, OUTSIDE = WaitingRoom
YES_OR_NO = (False, True)

# Who is at the door, in the order of `Standing`; what comes of each where they meet already, before that, and before
# that where guests may come before the host.
TABLE: dict[tuple[WaitingRoom, bool], tuple[str, str, str]] = {
    (NOBODY, False): (
        "go in   | go in  | go in | go in",
        "start   | start  | start | start",
        "begin | begin | begin | begin",
    ),
    (EVERYBODY, False): (
        "wait    | wait   | wait  | wait",
        "start   | start  | start | start",
        "start | start | start | start",
    ),
    (OUTSIDE, False): (
        "wait    | go in  | go in | wait",
        "start   | start  | start | start",
        "start | begin | begin | start",
    ),
    (NOBODY, True): (
        "sign in | sign in| go in | out",
        "sign in | sign in| start | out",
        "sign in | sign in | begin | out",
    ),
    (EVERYBODY, True): (
        "sign in | sign in| wait  | out",
        "sign in | sign in| start | out",
        "sign in | sign in | start | out",
    ),
    (OUTSIDE, True): (
        "sign in | sign in| go in | out",
        "sign in | sign in| start | out",
        "sign in | sign in | begin | out",
    ),
}
WORDS = {
    "go in": Entry.GOES_IN,
    "begin": Entry.BEGINS,
    "start": Entry.WAITS_FOR_START,
    "wait": Entry.WAITS_IN_ROOM,
    "sign in": Entry.SIGNS_IN,
    "out": Entry.STAYS_OUT,
}


def expected(guest: AtTheDoor) -> Entry:
    row = TABLE[guest.waiting_room, guest.members_only]
    cell = row[0 if guest.runs else 2 if guest.join_before_host else 1]
    return WORDS[cell.split("|")[tuple(Standing).index(guest.standing)].strip()]


EVERY = [
    AtTheDoor(standing, waiting_room, members_only, join_before_host, runs, admitted=False)
    for standing, waiting_room, members_only, join_before_host, runs in product(
        Standing, WaitingRoom, YES_OR_NO, YES_OR_NO, YES_OR_NO
    )
]


@pytest.mark.parametrize("guest", EVERY, ids=str)
def test_what_comes_of_somebody_at_the_door(guest: AtTheDoor) -> None:
    assert expected(guest) is entry_of(guest)


@pytest.mark.parametrize(
    ("standing", "waiting_room", "members_only"), list(product(Standing, WaitingRoom, YES_OR_NO)), ids=str
)
def test_whom_a_host_has_let_in_goes_in_to_what_runs(
    standing: Standing, waiting_room: WaitingRoom, *, members_only: bool
) -> None:
    guest = AtTheDoor(standing, waiting_room, members_only, join_before_host=False, runs=True, admitted=True)

    assert Entry.GOES_IN is entry_of(guest)


def test_nobody_who_must_be_let_in_is_the_first() -> None:
    begins = {(guest.standing, guest.waiting_room) for guest in EVERY if entry_of(guest) is Entry.BEGINS}

    assert {(INVITED, OUTSIDE), (MEMBER, OUTSIDE), *((standing, NOBODY) for standing in Standing)} == begins


def test_who_is_from_inside() -> None:
    assert {INVITED, MEMBER} == {standing for standing in Standing if standing.is_inside}
