"""Web API methods about tokens, members and channels. No HTTP here."""

from collections.abc import Mapping

from bot.playground.asked import PAGE_LIMIT, Asked, Method
from bot.playground.people_shown import conversation_object, user_object
from bot.playground.state import Channel, Json
from bot.playground.world import Refused

OPENERS = ("channels:manage", "groups:write", "mpim:write", "im:write")
READERS = ("channels:read", "groups:read", "mpim:read", "im:read")
GROUP = 8


def auth_test(asked: Asked) -> Json:
    """`auth.test`: whose token this is."""
    workspace = asked.workspace
    answer = {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": asked.world.manifest.name.lower().replace(" ", ""),
        "team_id": workspace.id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": workspace.org_install,
    }
    return answer | ({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {})


def users_info(asked: Asked) -> Json:
    """`users.info`: one member, with the locale if asked."""
    return {"user": user_object(asked.member(asked.text("user")), with_locale=asked.flag("include_locale"))}


def users_list(asked: Asked) -> Json:
    """`users.list`: every member, in pages."""
    members = list(asked.workspace.members.values())
    page, cursor = asked.page(members)
    shown = [user_object(one, with_locale=asked.flag("include_locale")) for one in page]
    return {"members": shown, "cache_ts": int(asked.world.clock()), "response_metadata": {"next_cursor": cursor}}


def conversations_open(asked: Asked) -> Json:
    """`conversations.open`: the app's direct messages with one member. Those of several are not shown here."""
    users = [one.strip() for one in asked.text("users").split(",") if one.strip()]
    if asked.text("channel"):
        channel, known = asked.channel(asked.text("channel")), True
        if not channel.is_im:
            raise Refused("method_not_supported_for_channel_type")
    else:
        channel, known = _direct_messages(asked, users)
    shown = conversation_object(channel, asked.world.clock()) if asked.flag("return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if known else {})


def _direct_messages(asked: Asked, users: list[str]) -> tuple[Channel, bool]:
    """The direct messages with these users, and whether there were some before."""
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > GROUP:
        raise Refused("too_many_users")
    if len(users) > 1:
        asked.needs_scope("mpim:write")
        raise Refused("method_not_supported_for_channel_type")
    asked.needs_scope("im:write")
    member = asked.member(users[0])
    if member.is_bot:
        raise Refused("cannot_dm_bot")
    if member.deleted:
        raise Refused("user_disabled")
    before = len(member.workspace.channels)
    channel = member.workspace.direct_messages_with(member.id)
    return channel, len(member.workspace.channels) == before


def conversations_info(asked: Asked) -> Json:
    """`conversations.info`: one channel."""
    channel = _readable(asked)
    shown = conversation_object(channel, asked.world.clock())
    if asked.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def conversations_members(asked: Asked) -> Json:
    """`conversations.members`: who is in a channel, in pages."""
    channel = _readable(asked)
    if not 0 <= asked.number("limit", 0) <= PAGE_LIMIT:
        raise Refused("invalid_limit")
    page, cursor = asked.page(channel.members)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def _readable(asked: Asked) -> Channel:
    """The channel that is asked about, if the token may know of its kind and the app sees it."""
    channel = asked.channel(asked.text("channel"))
    asked.needs_scope("im:read" if channel.is_im else "groups:read" if channel.private else "channels:read")
    if channel.private and channel.workspace.bot_user_id not in channel.members:
        raise Refused("channel_not_found")
    return channel


PEOPLE_METHODS: Mapping[str, Method] = {
    "auth.test": Method(auth_test),
    "users.info": Method(users_info, scopes=("users:read",), reads=True),
    "users.list": Method(users_list, scopes=("users:read",), reads=True),
    "conversations.open": Method(conversations_open, scopes=OPENERS),
    "conversations.info": Method(conversations_info, ("channel",), READERS, reads=True),
    "conversations.members": Method(conversations_members, ("channel",), READERS, reads=True),
}
