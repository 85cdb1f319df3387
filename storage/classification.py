"""What every column holds, in one place, and what a purge does with it. A test fails where a column is missing here.

A purge deletes the rows of every table but for those that are `KEPT`. Of a kept row it empties what is personal or
secret, but for what is `STAYING`; what cannot be empty is `HASHED`, under a key that only this program has. What is
`PASSING` goes by itself within hours.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds."""

    PUBLIC = "public"
    """Anybody may know it: a number, a plan, how a workspace is set up."""
    OPAQUE = "opaque"
    """An id or a hash that tells nothing of a person without what else is kept."""
    PERSONAL = "personal"
    """It is about a person, or says who they are to Slack."""
    SECRET = "secret"  # noqa: S105 (it is no password)
    """It lets somebody in, or speaks for somebody; it is sealed."""
    OPERATIONAL = "operational"
    """Times, counts and states that the program goes by."""


_KINDS = {"p": Kind.PUBLIC, "o": Kind.OPAQUE, "!": Kind.PERSONAL, "s": Kind.SECRET, ".": Kind.OPERATIONAL}


def _columns(text: str) -> dict[str, Kind]:
    """Of `name:mark` pairs, each mark as in `_KINDS`."""
    return {name: _KINDS[mark] for name, mark in (pair.split(":") for pair in text.split())}


COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "workspace": _columns("key:o plan:p created_at:. default_licence:p vanity_host:p"),
    "member": _columns(
        "id:o workspace:o slack_user:! licence:p pmi:p link_key:! pmi_for_instant:! created_at:. left_at:."
    ),
    "meeting_number": _columns("digits:p holder_id:o claimed_at:. released_at:."),
    "personal_link": _columns("key:p spelling:p holder_id:o claimed_at:. released_at:. held_until:."),
    "change_log": _columns("id:o workspace:o member_id:o actor_id:o action:p old:o new:o at:."),
    "change_unsealed": _columns("workspace:o id:o"),
    "change_key": _columns("id:o workspace:o secret:s made_at:."),
    "change_chain": _columns("workspace:o position:. change_id:o key_id:o hash:o made_at:."),
    "seen_request": _columns("key:o workspace:o answer:s at:."),
    "outbox": _columns("request:o workspace:o kind:. address:s generation:. rest_ms:. tries:. at:. ended_at:."),
    "room": _columns(
        "member_id:o workspace:o topic:! passcode:s waiting_room:! members_only:! host_video:! participant_video:! "
        "mute_on_entry:! join_before_host:! pmi_for_scheduled:! version:."
    ),
    "alternative_host": _columns("room_id:o slack_user:! place:."),
    "meeting": _columns("id:o workspace:o member_id:o kind:. number:p topic:! passcode:s created_at:. cancelled_at:."),
    "session": _columns(
        "id:o workspace:o member_id:o meeting_id:o in_room:. number:p topic:! provider:. handle:s started_at:. "
        "started_by:! host_at:. ends_at:. ended_at:. ended_by:!"
    ),
    "invitation": _columns(
        "key_hash:o workspace:o member_id:o meeting_id:o session_id:o number:p guest:! secret:s created_at:. "
        "revoked_at:."
    ),
    "posting": _columns(
        "id:o key:o workspace:o kind:. subject:o detail:. channel:o slack_user:! lane:! response_url:s "
        "response_until:. response_uses:. posted_in:! ts:. due_at:. posted_at:. doubts:. wanted:. shown:. "
        "generation:. rest_ms:. tries:. ended_at:."
    ),
    "posting_lane": _columns("lane:! generation:. rest_ms:."),
    "schedule": _columns(
        "meeting_id:o zone:! starts_local:! minutes:! repeats:! ends_count:! ends_on:! remind_minutes:! channel:o "
        "sequence:. timed:. first_at:! last_until:! plan_at:."
    ),
    "occurrence": _columns("meeting_id:o key:! cancelled:. starts_at:! minutes:! topic:! revision:."),
    "invitee": _columns("meeting_id:o slack_user:! invited:. place:. answer:! answered_at:."),
    "guest": _columns(
        "id:o workspace:o member_id:o meeting_id:o in_room:. place_id:o number:p name:! slack_user:! signed_in:. "
        "source:! state:. session_id:o asked_at:. seen_at:. decided_at:. decided_by:!"
    ),
    "installation": _columns(
        "key:o workspace:o enterprise:o team:o of_organisation:. app_id:o bot_user:o installer:! bot_token:s "
        "refresh_token:s expires_at:. scopes:p installed_at:. revoked_at:. leased_until:. generation:."
    ),
    "oauth_state": _columns("hash:o purpose:. payload:s expires_at:."),
    "attempt": _columns("key:o times:. last_at:."),
    "departure": _columns(
        "workspace:o left_at:. purge_after:. stays:. begun_at:. leased_until:. generation:. closed_at:. purged_at:. "
        "returned_at:."
    ),
    "erasure": _columns("member_id:o workspace:o number:o at:. returned_at:."),
    "reserved_name": _columns("workspace:o key:p is_prefix:."),
    "vanity_host": _columns("host:p workspace:o set_at:. replaced_at:."),
    "workspace_policy": _columns(
        "workspace:o passcode:p waiting_room:p members_only:p host_video:p participant_video:p mute_on_entry:p "
        "join_before_host:p pmi_for_instant:p pmi_for_scheduled:p pmis_enabled:p who_may_customise:p link_hold_days:p "
        "old_addresses_lead_on:p"
    ),
}
"""Every column of every table."""

KEPT = frozenset(
    (
        "workspace",
        "member",
        "meeting_number",
        "personal_link",
        "vanity_host",
        "change_log",
        "change_key",
        "change_chain",
        "departure",
        "erasure",
    )
)
"""Numbers and hosts are nobody else's ever, and links not for as long as they are held; the change log is never
altered, and can be checked for as long as it stands.
"""
HASHED = frozenset((("member", "slack_user"),))
"""What stands in its place is the keyed tombstone: whoever comes back is known by it, by this program alone."""
STAYING = frozenset((("change_key", "secret"),))
"""Secrets that let nobody in: without theirs, nobody could tell whether the rows of the change log are as they were."""
PASSING = frozenset(("posting_lane", "oauth_state", "attempt", "change_unsealed"))
"""Lanes go once nothing is due in them, what was begun at Slack within minutes, tries within an hour. What waits for
its link in the chain is out of the queue with it; taken out before, its change would never have one.
"""
THROUGH: Mapping[str, tuple[str, str]] = {
    "alternative_host": ("room_id", "room.member_id"),
    "schedule": ("meeting_id", "meeting.id"),
    "occurrence": ("meeting_id", "meeting.id"),
    "invitee": ("meeting_id", "meeting.id"),
}
"""For tables without a workspace of their own: the column, and the column of the table that has one."""
NAMED = (("session", "started_by"), ("session", "ended_by"), ("guest", "decided_by"), ("installation", "installer"))
"""Where somebody's Slack id stands in rows about others, which stay when one member is erased; it is hashed there."""


def emptied(table: str) -> tuple[str, ...]:
    """The columns of a kept table that a purge empties."""
    gone = (Kind.PERSONAL, Kind.SECRET)
    return tuple(
        name for name, kind in COLUMNS[table].items() if kind in gone and (table, name) not in HASHED | STAYING
    )
