"""`python -m bot workspaces verify`: the change log against its chain."""

import asyncio

import pytest
import sqlalchemy as sa

from storage.tables import change_log
from storage.transactions import open_store
from tests.integration.cli.program import call
from tests.integration.services.houses import KEY
from tests.integration.services.test_change_chain import ACME, chain_of, past_the_triggers, row, written


@pytest.mark.row("R52b")
def test_the_command_names_the_first_altered_row_on_one_line(environ: pytest.MonkeyPatch, database_url: str) -> None:
    """Seen red: with the row's values printed as they are, the text took several lines."""
    environ.setenv("SECRET_KEY", KEY)
    first, second = row(1), row(2)

    async def write() -> None:
        store = await open_store(database_url)
        await written(store, first, second)
        await chain_of(store).seal(10)
        await store.close()

    async def alter() -> None:
        store = await open_store(database_url)
        change = sa.update(change_log).where(change_log.c.id == second["id"]).values(old="a\r\nLog: all is well")
        await past_the_triggers(store, "change_log", lambda tx: tx.execute(change))
        await store.close()

    asyncio.run(write())
    whole = call("workspaces", "verify", ACME)
    asyncio.run(alter())
    broken = call("workspaces", "verify", ACME)
    unknown = call("workspaces", "verify", "T0NOBODY")

    assert 0 == whole.exit_code, whole.output
    assert whole.output.startswith("T0ACME  2 changes as sealed  head 2:")
    assert [1, 1] == [broken.exit_code, unknown.exit_code]
    assert 2 == len(broken.output.splitlines())
    assert f'Change "{second["id"]}" (link 2) was altered' in broken.output
    assert "a\\r\\nLog: all is well" in broken.output
