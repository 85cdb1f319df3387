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
    ends_at=datetime(2026, 11, 24, 18, 0, tzinfo=UTC),
)
HOST, GUEST = Participant("Anna", is_host=True), Participant("Gus", is_host=False)


class OneSession:
    """Carries one session, then is full."""

    def __init__(self) -> None:
        self._open = False

    @property
    def name(self) -> str:
        return "one session"

    async def open_session(self, wish: SessionWish) -> str:
        if self._open:
            raise ProviderUnavailable("full")
        self._open = True
        return f"secret-{wish.topic}"

    def door(self, handle: str, wish: SessionWish, who: Participant) -> str:
        return f"https://meet.example/{'host/' if who.is_host else ''}{handle}#{wish.topic}"

    async def problem(self) -> str | None:
        return "it is full" if self._open else None


async def test_a_provider_gives_doors_or_says_that_it_cannot() -> None:
    provider: MeetingProvider = OneSession()

    before = await provider.problem()
    handle = await provider.open_session(WISH)

    assert before is None
    assert "https://meet.example/secret-Standup#Standup" == provider.door(handle, WISH, GUEST)
    assert "https://meet.example/host/secret-Standup#Standup" == provider.door(handle, WISH, HOST)
    assert "it is full" == await provider.problem()
    with pytest.raises(ProviderUnavailable) as unavailable:
        await provider.open_session(WISH)
    assert "full" == unavailable.value.reason


@pytest.mark.parametrize(("given", "name"), [(WISH, "topic"), (HOST, "name")])
def test_what_goes_in_cannot_be_altered(given: SessionWish | Participant, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(given, name, "Another")


def test_a_provider_that_gives_no_reason_has_one_for_the_log() -> None:
    assert "unavailable" == ProviderUnavailable().reason == str(ProviderUnavailable())
