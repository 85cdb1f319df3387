"""What Slack remembers: workspaces, members, channels, messages, triggers, response URLs. No network here."""

import itertools
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.playground.blocks import shown_text
from bot.playground.modals import OpenView

Json = dict[str, Any]
SLACKBOT = "USLACKBOT"
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60
TRIGGER_SECONDS = 3


class Role(StrEnum):
    """What a member may do in a workspace."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"


class TokenState(StrEnum):
    """Whether a workspace's tokens still work; the value is Slack's error."""

    ACTIVE = ""
    REVOKED = "token_revoked"
    INACTIVE = "account_inactive"


@dataclass(slots=True, eq=False)
class Message:
    """A message in a channel, or one that only `ephemeral_for` sees."""

    ts: str
    channel: "Channel"
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    ephemeral_for: str | None = None
    thread_ts: str | None = None
    values: Json = field(default_factory=dict)
    unfurls: Json = field(default_factory=dict)
    edited: bool = False
    deleted: bool = False

    @property
    def shown(self) -> str:
        """What a person reads: the blocks' texts, or the text where there are no blocks."""
        return shown_text(self.blocks) if self.blocks else self.text


@dataclass(slots=True, eq=False)
class Member:
    """A person or bot of a workspace. `team_id` differs from the workspace's for a member of another organisation."""

    id: str
    workspace: "Workspace" = field(repr=False)
    team_id: str
    real_name: str
    display_name: str
    role: Role = Role.MEMBER
    is_bot: bool = False
    deleted: bool = False
    outside: bool = False
    tz: str = "Europe/Amsterdam"
    tz_label: str = "Central European Time"
    tz_offset: int = 3600
    locale: str = "en-US"
    private_messages: list[Message] = field(default_factory=list, repr=False)
    modals: list[OpenView] = field(default_factory=list)
    home: OpenView | None = None
    troubles: list[str] = field(default_factory=list)

    @property
    def username(self) -> str:
        """The old-fashioned user name, lower-case and without spaces."""
        return self.display_name.lower().replace(" ", ".")


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, or the direct messages of one member with the app (`is_im`)."""

    id: str
    name: str
    workspace: "Workspace" = field(repr=False)
    members: list[str] = field(default_factory=list)
    private: bool = False
    shared: bool = False
    is_im: bool = False
    archived: bool = False
    messages: list[Message] = field(default_factory=list, repr=False)

    @property
    def shown_name(self) -> str:
        """The name as a payload has it."""
        if self.is_im:
            return "directmessage"
        return "privategroup" if self.private else self.name

    def message(self, ts: str) -> Message | None:
        """The message of this time stamp, None if there is none or it was deleted."""
        return next((one for one in self.messages if one.ts == ts and not one.deleted), None)


@dataclass(slots=True, eq=False)
class Workspace:
    """A Slack workspace with the app installed in it."""

    id: str
    name: str
    domain: str
    scopes: set[str]
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    bot_user_id: str
    bot_id: str
    app_id: str
    enterprise_id: str | None = None
    enterprise_name: str | None = None
    org_install: bool = False
    token_state: TokenState = TokenState.ACTIVE
    installed_by: str = ""
    """Who added the app by OAuth; empty where that is not known."""
    members: dict[str, Member] = field(default_factory=dict, repr=False)
    channels: dict[str, Channel] = field(default_factory=dict, repr=False)

    def add_member(
        self,
        user_id: str,
        *,
        real_name: str,
        display_name: str = "",
        role: str = "member",
        is_bot: bool = False,
        deleted: bool = False,
        outside: bool = False,
        team_id: str = "",
        tz: str = "Europe/Amsterdam",
        tz_offset: int = 3600,
        locale: str = "en-US",
    ) -> Member:
        """Add somebody. `outside`: a member of another organisation, seen here through a shared channel."""
        member = Member(
            id=user_id,
            workspace=self,
            team_id=team_id or ("T0ELSEWHERE" if outside else self.id),
            real_name=real_name,
            display_name=display_name or real_name.partition(" ")[0].lower(),
            role=Role(role),
            is_bot=is_bot,
            deleted=deleted,
            outside=outside,
            tz=tz,
            tz_offset=tz_offset,
            locale=locale,
        )
        self.members[user_id] = member
        return member

    def add_channel(
        self,
        channel_id: str,
        name: str,
        *,
        members: Iterable[Member] = (),
        private: bool = False,
        shared: bool = False,
        with_bot: bool = False,
    ) -> Channel:
        """Add a channel. The app is in it only `with_bot`, as in Slack, where it must be invited."""
        ids = [member.id for member in members]
        if with_bot:
            ids.append(self.bot_user_id)
        channel = Channel(channel_id, name, self, ids, private=private, shared=shared)
        self.channels[channel_id] = channel
        return channel

    def direct_messages_with(self, user_id: str) -> Channel:
        """The app's direct messages with a member; begun on the first call."""
        channel_id = "D0" + user_id.removeprefix("U").removeprefix("W")
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(
                channel_id, "directmessage", self, [user_id, self.bot_user_id], private=True, is_im=True
            )
        return self.channels[channel_id]

    def person_called(self, name: str) -> Member | None:
        """The member whom `@name` means, by display name or user name, whatever the case."""
        wanted = name.casefold()
        names = ((one, (one.display_name.casefold(), one.username.casefold())) for one in self.members.values())
        return next((one for one, spellings in names if wanted in spellings), None)

    def channel_called(self, name: str) -> Channel | None:
        """The channel whom `#name` means."""
        return next((one for one in self.channels.values() if one.name == name and not one.is_im), None)


@dataclass(slots=True, eq=False)
class Trigger:
    """Leave to open one view, for three seconds. `from_view` is the dialog in which it arose."""

    id: str
    workspace: Workspace
    member: Member
    created: float
    from_view: str | None = None
    used: bool = False


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """An address that takes five messages in thirty minutes. `about` is the message that `replace_original` replaces.

    It is the one that was acted on; of a command, the newest that was written at the address. (What Slack does there
    is nowhere written; unconfirmed.)
    """

    key: str
    url: str
    member: Member
    channel: Channel
    created: float
    about: Message | None = None
    of_command: bool = False
    uses: int = 0


class Mint:
    """Makes ids, time stamps and hashes that no other thing of this stand-in has."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = itertools.count(first)
        self._last_stamp = 0

    def number(self) -> int:
        """A number that was not given out before."""
        return next(self._numbers)

    def id(self, letter: str) -> str:
        """An id as Slack writes them, such as V0000000001."""
        return f"{letter}{self.number():010d}"

    def stamp(self, now: float) -> str:
        """A time stamp, later than every one before it."""
        self._last_stamp = max(int(now * 1_000_000), self._last_stamp + 1)
        return f"{self._last_stamp // 1_000_000}.{self._last_stamp % 1_000_000:06d}"

    def hash(self, now: float) -> str:
        """The hash of a view as it is now."""
        return f"{int(now)}.{self.number():04d}{secrets.token_hex(2)}"

    def trigger(self) -> str:
        """A trigger id."""
        return f"{self.number()}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"


def visible_to(member: Member, channels: Sequence[Channel]) -> list[Message]:
    """Every message that a member sees in these channels or privately, oldest first."""
    posted = [one for channel in channels if member.id in channel.members for one in channel.messages]
    return sorted((one for one in [*posted, *member.private_messages] if not one.deleted), key=lambda one: one.ts)
