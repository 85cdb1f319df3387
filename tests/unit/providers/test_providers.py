"""What a provider must be, shown by the smallest one."""

from dataclasses import FrozenInstanceError

import pytest

from bot.providers import Doors, MeetingProvider, ProviderUnavailable, SessionWish

WISH = SessionWish(topic="Standup", host_video=True, participant_video=False, mute_on_entry=True)


class OneSession:
    """Carries one session, then is full."""

    def __init__(self) -> None:
        self._open = False

    @property
    def name(self) -> str:
        return "one session"

    async def open_session(self, wish: SessionWish) -> Doors:
        if self._open:
            raise ProviderUnavailable
        self._open = True
        return Doors(f"https://meet.example/host/{wish.topic}", f"https://meet.example/{wish.topic}")

    async def problem(self) -> str | None:
        return "it is full" if self._open else None


async def test_a_provider_gives_doors_or_says_that_it_cannot() -> None:
    provider: MeetingProvider = OneSession()

    before = await provider.problem()
    doors = await provider.open_session(WISH)

    assert before is None
    assert "https://meet.example/Standup" == doors.guest_url
    assert "it is full" == await provider.problem()
    with pytest.raises(ProviderUnavailable):
        await provider.open_session(WISH)


def test_what_goes_in_and_comes_out_cannot_be_altered() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(WISH, "topic", "Another")  # noqa: B010  as code that is not type-checked would
