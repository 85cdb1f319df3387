"""Purges: all goes of a workspace that is personal or secret, some rows at a time, by one process at a time.

Whoever dies over it has done what was committed; once its lease is over, another process goes on. What is left are
numbers and links under opaque ids, hosts, the change log with its chain, and a keyed tombstone for each member.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.services.house import House
from bot.services.tombstones import mark_of
from storage import changes, departures, erasures, installations, members, purging, workspaces
from storage.changes import Change
from storage.departures import Claim
from storage.purging import Somebody
from storage.transactions import Transaction

AT_ONCE = 200
"""Rows in one transaction: whoever else writes waits for no more than these."""
LEASE = timedelta(seconds=60)
"""For how long a purge is left alone. Should its process die, another one goes on after that."""
PASSES = 5
"""How often everything is gone through, until nothing is left: somebody may have come meanwhile."""
ASKED = Change("workspace.purge_asked", None, None)
PURGED = Change("workspace.purged", None, None)
ERASED = Change("member.erased", None, None)

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def _go_on() -> bool:
    """The default for `may_go_on`: to the end."""
    return True


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge has deleted or emptied."""

    workspace: str
    rows: int
    members: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Purges:
    """The use cases of purges, for one process."""

    house: House

    def ask(self, tx: Transaction, workspace: str, actor_id: str | None) -> None:
        """Have all of a workspace go at once; the rooms close and its tokens end with this transaction.

        Where no token of its own is kept, the app stays, and begins anew once all has gone.
        """
        at = self.house.now()
        before = departures.one(tx, workspace)
        ended = installations.revoke_all(tx, workspace, at)
        away = before is not None and before.returned_at is None and not before.stays
        departures.ask(tx, workspace, at, stays=not ended and not away)
        if workspaces.is_known(tx, workspace):
            changes.record(tx, workspace, [ASKED], at, member_id=None, actor_id=actor_id)

    async def purge(self, workspace: str | None = None, may_go_on: Callable[[], bool] = _go_on) -> Purged | None:
        """Purge one workspace that is due: this one, or any; None where there is none that nobody else purges.

        Raises:
            StorageError: the database did not answer as it should. What was done stays done.
        """
        store, now = self.house.store, self.house.now
        claim = await store.write(lambda tx: departures.claim(tx, now(), now() + LEASE, workspace))
        if claim is None:
            return None
        _log.info("purge_begun", workspace=claim.workspace)
        rows = people = 0
        for _ in range(PASSES):
            swept = await self._sweep(claim, may_go_on)
            erased = 0 if swept is None else await self._erase(claim, may_go_on)
            if swept is None or erased is None:
                await store.write(lambda tx: departures.let_go(tx, claim))
                return Purged(claim.workspace, rows, people, finished=False)
            rows, people = rows + swept, people + erased
            if not swept and not erased:
                break
        await store.write(lambda tx: self._finish(tx, claim))
        _log.info("purge_done", workspace=claim.workspace, rows=rows, members=people)
        return Purged(claim.workspace, rows, people, finished=True)

    async def _sweep(self, claim: Claim, may_go_on: Callable[[], bool]) -> int | None:
        """Delete what goes, table by table; how many rows, or None where it is to stop."""
        total = 0
        for table in purging.swept():
            some = AT_ONCE
            while some == AT_ONCE:

                def work(tx: Transaction, table: str = table) -> int | None:
                    held = departures.hold(tx, claim, self.house.now() + LEASE)
                    return purging.sweep(tx, claim.workspace, table, AT_ONCE) if held else None

                found = await self.house.store.write(work) if may_go_on() else None
                if found is None:
                    return None
                some, total = found, total + found
        return total

    async def _erase(self, claim: Claim, may_go_on: Callable[[], bool]) -> int | None:
        """Put tombstones in the place of members; how many, or None where it is to stop."""
        total, some = 0, AT_ONCE

        def work(tx: Transaction) -> int | None:
            if not departures.hold(tx, claim, self.house.now() + LEASE):
                return None
            people = purging.people(tx, claim.workspace, AT_ONCE)
            for person in people:
                self._bury(tx, claim.workspace, person, self.house.now())
            return len(people)

        while some == AT_ONCE:
            found = await self.house.store.write(work) if may_go_on() else None
            if found is None:
                return None
            some, total = found, total + found
        return total

    def _finish(self, tx: Transaction, claim: Claim) -> None:
        if not departures.hold(tx, claim, self.house.now() + LEASE):
            return
        workspace, at = claim.workspace, self.house.now()
        row = departures.one(tx, workspace)
        purging.clear_workspace(tx, workspace)
        is_back = (row is not None and row.stays) or installations.is_live(tx, workspace)
        departures.finish(tx, claim, at, is_back=is_back)
        if workspaces.is_known(tx, workspace):
            changes.record(tx, workspace, [PURGED], at, member_id=None, actor_id=None)

    async def erase(self, workspace: str, user: str) -> bool:
        """Erase one member, all in one go; False where there is none.

        Raises:
            StorageError: the database did not answer as it should. Nothing was changed, then.
        """

        def work(tx: Transaction) -> bool:
            found = members.lock(tx, workspace, user)
            return found is not None and self.bury(tx, workspace, Somebody(found.id, user), actor_id=None)

        return await self.house.store.write(work)

    def bury(self, tx: Transaction, workspace: str, person: Somebody, *, actor_id: str | None) -> bool:
        """The same in somebody's transaction. The member is locked. What runs with them as its holder is over."""
        at = self.house.now()
        purging.forget_person(tx, workspace, person, mark_of(self.house.keys, workspace, person.slack_user))
        self._bury(tx, workspace, person, at)
        changes.record(tx, workspace, [ERASED], at, member_id=person.id, actor_id=actor_id)
        return True

    def _bury(self, tx: Transaction, workspace: str, person: Somebody, at: datetime) -> None:
        mark = mark_of(self.house.keys, workspace, person.slack_user)
        purging.clear_member(tx, person.id, mark, at, at + self.house.link_hold)
        erasures.note(tx, workspace, person.id, at)
