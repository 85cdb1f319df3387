"""What a provider must be, shown by the smallest one."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from bot.providers import MeetingProvider, Participant, ProviderUnavailable, SessionWish

WISH = SessionWish(
    topic="Standup",
    host_video=True,
    participant_video=False,
    mute_on_entry=True,
    ends_at=datetime(2026, 11, 24, 18, tzinfo=UTC),
)


class OneSession:
    """Carries one session, then is full."""

    def __init__(self) -> None:
        self._open = False

    @property
    def name(self) -> str:
        return "one session"

    async def open_session(self, wish: SessionWish) -> str:
        if self._open:
            raise ProviderUnavailable
        self._open = True
        return wish.topic

    def door(self, handle: str, wish: SessionWish, who: Participant) -> str:
        return f"https://meet.example/{handle}?until={wish.ends_at:%H}&as={who.name}"

    async def problem(self) -> str | None:
        return "it is full" if self._open else None


async def test_a_provider_gives_doors_or_says_that_it_cannot() -> None:
    provider: MeetingProvider = OneSession()

    before = await provider.problem()
    handle = await provider.open_session(WISH)

    assert before is None
    assert "https://meet.example/Standup?until=18&as=Ann" == provider.door(
        handle, WISH, Participant("Ann", is_host=False)
    )
    assert "it is full" == await provider.problem()
    with pytest.raises(ProviderUnavailable):
        await provider.open_session(WISH)


def test_what_goes_in_and_comes_out_cannot_be_altered() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(WISH, "topic", "Another")  # noqa: B010  as code that is not type-checked would
