"""The keys and types of what Slack sends, from its reference and from real payloads. Nothing of ours decides here.

A key that ends in `?` may be missing. A list of one shape stands for any number of those; a tuple for one of several.
"""

from collections.abc import Iterator
from typing import Any

NOTHING = type(None)
ANYTHING = object
Shape = Any

PLAIN = {"type": "plain_text", "text": str, "emoji": bool}
TEAM = {"id": str, "domain": str, "enterprise_id?": str, "enterprise_name?": str}
ENTERPRISE = ({"id": str, "name": str}, NOTHING)
USER = {"id": str, "username": str, "name": str, "team_id": str}
CHANNEL = {"id": str, "name": str}
STATE = {"values": dict}
VIEW = {
    "id": str,
    "team_id": str,
    "type": str,
    "blocks": [{"type": str, "block_id": str, ...: ANYTHING}],
    "private_metadata": str,
    "callback_id": str,
    "state": STATE,
    "hash": str,
    "title": (PLAIN, NOTHING),
    "clear_on_close": bool,
    "notify_on_close": bool,
    "close": (PLAIN, NOTHING),
    "submit": (PLAIN, NOTHING),
    "previous_view_id": (str, NOTHING),
    "root_view_id": str,
    "app_id": str,
    "external_id": str,
    "app_installed_team_id": str,
    "bot_id": str,
}
MESSAGE = {
    "type": "message",
    "user": str,
    "ts": str,
    "text": str,
    "team": str,
    "bot_id?": str,
    "app_id?": str,
    "blocks?": [{"type": str, "block_id": str, ...: ANYTHING}],
    "thread_ts?": str,
    "edited?": {"user": str, "ts": str},
}
_INSTALL = {"team": TEAM, "enterprise": ENTERPRISE, "is_enterprise_install": bool}
_INTERACTION = {"user": USER, "api_app_id": str, "token": str, **_INSTALL}
_ACTION = {"type": str, "action_id": str, "block_id": str, "action_ts": str, ...: ANYTHING}
ON_MESSAGE = {
    "container": {
        "type": "message",
        "message_ts": str,
        "channel_id": str,
        "is_ephemeral": bool,
    },
    "channel": CHANNEL,
}
ON_VIEW = {"container": {"type": "view", "view_id": str}, "view": VIEW}
ACTION = {"type": "block_actions", **_INTERACTION, "trigger_id": str, "actions": [_ACTION]}
SUGGESTION = {"type": "block_suggestion", **_INTERACTION, "action_id": str, "block_id": str, "value": str}
PROFILE = {
    "title": str,
    "phone": str,
    "skype": str,
    "real_name": str,
    "real_name_normalized": str,
    "display_name": str,
    "display_name_normalized": str,
    "status_text": str,
    "status_emoji": str,
    "status_expiration": int,
    "avatar_hash": str,
    "team": str,
}
"""Without the pictures: here nobody has one."""
MEMBER = {
    "id": str,
    "team_id": str,
    "name": str,
    "deleted": bool,
    "color": str,
    "real_name": str,
    "profile": PROFILE,
    "is_bot": bool,
    "is_app_user": bool,
    "is_email_confirmed?": bool,
    "who_can_share_contact_card?": str,
    "updated": int,
    "tz?": str,
    "tz_label?": str,
    "tz_offset?": int,
    "is_admin?": bool,
    "is_owner?": bool,
    "is_primary_owner?": bool,
    "is_restricted?": bool,
    "is_ultra_restricted?": bool,
    "is_stranger?": bool,
    "locale?": str,
    "enterprise_user?": dict,
}
_TOPIC = {"value": str, "creator": str, "last_set": int}
CONVERSATION = {
    "id": str,
    "name": str,
    "name_normalized": str,
    "is_channel": bool,
    "is_group": bool,
    "is_im": bool,
    "is_mpim": bool,
    "is_private": bool,
    "is_archived": bool,
    "is_general": bool,
    "is_shared": bool,
    "is_org_shared": bool,
    "is_ext_shared": bool,
    "is_pending_ext_shared": bool,
    "is_member": bool,
    "created": int,
    "updated": int,
    "creator": str,
    "unlinked": int,
    "context_team_id": str,
    "parent_conversation": NOTHING,
    "pending_shared": [str],
    "pending_connected_team_ids": [str],
    "shared_team_ids": [str],
    "topic": _TOPIC,
    "purpose": _TOPIC,
    "previous_names": [str],
    "num_members?": int,
}
DIRECT_MESSAGES = {
    "id": str,
    "created": int,
    "updated": int,
    "is_im": True,
    "is_archived": bool,
    "is_org_shared": bool,
    "is_user_deleted": bool,
    "context_team_id": str,
    "user": str,
    "priority": int,
}
_LINKS = [{"url": str, "domain": str}]

