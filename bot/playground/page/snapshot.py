"""What one member sees of Slack, as JSON for the page, and the calls behind the curtain."""

from collections.abc import Mapping

from bot.playground.log import Call, Direction
from bot.playground.modals import OpenView
from bot.playground.page.seats import Seat, Seats, shown_channels
from bot.playground.standin import StandIn
from bot.playground.state import SLACKBOT, Channel, Json, Member, Message, Workspace

MOST_MESSAGES = 200
"""In one channel: the newest."""
MOST_ANSWER = 4000
"""Characters of an answer that is no JSON."""


def snapshot(slack: StandIn, seats: Seats, seat: Seat) -> Json:
    """Everything that this member has before them."""
    member, workspace = seat.member, seat.member.workspace
    channels = shown_channels(member)
    return {
        "app": {
            "name": slack.manifest.name,
            "bot_user": workspace.bot_user_id,
            "home_enabled": slack.manifest.home_tab,
            "messages_enabled": slack.manifest.messages_tab,
        },
        "as": seat.key,
        "workspace": {"id": workspace.id, "name": workspace.name, "domain": workspace.domain},
        "me": {
            "id": member.id,
            "name": member.display_name,
            "real_name": member.real_name,
            "role": member.role.value,
            "note": seat.note,
        },
        "people": [_person(one) for one in seats.by_key.values()],
        "users": _users(workspace),
        "channels": [_channel(one, member) for one in channels],
        "messages": {one.id: _messages(one, member) for one in channels},
        "modals": [_view(one) for one in member.modals],
        "home": _view(member.home) if member.home else None,
        "troubles": list(member.troubles),
        "commands": [
            {"command": one.name, "description": one.description, "usage_hint": one.usage_hint}
            for one in (slack.manifest.commands or {}).values()
        ],
        "shortcuts": [
            {
                "callback_id": one.callback_id,
                "name": one.name,
                "description": one.description,
                "on_messages": one.on_messages,
            }
            for one in (slack.manifest.shortcuts or {}).values()
        ],
    }


def call_entry(slack: StandIn, call: Call) -> Json:
    """One request with its answer; no token is in it."""
    exchange = slack.sent(call.id)
    answer = call.answer
    if answer is None and exchange is not None and exchange.body:
        answer = exchange.body[:MOST_ANSWER].decode("utf-8", "replace")
    headers: Mapping[str, str] | None = call.headers
    return {
        "id": call.id,
        "direction": call.direction.value,
        "name": call.name,
        "at": call.at,
        "milliseconds": round(call.milliseconds, 1),
        "status": call.status,
        "request_headers": None if headers is None else dict(headers),
        "payload": call.arguments,
        "answer": answer,
        "failure": call.failure,
        "can_resend": call.direction is Direction.TO_APP and exchange is not None,
    }


def _person(seat: Seat) -> Json:
    member = seat.member
    return {
        "as": seat.key,
        "name": member.display_name,
        "real_name": member.real_name,
        "role": member.role.value,
        "workspace": member.workspace.id,
        "workspace_name": member.workspace.name,
        "note": seat.note,
    }


def _users(workspace: Workspace) -> Json:
    slackbot = {"name": "slackbot", "real_name": "Slackbot", "is_bot": True, "deleted": False, "outside": False}
    members = {
        member.id: {
            "name": member.display_name,
            "real_name": member.real_name,
            "is_bot": member.is_bot,
            "deleted": member.deleted,
            "outside": member.outside,
        }
        for member in workspace.members.values()
    }
    return members | {SLACKBOT: slackbot}


def _channel(channel: Channel, member: Member) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": "im" if channel.is_im else "private" if channel.private else "channel",
        "shared": channel.shared,
        "archived": channel.archived,
        "member": member.id in channel.members,
    }


def _messages(channel: Channel, member: Member) -> list[Json]:
    private = [one for one in member.private_messages if one.channel is channel]
    seen = sorted((one for one in [*channel.messages, *private] if not one.deleted), key=lambda one: one.ts)
    return [_message(one) for one in seen[-MOST_MESSAGES:]]


def _message(message: Message) -> Json:
    return {
        "ts": message.ts,
        "channel": message.channel.id,
        "user": message.user,
        "by_app": message.bot_id is not None,
        "only_you": message.ephemeral_for is not None,
        "slackbot": message.user == SLACKBOT,
        "text": message.text,
        "blocks": message.blocks,
        "edited": message.edited,
        "values": message.values,
        "thread_ts": message.thread_ts,
        "unfurls": message.unfurls,
    }


def _view(view: OpenView) -> Json:
    return {
        "id": view.id,
        "hash": view.hash,
        "type": view.type,
        "title": view.title_object,
        "submit": view.submit,
        "close": view.close,
        "blocks": view.blocks,
        "values": view.values,
        "errors": view.errors,
        "failure": view.failure,
        "previous": view.previous_view_id,
        "notify_on_close": view.notify_on_close,
        "clear_on_close": view.clear_on_close,
    }
