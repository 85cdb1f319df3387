"""Invitations and start links: keys in addresses that let somebody in without a passcode.

An invitation's key is random and only its hash is looked up; it is kept sealed as well, so that the same address can be
shown again. A start link is not kept at all: it is sealed, says whose room it starts and until when, and is only for
its holder's eyes.
"""

import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.house import House
from storage import invitations
from storage.invitations import InvitationRow
from storage.secrets import KeyRing, Unsealable
from storage.transactions import Transaction

START_LASTS = timedelta(hours=24)
"""For how long a start link on a card works."""
_KEY_BYTES = 18
_KEY = re.compile(r"\A[A-Za-z0-9_-]{24}\Z")
_START = re.compile(r"\A[A-Za-z0-9_.-]{60,400}\Z")
_START_PLACE = {"table": "start_link", "column": "key", "workspace": "", "key": ""}


@dataclass(frozen=True, slots=True)
class Opens:
    """What an invitation opens: a member's room, a meeting, or one session of either."""

    workspace: str
    member_id: str
    number: str
    """As it is given out."""
    meeting_id: str | None = None
    session_id: str | None = None
    guest: str | None = None
    """The Slack id of the one person it is for; None for everybody in a channel."""


@dataclass(frozen=True, slots=True)
class InvitationRecords:
    """The rows of invitations, for one process."""

    house: House

    def known(self, tx: Transaction, opens: Opens) -> str | None:
        """The key that was given out for this before, as long as it is valid and can be shown again."""
        found = invitations.newest(
            tx, opens.member_id, meeting_id=opens.meeting_id, session_id=opens.session_id, guest=opens.guest
        )
        if found is not None and found.number == opens.number:
            with suppress(Unsealable):
                return self.house.keys.open(found.secret, **_place(found.workspace, found.key_hash))
        return None

    def key(self, tx: Transaction, opens: Opens) -> str:
        """The key that opens this: the one that was given out before, as long as it is valid, else a new one."""
        known = self.known(tx, opens)
        if known is not None:
            return known
        key = secrets.token_urlsafe(_KEY_BYTES)
        key_hash = hash_of(key)
        invitations.add(
            tx,
            InvitationRow(
                key_hash=key_hash,
                workspace=opens.workspace,
                member_id=opens.member_id,
                meeting_id=opens.meeting_id,
                session_id=opens.session_id,
                number=opens.number,
                guest=opens.guest,
                secret=self.house.keys.seal(key, **_place(opens.workspace, key_hash)),
                created_at=self.house.now(),
            ),
        )
        return key

    def find(self, tx: Transaction, key: str) -> InvitationRow | None:
        """The invitation with this key, valid or taken back; None for what is none."""
        return invitations.find(tx, hash_of(key)) if _KEY.match(key) else None


@dataclass(frozen=True, slots=True)
class StartLink:
    """What a start link says: whoever has it is this host."""

    workspace: str
    host: str
    """The Slack id of the host: the holder, or an alternative host."""
    member_id: str
    """Whose room or meeting is started."""
    meeting_id: str | None
    until: datetime


def start_key(keys: KeyRing, link: StartLink) -> str:
    """The key of a start link, for an address that only this host may see."""
    parts = (link.workspace, link.host, link.member_id, link.meeting_id or "", str(int(link.until.timestamp())))
    return keys.seal("\n".join(parts), **_START_PLACE)


def read_start_key(keys: KeyRing, key: str, now: datetime) -> StartLink | None:
    """What the key of a start link says; None where it is none, or its time is over."""
    if not _START.match(key):
        return None
    try:
        workspace, host, member_id, meeting_id, until = keys.open(key, **_START_PLACE).split("\n")
        ends = datetime.fromtimestamp(int(until), now.tzinfo)
    except (Unsealable, ValueError):
        return None
    return StartLink(workspace, host, member_id, meeting_id or None, ends) if now < ends else None


def hash_of(key: str) -> str:
    """By what an invitation is found."""
    return hashlib.sha256(key.encode()).hexdigest()


def _place(workspace: str, key_hash: str) -> dict[str, str]:
    return {"table": "invitation", "column": "secret", "workspace": workspace, "key": key_hash}
