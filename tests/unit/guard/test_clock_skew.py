"""What signed requests tell of the clock: Slack's newest word counts, and an old request played again tells nothing."""

from dataclasses import dataclass, field

import pytest

from bot.clock_skew import ClockSkew

NOON = 1_700_000_000


@dataclass
class Times:
    ours: float = NOON
    ticking: float = 0.0
    skew: ClockSkew = field(init=False)

    def __post_init__(self) -> None:
        self.skew = ClockSkew(lambda: self.ours, lambda: self.ticking)

    def pass_by(self, seconds: float) -> None:
        self.ours += seconds
        self.ticking += seconds


async def test_nothing_is_wrong_before_anything_came() -> None:
    assert await Times().skew.problem() is None


@pytest.mark.row("R34")
@pytest.mark.parametrize(
    ("jump", "named"),
    [(-3600, "3600 s behind"), (-360, "360 s behind"), (360, "360 s ahead of"), (3600, "3600 s ahead")],
)
async def test_a_clock_that_jumps_is_named_and_heals(jump: int, named: str) -> None:
    """Seen red: with `stale` telling nothing there was no problem to name."""
    times = Times()
    times.skew.fresh(NOON)
    times.pass_by(10)
    times.ours += jump

    assert jump == times.skew.stale(NOON + 10)
    assert named in (await times.skew.problem() or "")

    times.ours -= jump
    times.skew.fresh(NOON + 10)
    assert await times.skew.problem() is None


@pytest.mark.row("R34")
@pytest.mark.parametrize("signed_at", [NOON - 86_400, NOON - 400, NOON, NOON + 5])
async def test_an_old_request_that_is_played_again_tells_nothing(signed_at: int) -> None:
    """Seen red: with every stale request counted, a process was unready as soon as one was played again."""
    times = Times()
    times.skew.fresh(NOON + 5)
    times.pass_by(400)

    times.skew.stale(signed_at)

    assert await times.skew.problem() is None


@pytest.mark.row("R34")
async def test_one_from_before_the_process_began_tells_nothing_either() -> None:
    """Seen red: with the newest request counted from nought, any old one made a fresh process unready."""
    times = Times()
    times.pass_by(400)

    times.skew.stale(NOON - 1)

    assert await times.skew.problem() is None


async def test_a_request_from_the_future_tells_of_the_clock_even_behind_a_newer_one() -> None:
    times = Times()
    times.skew.fresh(NOON + 5)
    times.ours -= 3600

    times.skew.stale(NOON + 4)

    assert "3604 s behind" in (await times.skew.problem() or "")


async def test_a_clock_that_was_ahead_at_the_beginning_is_named_once_it_has_run_for_as_long() -> None:
    times = Times()
    times.pass_by(200)
    times.skew.stale(NOON + 200 - 400)
    early = await times.skew.problem()
    times.pass_by(201)
    times.skew.stale(NOON + 401 - 400)

    assert early is None
    assert "400 s ahead of" in (await times.skew.problem() or "")


@pytest.mark.row("R34")
async def test_a_word_about_the_clock_is_forgotten_after_a_while_whatever_becomes_of_the_clock() -> None:
    """Seen red: with the age of a word taken from the wall clock, it stuck when that clock went back."""
    times = Times()
    times.skew.stale(NOON + 1000)
    assert "1000 s behind" in (await times.skew.problem() or "")

    times.ours -= 7200
    times.ticking += 300
    assert "1000 s behind" in (await times.skew.problem() or "")

    times.ticking += 1
    assert await times.skew.problem() is None
