"""Web API methods about tokens, members and channels, and what every method stands on. No HTTP here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.state import Channel, Json, Member, Role, Workspace
from bot.playground.world import Refused, World

PAGE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One call whose token was good: the workspaces that the token opens, and the arguments as they came."""

    world: World
    workspaces: list[Workspace]
    arguments: Json

    @property
    def workspace(self) -> Workspace:
        """The workspace meant: `team_id` where it is given, else the token's own."""
        wanted = self.text("team_id")
        return next((one for one in self.workspaces if one.id == wanted), self.workspaces[0])

    def text(self, name: str) -> str:
        """A text argument, empty where it was left out."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A boolean argument, in JSON or as `1` or `true`."""
        return self.text(name).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """A numeric argument."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise invalid(f"[ERROR] must be a valid integer [json-pointer:/{name}]") from None

    def structured(self, name: str) -> Any:
        """An argument that is JSON, as itself or as a text of JSON; None where it was left out."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise invalid(f"[ERROR] failed to parse JSON [json-pointer:/{name}]") from None

    def needs(self, *names: str) -> None:
        """Refuse a call that leaves out any of these arguments."""
        missing = [name for name in names if self.arguments.get(name) in (None, "")]
        if missing:
            raise invalid(*(f"[ERROR] missing required field: {name}" for name in missing))

    def needs_scope(self, *any_of: str) -> None:
        """Refuse a call whose token has none of these scopes."""
        provided = self.workspaces[0].scopes
        if not provided & set(any_of):
            raise Refused("missing_scope", needed=",".join(any_of), provided=",".join(sorted(provided)))

    def member(self, user_id: str, error: str = "user_not_found") -> Member:
        """The member of this id in any of the token's workspaces."""
        for workspace in [self.workspace, *self.workspaces]:
            if user_id in workspace.members:
                return workspace.members[user_id]
        raise Refused(error)

    def channel(self, channel_id: str) -> Channel:
        """The channel of this id in any of the token's workspaces; a member's id stands for direct messages."""
        for workspace in self.workspaces:
            if channel_id in workspace.channels:
                return workspace.channels[channel_id]
            if channel_id in workspace.members:
                return workspace.direct_messages_with(channel_id)
        raise Refused("channel_not_found")


Method = Callable[[Asked], Json]


def invalid(*messages: str) -> Refused:
    """Slack's refusal of arguments, with its reasons."""
    return Refused("invalid_arguments", response_metadata={"messages": list(messages)})


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
    asked.needs_scope("users:read")
    return {"user": user_object(asked.member(asked.text("user")), with_locale=asked.flag("include_locale"))}


def users_list(asked: Asked) -> Json:
    """`users.list`: every member, in pages."""
    asked.needs_scope("users:read")
    members = list(asked.workspace.members.values())
    page, cursor = _page(asked, members)
    shown = [user_object(one, with_locale=asked.flag("include_locale")) for one in page]
    return {"members": shown, "cache_ts": int(asked.world.clock()), "response_metadata": {"next_cursor": cursor}}


def conversations_open(asked: Asked) -> Json:
    """`conversations.open`: the app's direct messages with one member."""
    asked.needs_scope("im:write")
    users = [one for one in asked.text("users").split(",") if one]
    if asked.text("channel"):
        channel = asked.channel(asked.text("channel"))
    elif len(users) == 1:
        member = asked.member(users[0])
        if member.is_bot:
            raise Refused("cannot_dm_bot")
        if member.deleted:
            raise Refused("user_disabled")
        channel = member.workspace.direct_messages_with(member.id)
    else:
        raise Refused("too_many_users" if users else "users_list_not_supplied")
    shown = conversation_object(channel, asked.world.clock()) if asked.flag("return_im") else {"id": channel.id}
    return {"channel": shown}


def conversations_info(asked: Asked) -> Json:
    """`conversations.info`: one channel."""
    asked.needs("channel")
    channel = asked.channel(asked.text("channel"))
    _may_read(asked, channel)
    shown = conversation_object(channel, asked.world.clock())
    if asked.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def conversations_members(asked: Asked) -> Json:
    """`conversations.members`: who is in a channel, in pages."""
    asked.needs("channel")
    channel = asked.channel(asked.text("channel"))
    _may_read(asked, channel)
    page, cursor = _page(asked, channel.members)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def _may_read(asked: Asked, channel: Channel) -> None:
    asked.needs_scope("im:read" if channel.is_im else "groups:read" if channel.private else "channels:read")
    if channel.private and channel.workspace.bot_user_id not in channel.members:
        raise Refused("channel_not_found")


def _page(asked: Asked, everything: list[Any]) -> tuple[list[Any], str]:
    """The page that `cursor` and `limit` mean, and the next cursor, empty at the end."""
    limit = asked.number("limit", PAGE) or PAGE
    cursor = asked.text("cursor")
    if cursor and not (cursor.isascii() and cursor.isdigit()):
        raise Refused("invalid_cursor")
    start = int(cursor or 0)
    rest = start + limit
    return everything[start:rest], str(rest) if rest < len(everything) else ""


def user_object(member: Member, *, with_locale: bool) -> Json:
    """A member as `users.info` shows one. Deactivated members have no roles, as in Slack."""
    active = not member.deleted
    shown: Json = {
        "id": member.id,
        "team_id": member.team_id,
        "name": member.username,
        "deleted": member.deleted,
        "color": "9f69e7",
        "real_name": member.real_name,
        "profile": {
            "real_name": member.real_name,
            "real_name_normalized": member.real_name,
            "display_name": member.display_name,
            "display_name_normalized": member.display_name,
            "team": member.team_id,
        },
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": 1700000000,
    }
    if active:
        shown |= {
            "tz": member.tz,
            "tz_label": member.tz_label,
            "tz_offset": member.tz_offset,
            "is_admin": member.role in {Role.ADMIN, Role.OWNER},
            "is_owner": member.role is Role.OWNER,
            "is_primary_owner": member.role is Role.OWNER,
            "is_restricted": member.role is Role.GUEST,
            "is_ultra_restricted": False,
        }
    if member.outside:
        shown["is_stranger"] = True
    if with_locale and active:
        shown["locale"] = member.locale
    workspace = member.workspace
    if workspace.enterprise_id and not member.outside:
        shown["enterprise_user"] = {
            "id": member.id,
            "enterprise_id": workspace.enterprise_id,
            "enterprise_name": workspace.enterprise_name or workspace.enterprise_id,
            "is_admin": False,
            "is_owner": False,
            "teams": [workspace.id],
        }
    return shown


def conversation_object(channel: Channel, now: float) -> Json:
    """A channel as `conversations.info` shows one."""
    shown: Json = {
        "id": channel.id,
        "created": int(now),
        "is_archived": channel.archived,
        "is_im": channel.is_im,
        "is_org_shared": False,
        "context_team_id": channel.workspace.id,
    }
    if channel.is_im:
        person = next(one for one in channel.members if one != channel.workspace.bot_user_id)
        return shown | {"user": person, "is_user_deleted": channel.workspace.members[person].deleted}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_mpim": False,
        "is_private": channel.private,
        "is_general": channel.name == "general",
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_pending_ext_shared": False,
        "is_member": channel.workspace.bot_user_id in channel.members,
    }


PEOPLE_METHODS: Mapping[str, Method] = {
    "auth.test": auth_test,
    "users.info": users_info,
    "users.list": users_list,
    "conversations.open": conversations_open,
    "conversations.info": conversations_info,
    "conversations.members": conversations_members,
}