PAYLOADS: dict[str, Shape] = {
    "slash command": {
        "token": str,
        "team_id": str,
        "team_domain": str,
        "enterprise_id?": str,
        "enterprise_name?": str,
        "channel_id": str,
        "channel_name": str,
        "user_id": str,
        "user_name": str,
        "command": str,
        "text": str,
        "api_app_id": str,
        "is_enterprise_install": str,
        "response_url": str,
        "trigger_id": str,
    },
    "block_actions on a message": {**ACTION, **ON_MESSAGE, "message": MESSAGE, "state": STATE, "response_url": str},
    "block_actions on a private message": {**ACTION, **ON_MESSAGE, "state": STATE, "response_url": str},
    "block_actions in a dialog": {**ACTION, **ON_VIEW},
    "block_actions on Home": {**ACTION, **ON_VIEW},
    "block_suggestion on a message": {**SUGGESTION, **ON_MESSAGE, "message": MESSAGE},
    "block_suggestion in a dialog": {**SUGGESTION, **ON_VIEW},
    "view_submission": {
        "type": "view_submission",
        **_INTERACTION,
        "trigger_id": str,
        "view": VIEW,
        "response_urls": [{"block_id": str, "action_id": str, "channel_id": str, "response_url": str}],
    },
    "view_closed": {"type": "view_closed", **_INTERACTION, "view": VIEW, "is_cleared": bool},
    "shortcut": {
        "type": "shortcut",
        "token": str,
        "action_ts": str,
        **_INSTALL,
        "user": {"id": str, "username": str, "team_id": str},
        "callback_id": str,
        "trigger_id": str,
    },
    "message_action": {
        "type": "message_action",
        "token": str,
        "action_ts": str,
        **_INSTALL,
        "user": USER,
        "channel": CHANNEL,
        "callback_id": str,
        "trigger_id": str,
        "response_url": str,
        "message_ts": str,
        "message": MESSAGE,
    },
}
EVENTS: dict[str, Shape] = {
    "app_home_opened": {
        "type": "app_home_opened",
        "user": str,
        "channel": str,
        "tab": str,
        "view?": VIEW,
        "event_ts": str,
    },
    "app_uninstalled": {"type": "app_uninstalled", "event_ts": str},
    "tokens_revoked": {"type": "tokens_revoked", "tokens": {"oauth": [str], "bot": [str]}, "event_ts": str},
    "user_change": {"type": "user_change", "user": MEMBER, "cache_ts": int, "event_ts": str},
    "link_shared": {
        "type": "link_shared",
        "user": str,
        "channel": str,
        "message_ts": str,
        "thread_ts?": str,
        "links": _LINKS,
        "source": "conversations_history",
        "unfurl_id": str,
        "is_bot_user_member": bool,
        "event_ts": str,
    },
    "link_shared in the composer": {
        "type": "link_shared",
        "user": str,
        "channel": "COMPOSER",
        "message_ts": str,
        "links": _LINKS,
        "source": "composer",
        "unfurl_id": str,
        "is_bot_user_member": bool,
        "event_ts": str,
    },
}
ENVELOPE = {
    "token": str,
    "team_id": str,
    "enterprise_id": (str, NOTHING),
    "context_team_id": str,
    "context_enterprise_id": (str, NOTHING),
    "api_app_id": str,
    "event": dict,
    "type": "event_callback",
    "event_id": str,
    "event_time": int,
    "authorizations": [
        {
            "enterprise_id": (str, NOTHING),
            "team_id": (str, NOTHING),
            "user_id": str,
            "is_bot": bool,
            "is_enterprise_install": bool,
        }
    ],
    "is_ext_shared_channel": bool,
    "event_context": str,
}


def differences(found: Any, shape: Shape, at: str = "") -> Iterator[str]:
    """Where something is not as real ones are: a key too many or too few, another type, another word."""
    if isinstance(shape, tuple):
        if all(list(differences(found, one, at)) for one in shape):
            yield f"{at}: {found!r} is none of what it may be"
    elif isinstance(shape, dict):
        yield from _keys(found, shape, at) if isinstance(found, dict) else [f"{at}: {found!r} is no object"]
    elif isinstance(shape, list):
        if not isinstance(found, list):
            yield f"{at}: {found!r} is no list"
        else:
            for index, one in enumerate(found):
                yield from differences(one, shape[0], f"{at}/{index}")
    elif isinstance(shape, type):
        if not isinstance(found, shape) or (shape is int and isinstance(found, bool)):
            yield f"{at}: {found!r} is no {shape.__name__}"
    elif found != shape:
        yield f"{at}: {found!r} is not {shape!r}"


def _keys(found: dict[str, Any], shape: dict[Any, Shape], at: str) -> Iterator[str]:
    known = {key.removesuffix("?"): one for key, one in shape.items() if key is not ...}
    for key in shape:
        if key is not ... and not key.endswith("?") and key not in found:
            yield f"{at}/{key} is missing"
    for key, one in found.items():
        if key in known:
            yield from differences(one, known[key], f"{at}/{key}")
        elif ... not in shape:
            yield f"{at}/{key} is in no real one"
