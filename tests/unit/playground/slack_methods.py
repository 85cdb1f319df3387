"""What Slack's method reference says of each Web API method that the stand-in has. Nothing of ours decides here."""

from dataclasses import dataclass, field
from typing import Any


def named(names: str) -> frozenset[str]:
    return frozenset(names.split())


EVERYWHERE = named(
    "not_authed invalid_auth account_inactive token_revoked token_expired missing_scope not_allowed_token_type "
    "invalid_arg_name invalid_arguments invalid_array_arg invalid_charset invalid_form_data invalid_post_type "
    "internal_error fatal_error ratelimited request_timeout service_unavailable"
)
"""Errors that every method may answer."""


@dataclass(frozen=True)
class Reference:
    """One method.

    Args:
        takes: the names of its arguments.
        needs: those that it cannot do without, but the token.
        scopes: of which a bot's token needs one.
        errors: its own errors.
        says: the keys of a good answer.
        json: whether arguments may come in JSON.
    """

    takes: frozenset[str]
    needs: tuple[str, ...]
    scopes: frozenset[str]
    errors: frozenset[str]
    says: dict[str, Any] = field(default_factory=dict)
    json: bool = True


def method(
    takes: str, needs: str = "", scopes: str = "", errors: str = "", *, says: dict[str, Any], json: bool = True
) -> Reference:
    return Reference(
        named(takes),
        tuple(needs.split()),
        named(scopes),
        named(errors),
        says,
        json,
    )


TRIGGERED = "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id view_too_large "
POSTED = (
    "channel_not_found invalid_attachments invalid_blocks invalid_blocks_format is_archived markdown_text_conflict "
    "message_limit_exceeded messages_tab_disabled msg_too_long no_text not_in_channel rate_limited restricted_action "
    "too_many_attachments "
)
KINDS = "channels:read groups:read mpim:read im:read"
CONTENT = "text blocks attachments markdown_text metadata link_names parse "

REFERENCE: dict[str, Reference] = {
    "views.open": method(
        "trigger_id interactivity_pointer view", "trigger_id view", "", TRIGGERED, says={"view": dict}
    ),
    "views.push": method(
        "trigger_id interactivity_pointer view",
        "trigger_id view",
        "",
        TRIGGERED + "not_found push_limit_reached",
        says={"view": dict},
    ),
    "views.update": method(
        "view_id external_id view hash",
        "view",
        "",
        "duplicate_external_id hash_conflict not_found view_too_large",
        says={"view": dict},
    ),
    "views.publish": method(
        "user_id view hash interactivity_pointer",
        "user_id view",
        "",
        "duplicate_external_id hash_conflict not_enabled view_too_large",
        says={"view": dict},
    ),
    "chat.postMessage": method(
        CONTENT + "channel thread_ts reply_broadcast mrkdwn unfurl_links unfurl_media username icon_emoji icon_url",
        "channel",
        "chat:write",
        POSTED,
        says={"channel": str, "ts": str, "message": dict},
    ),
    "chat.postEphemeral": method(
        CONTENT + "channel user thread_ts username icon_emoji icon_url",
        "user channel",
        "chat:write",
        POSTED + "user_not_in_channel",
        says={"message_ts": str},
    ),
    "chat.update": method(
        CONTENT + "channel ts reply_broadcast file_ids as_user",
        "ts channel",
        "chat:write",
        "cant_update_message channel_not_found edit_window_closed invalid_attachments invalid_blocks "
        "invalid_blocks_format is_inactive markdown_text_conflict message_not_found msg_too_long no_text "
        "too_many_attachments",
        says={"channel": str, "ts": str, "text": str, "message": dict},
    ),
    "chat.delete": method(
        "channel ts as_user",
        "ts channel",
        "chat:write",
        "cant_delete_message channel_not_found message_not_found",
        says={"channel": str, "ts": str},
    ),
    "chat.unfurl": method(
        "channel ts unfurls unfurl_id source user_auth_message user_auth_required user_auth_url user_auth_blocks",
        "",
        "links:write",
        "cannot_find_channel cannot_find_message cannot_parse_attachment cannot_unfurl_message cannot_unfurl_url "
        "invalid_source invalid_unfurl_id invalid_unfurls_format missing_channel missing_source missing_ts "
        "missing_unfurl_id missing_unfurls",
        says={},
    ),
    "chat.getPermalink": method(
        "channel message_ts",
        "channel message_ts",
        "",
        "channel_not_found message_not_found",
        says={"channel": str, "permalink": str},
        json=False,
    ),
    "conversations.open": method(
        "channel users return_im prevent_creation",
        "",
        "channels:manage groups:write mpim:write im:write",
        "channel_not_found method_not_supported_for_channel_type not_enough_users too_many_users user_disabled "
        "user_not_found user_not_visible users_list_not_supplied cannot_dm_bot",
        says={"channel": dict},
    ),
    "conversations.info": method(
        "channel include_locale include_num_members",
        "channel",
        KINDS,
        "channel_not_found",
        says={"channel": dict},
        json=False,
    ),
    "conversations.members": method(
        "channel cursor limit",
        "channel",
        KINDS,
        "channel_not_found fetch_members_failed invalid_cursor invalid_limit",
        says={"members": list, "response_metadata": dict},
        json=False,
    ),
    "users.info": method(
        "user include_locale", "", "users:read", "user_not_found user_not_visible", says={"user": dict}, json=False
    ),
    "users.list": method(
        "cursor limit include_locale team_id",
        "",
        "users:read",
        "invalid_cursor limit_required",
        says={"members": list, "cache_ts": int, "response_metadata": dict},
        json=False,
    ),
    "auth.test": method(
        "",
        says={
            "url": str,
            "team": str,
            "user": str,
            "team_id": str,
            "user_id": str,
            "bot_id": str,
            "is_enterprise_install": bool,
        },
    ),
}
