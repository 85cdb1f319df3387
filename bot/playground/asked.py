"""One call of a Web API method, and what every method stands on: arguments, scopes, refusals. No HTTP here."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.playground.state import Channel, Json, Member, Workspace
from bot.playground.world import Refused, World

PAGE = 100
PAGE_LIMIT = 1000
"""No page holds more."""
ARGUMENT = re.compile(r"[A-Za-z0-9_]{1,255}")


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

    def channel(self, channel_id: str, error: str = "channel_not_found") -> Channel:
        """The channel of this id in any of the token's workspaces."""
        for workspace in self.workspaces:
            if channel_id in workspace.channels:
                return workspace.channels[channel_id]
        raise Refused(error)

    def address(self, wanted: str) -> Channel:
        """Where a message goes: a channel's id or `#name`, or a member's id, which stands for direct messages."""
        for workspace in self.workspaces:
            named = workspace.channel_called(wanted[1:]) if wanted.startswith("#") else None
            if named is not None:
                return named
            if wanted in workspace.members:
                return workspace.direct_messages_with(wanted)
        return self.channel(wanted)

    def page(self, everything: list[Any]) -> tuple[list[Any], str]:
        """The page that `cursor` and `limit` mean, and the next cursor, empty at the end."""
        limit = min(self.number("limit", PAGE) or PAGE, PAGE_LIMIT)
        cursor = self.text("cursor")
        if cursor and not (cursor.isascii() and cursor.isdigit()):
            raise Refused("invalid_cursor")
        start = int(cursor or 0)
        rest = start + limit
        return everything[start:rest], str(rest) if rest < len(everything) else ""


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method.

    Args:
        does: what it does; returns what stands beside `ok`.
        needs: the arguments that it cannot do without.
        scopes: of which the token must have one, none where any token will do.
        reads: whether its arguments count in the address and in a form only, not in JSON.
    """

    does: Callable[[Asked], Json]
    needs: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    reads: bool = False

    def __call__(self, asked: Asked) -> Json:
        """Do it, once scope and arguments are there."""
        if self.scopes:
            asked.needs_scope(*self.scopes)
        asked.needs(*self.needs)
        return self.does(asked)


def invalid(*messages: str) -> Refused:
    """Slack's refusal of arguments, with its reasons."""
    return Refused("invalid_arguments", response_metadata={"messages": list(messages)})


def named_well(arguments: Json) -> None:
    """Refuse arguments whose names no method could have. Names that it merely does not know, Slack overlooks."""
    if not all(ARGUMENT.fullmatch(name) for name in arguments):
        raise Refused("invalid_arg_name")
