"""Plans of messages of ours in Slack, which follow what they are about until they can be changed no more.

All of it is written in the transaction of whoever changes what a message shows. Who posts the messages reads afresh
what they show, and is to be woken after the commit.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.services.house import House
from storage import postings
from storage.ids import new_id
from storage.postings import Planned
from storage.transactions import Transaction

RESPONSE_LASTS = timedelta(minutes=30)
"""For how long Slack takes what is sent to a response URL."""
RESPONSE_USES = 5
"""So often does Slack take what is sent there."""
REMEMBERED = timedelta(days=30)
"""For how long a message is known that is about something that is over."""


class PostingKind(StrEnum):
    """What a message shows."""

    JOIN_CARD = "meeting.started"
    ROOM_SHARED = "room.shared"
    INVITATION = "meeting.invitation"
    REMINDER = "meeting.reminder"
    GUESTS = "guests.waiting"
    MORE_GUESTS = "guests.more"
    WELCOME = "workspace.welcome"


BRIEF = (PostingKind.REMINDER, PostingKind.GUESTS, PostingKind.MORE_GUESTS)
"""Kinds that nobody needs to change after a while."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: into a channel, to a person directly, or (both) into a channel for one person's eyes.

    What only one person sees in a channel can never be changed.
    """

    channel: str | None = None
    user: str | None = None
    response_url: str = field(default="", repr=False)
    """Where it is written where the app is no member of the channel: a slash command's lets it be changed for half an
    hour, another one's only be written. Whoever has it can answer in our name.
    """


@dataclass(frozen=True, slots=True)
class Plan:
    """A message to be posted at a time; `detail` tells several about one subject in one place apart."""

    workspace: str
    kind: PostingKind
    subject: str
    """The id of what it is about: a session, a meeting, a guest, a member's room."""
    target: Target
    due_at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PostingRecords:
    """The plans, for one process."""

    house: House

    def plan(self, tx: Transaction, plan: Plan) -> bool:
        """Plan a message; False where it was planned before: it is posted once.

        One that was taken back before it was posted is planned anew.
        """
        at, target = self.house.now(), plan.target
        posting_id = new_id(at)
        url = target.response_url
        sealed = self.house.keys.seal(url, **url_place(plan.workspace, posting_id)) if url else None
        return postings.plan(
            tx,
            Planned(
                id=posting_id,
                key=_key(plan),
                workspace=plan.workspace,
                kind=plan.kind,
                subject=plan.subject,
                detail=plan.detail,
                channel=target.channel,
                slack_user=target.user,
                response_url=sealed,
                response_until=at + RESPONSE_LASTS if url else None,
                due_at=plan.due_at,
            ),
        )

    def refresh(self, tx: Transaction, subject: str, *, detail: str | None = None) -> None:
        """Have everything that was posted about a subject show how it is now, as far as it can still be changed."""
        postings.refresh(tx, subject, self.house.now(), detail)

    def move(self, tx: Transaction, subject: str, kind: PostingKind, detail: str, due_at: datetime) -> None:
        """Have what is not posted yet be posted at another time."""
        postings.move(tx, subject, kind, detail, due_at)

    def withdraw(
        self, tx: Transaction, subject: str, kind: PostingKind | None = None, detail: str | None = None
    ) -> None:
        """Have what is not posted yet never be posted.

        Of what is being posted at this very moment nobody knows: it is brought up to date if it gets there, or not
        posted where its renderer says that there is nothing to show any more.
        """
        postings.withdraw(tx, subject, kind, detail, self.house.now())


def url_place(workspace: str, posting_id: str) -> dict[str, str]:
    """What the response URL of a message is sealed for."""
    return {"table": "posting", "column": "response_url", "workspace": workspace, "key": posting_id}


def _key(plan: Plan) -> str:
    target = plan.target
    parts = (plan.workspace, plan.kind, plan.subject, plan.detail, target.channel or "", target.user or "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
