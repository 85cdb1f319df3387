"""A process of people who all wish at once: `python -m tests.races URL WORKSPACE FIRST COUNT`.

It answers a line for each line it reads, so that whoever starts several of them can hold them at a barrier:

    -> {"what": "pmi", "wishes": ["5829047316", ...]}      one wish for each person; or "link"
    <- [["saved", 0.012], ["pmi.taken", 0.014], ...]       what each came to, and in how many seconds

What is not a refusal is named by its type. The line `["ready"]` comes first, when everybody has a room.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable

from bot.services.people import Actor
from bot.services.refusals import Refused
from bot.services.verdicts import Saved
from storage.errors import StorageError
from storage.transactions import open_store
from tests.integration.services.houses import UseCases, anna, new_call, use_cases


async def outcome(change: Awaitable[Saved]) -> tuple[str, float]:
    """What a change came to, in a word, and how long it took."""
    began = time.perf_counter()
    try:
        await change
        word = "saved"
    except Refused as refused:
        word = " ".join(refused.refusal.codes)
    except StorageError as error:
        word = type(error).__name__
    return word, time.perf_counter() - began


def wishing(cases: UseCases, what: str, actor: Actor, wish: str) -> Awaitable[Saved]:
    """The wish on its way."""
    if what == "pmi":
        return cases.pmis.save(new_call(actor), wish)
    return cases.links.save(new_call(actor), wish, anna)


async def main(url: str, workspace: str, first: int, count: int) -> None:
    store = await open_store(url)
    cases = use_cases(store)
    people = [Actor(workspace, f"U{number:06d}") for number in range(first, first + count)]
    for actor in people:
        await cases.rooms.own(actor)
    say(["ready"])
    while line := await asyncio.to_thread(sys.stdin.readline):
        round_ = json.loads(line)
        wishes = zip(people, round_["wishes"], strict=True)
        say(await asyncio.gather(*(outcome(wishing(cases, round_["what"], actor, wish)) for actor, wish in wishes)))
    await store.close()


def say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
