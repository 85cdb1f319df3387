"""What stands in the place of somebody who was erased: a keyed hash of who they were to Slack.

Nobody who reads the database can tell who it is. Whoever comes back is known again by this program, which has the key,
and is the member that they were: their number is theirs still.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime

from storage import changes, erasures, members
from storage.changes import Change
from storage.members import MemberRow
from storage.purging import MARK
from storage.secrets import KeyRing
from storage.transactions import Transaction

_LENGTH = 31
"""Characters of the hash, 186 bits of it: with the mark it is as long as an id may be."""
_ABOUT_PEOPLE = ("host.", "invitee.")
_WORDS = ("topic.changed", "meeting.topic_changed")


def mark_of(keys: KeyRing, workspace: str, user: str) -> str:
    """The tombstone of somebody, under the current key."""
    return _mark(keys.derive("tombstone"), workspace, user)


def erased_name(number: int) -> str:
    """What somebody is called who was erased, wherever it is said who did something."""
    return f"deleted-user#{number}"


def come_back(tx: Transaction, keys: KeyRing, workspace: str, user: str, at: datetime) -> MemberRow | None:
    """The member that somebody was before they were erased, who they are again from now on; None for anybody new."""
    for key in keys.derive_all("tombstone"):
        found = members.lock(tx, workspace, _mark(key, workspace, user))
        if found is not None:
            erasures.come_back(tx, found.id, user, at)
            changes.record(
                tx, workspace, [Change("member.returned", None, None)], at, member_id=found.id, actor_id=found.id
            )
            return members.find(tx, workspace, user)
    return None


def opaque(tx: Transaction, keys: KeyRing, workspace: str, done: Sequence[Change]) -> list[Change]:
    """Changes as the log may keep them for good: people by their opaque ids, and no words that somebody chose."""
    return [_opaque(tx, keys, workspace, each) for each in done]


def _opaque(tx: Transaction, keys: KeyRing, workspace: str, change: Change) -> Change:
    if change.action in _WORDS:
        return Change(change.action, None, None)
    if not change.action.startswith(_ABOUT_PEOPLE):
        return change

    def of(user: str | None) -> str | None:
        person = None if user is None else members.find(tx, workspace, user)
        unknown = None if user is None else mark_of(keys, workspace, user)
        return unknown if person is None else person.id

    return Change(change.action, of(change.old), of(change.new))


def _mark(key: bytes, workspace: str, user: str) -> str:
    digest = hmac.new(key, f"{workspace}\n{user}".encode(), hashlib.sha256).digest()
    return MARK + urlsafe_b64encode(digest).decode()[:_LENGTH]
