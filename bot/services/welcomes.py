"""Whoever has added the app to a workspace is told what to do first, once for each install."""

from dataclasses import dataclass

from bot.services.house import House
from bot.services.installations import Grant
from bot.services.postings import Plan, PostingKind, PostingRecords, Target
from storage import workspaces
from storage.ids import new_id
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Welcomes:
    """The welcomes that one process plans."""

    house: House

    def plan(self, tx: Transaction, grant: Grant) -> None:
        """Plan one, in the transaction that keeps the install."""
        now = self.house.now()
        workspaces.ensure(tx, grant.workspace, now)
        plan = Plan(grant.workspace, PostingKind.WELCOME, new_id(now), Target(user=grant.installer), now)
        PostingRecords(self.house).plan(tx, plan)
