"""The first join page at addresses of each kind, beside a bare aiohttp handler that renders the same template."""

import asyncio
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack

from bot.services.links import Links
from bot.services.people import Actor, Call
from bot.services.pmis import PMIs
from bot.services.rooms import Rooms
from storage import schema
from storage.transactions import open_store
from tests.bench.processes import load, target
from tests.databases import PostgresTemplates, postgres_server
from tests.integration.services.houses import anna, house_of

AT_ONCE = (1, 16)
NUMBER, LINK = "5829047316", "blue.harbour"
BARE = "bare aiohttp, the same template"
ADDRESSES = (
    ("a number in use", f"/j/{NUMBER}"),
    ("a number that is nobody's", "/j/3141592653"),
    ("a personal link in use", f"/my/{LINK}"),
)


async def furnish(url: str) -> None:
    """Have somebody come who chooses a number and a link."""
    store = await open_store(url)
    house, actor = house_of(store), Actor("T0ACME", "U0JOIN")
    rooms = Rooms(house)
    await PMIs(house, rooms).save(Call(actor, "1" * 64), NUMBER)
    await Links(house, rooms).save(Call(actor, "2" * 64), LINK, anna)
    await store.close()


async def beside_bare(urls: Mapping[str, str], seconds: float, rounds: int) -> str:
    """Pages a second, as a table of medians with the ratios to the bare handler."""
    for url in urls.values():
        await furnish(url)
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(target("page"))
        apps = {kind: await stack.enter_async_context(target("app", url)) for kind, url in urls.items()}
        rows = [(BARE, bare.port, "/j/1")]
        rows += [(f"{title}, {kind}", app.port, path) for kind, app in apps.items() for title, path in ADDRESSES]
        for _, port, path in rows:
            await load(port, path, 8, min(seconds, 0.5))
        for _ in range(rounds):
            for title, port, path in rows:
                for at_once in AT_ONCE:
                    figures = await load(port, path, at_once, seconds)
                    assert {"200"} == set(figures["statuses"]), figures["statuses"]
                    found[title, at_once].append(figures["per_second"])
    median = {key: statistics.median(each) for key, each in found.items()}
    head = "".join(f" {at_once} at once: req/s | of bare |" for at_once in AT_ONCE)
    lines = [f"| |{head}", "|---|" + "---|---|" * len(AT_ONCE)]
    for title, _, _ in rows:
        cells = [f"{median[title, each]:.0f} | {median[title, each] / median[BARE, each]:.2f}" for each in AT_ONCE]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure these alone, and print them."""
    with tempfile.TemporaryDirectory() as folder, postgres_server(durable=True) as server:
        templates = PostgresTemplates(server)
        urls = {"sqlite": f"sqlite:///{folder}/join.db", "postgresql": templates.fresh()}
        schema.upgrade(urls["sqlite"])
        sys.stdout.write(asyncio.run(beside_bare(urls, 1.0, 3)) + "\n")
        templates.drop(urls["postgresql"])
        templates.close()


if __name__ == "__main__":
    main()
