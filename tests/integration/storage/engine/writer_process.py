"""A process whose tasks increment the counter all at once: `python -m ... URL TASKS TIMES`; prints what failed."""

import asyncio
import sys

from storage.errors import Busy, StorageError
from storage.transactions import open_store
from tests.integration.storage.engine import statements


async def main(url: str, tasks: int, times: int) -> None:
    failures: list[str] = []
    busy: list[int] = []
    store = await open_store(url)

    async def keep_incrementing() -> None:
        done = 0
        while done < times and not failures:
            try:
                await store.write(statements.increment)
                done += 1
            except Busy:
                busy.append(1)
            except StorageError as error:
                failures.append(repr(error))

    await asyncio.gather(*(keep_incrementing() for _ in range(tasks)))
    await store.close()
    sys.stdout.write("\n".join(failures) or f"{len(busy)} times busy")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
