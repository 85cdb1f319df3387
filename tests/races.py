"""People in several processes who all wish at once: `python -m tests.races URL PROCESSES PEOPLE`.

It answers a line for each line it reads, so that whoever starts it can hold everybody at a barrier:

    -> {"what": "pmi", "wishes": ["5829047316", ...]}      one wish for each person; or "link", or "state" (and browser)
    <- [["saved", 0.012, 0], ["pmi.taken", 1.1, 1], ...]   what each came to, in how many seconds, how often again

Who hears "busy" or "unknown", as where 200 people wish at once on a slow machine, makes the same request again, as
people are told to. What is not a refusal is named by its type. The line `["ready"]` comes first, when everybody has a
room. The processes are forked from one that has loaded Python and the libraries; each has a workspace and a store of
its own.
"""

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from typing import IO

from bot.services.people import Actor
from bot.services.refusals import Refused
from storage.errors import Busy, OutcomeUnknown
from storage.transactions import open_store
from tests.integration.services.houses import UseCases, anna, new_call, use_cases

TRIES = 20
END = "null"
"""The line after which a process ends."""


async def outcome(wish: Callable[[], Awaitable[object]]) -> tuple[str, float, int]:
    """What a wish came to, in a word, how long it took, and how often it was made again."""
    began = time.perf_counter()
    tries = 0
    word = ""
    while tries < TRIES:
        tries += 1
        try:
            await wish()
            word = "saved"
        except Refused as refused:
            word = " ".join(refused.refusal.codes)
        except (Busy, OutcomeUnknown) as error:
            word = type(error).__name__
            continue
        except Exception as error:  # noqa: BLE001 (whatever it is, the rounds count it)
            word = type(error).__name__
        break
    return word, time.perf_counter() - began, tries - 1


def wishing(cases: UseCases, what: str, actor: Actor, wish: str) -> Callable[[], Awaitable[object]]:
    """The wish: the very same request, however often it is made."""
    if what == "state":
        state, browser = wish.split()
        return lambda: cases.sign_ins.finish(state, browser)
    call = new_call(actor)
    if what == "pmi":
        return lambda: cases.pmis.save(call, wish)
    return lambda: cases.links.save(call, wish, anna)


def forked(url: str, number: int, people: int) -> IO[str]:
    """A process of its own, and the way to talk to it."""
    ours, theirs = socket.socketpair()
    if os.fork():
        theirs.close()
        return ours.makefile("rw", encoding="utf-8")
    ours.close()
    actors = [Actor(f"T{number}", f"U{place:06d}") for place in range(number * people, (number + 1) * people)]
    asyncio.run(race(url, actors, theirs.makefile("rw", encoding="utf-8")))
    os._exit(0)


async def race(url: str, people: list[Actor], line: IO[str]) -> None:
    """One process: everybody has a room, then wishes, round after round, until there is none."""
    store = await open_store(url)
    cases = use_cases(store)
    for actor in people:
        await cases.rooms.own(actor)
    say(line, ["ready"])
    while (said := (await asyncio.to_thread(line.readline)).strip()) != END:
        round_ = json.loads(said)
        wishes = zip(people, round_["wishes"], strict=True)
        say(
            line,
            await asyncio.gather(*(outcome(wishing(cases, round_["what"], actor, wish)) for actor, wish in wishes)),
        )
    await store.close()


def main(url: str, processes: int, people: int) -> int:
    """Starts them, hands each its part of every round, and brings together what all came to."""
    lines = [forked(url, number, people) for number in range(processes)]
    assert [["ready"]] * processes == [json.loads(line.readline()) for line in lines]
    say(sys.stdout, ["ready"])
    while said := sys.stdin.readline():
        round_ = json.loads(said)
        for number, line in enumerate(lines):
            say(line, round_ | {"wishes": round_["wishes"][number * people : (number + 1) * people]})
        say(sys.stdout, [each for line in lines for each in json.loads(line.readline())])
    for line in lines:
        say(line, None)
    return max(os.waitstatus_to_exitcode(os.wait()[1]) for _ in lines)


def say(where: IO[str], what: object) -> None:
    where.write(json.dumps(what) + "\n")
    where.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
