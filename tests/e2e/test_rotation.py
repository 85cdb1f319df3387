"""Keys are rotated while the application serves: every repeated request gets the answer that it got, from any key."""

import asyncio
from collections.abc import Iterable

import pytest
from pydantic import SecretStr

from bot.playground.delivery import Exchange
from bot.services.keys import Keys
from storage.transactions import open_store
from tests import sealing
from tests.e2e.stage import Stage, make_stage
from tests.lengths import short_or_long
from tests.sealing import NEW, OLD, id_of, ring

LINES = ("/pmi set 582 904 7316", "/personal-link set blue.harbour", "/pmi set 617 555 0142", "/personal-link remove")


async def repeated(stage: Stage, exchanges: Iterable[Exchange]) -> list[bytes]:
    """What these requests get when they come once more, all at once."""
    return [each.body for each in await asyncio.gather(*(stage.slack.resend(one) for one in exchanges))]


async def serve_with(stage: Stage, *keys: str) -> None:
    """One process in the place of the others, with these keys."""
    await stage.stop()
    secret_key = tuple(SecretStr(key) for key in keys)
    await stage.start(stage.settings.model_copy(update={"secret_key": secret_key}))


@pytest.mark.row("R48")
async def test_repeats_get_their_answers_while_keys_are_rotated(database_url: str) -> None:
    """Seen red: with a key ring that opens under its first key alone, repeats were done again and told so."""
    many = short_or_long(2000, 50_000)
    async with make_stage(database_url, SECRET_KEY=OLD) as stage:
        await stage.start()
        exchanges = [await stage.anna.types(line) for line in LINES]
        answers = [each.body for each in exchanges]
        for first in range(0, many, 1000):
            await sealing.remember(stage.store, ring(OLD), range(first, first + 1000))
        await serve_with(stage, NEW, OLD)
        other = await open_store(database_url)
        rotating = asyncio.ensure_future(Keys(other, ring(NEW, OLD)).rotate())
        rounds = 0
        while not rotating.done():
            assert answers == await repeated(stage, exchanges)
            new = await stage.ben.types(f"/pmi set 583 90{rounds % 2 + 4} 6291")
            assert b"Saved" in new.body
            exchanges = [*exchanges[: len(LINES)], *exchanges[len(LINES) :][-7:], new]
            answers = [*answers[: len(LINES)], *answers[len(LINES) :][-7:], new.body]
            rounds += 1
        rotation = await rotating
        await other.close()
        counts = await sealing.under(stage.store)
        actions = await stage.actions(stage.anna)
        await serve_with(stage, NEW)

        assert rounds > 0
        assert ({}, True) == (rotation.unopened, rotation.finished)
        assert {id_of(NEW)} == set(counts)
        assert answers == await repeated(stage, exchanges)
        assert await sealing.opened(stage.store, ring(NEW), range(many))
        assert actions == await stage.actions(stage.anna)
