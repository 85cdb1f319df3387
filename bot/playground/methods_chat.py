"""Web API methods that post, change, delete and unfurl messages."""

from collections.abc import Mapping

from bot.playground.methods_people import Asked, Method
from bot.playground.payloads import message_object
from bot.playground.state import Channel, Json, Message
from bot.playground.validate import message_problems
from bot.playground.world import Refused


def post_message(asked: Asked) -> Json:
    """`chat.postMessage`: into a channel that the app is in, or to a member directly."""
    asked.needs_scope("chat:write")
    channel = _channel_to_write(asked)
    message = asked.world.post(channel, _content(asked))
    return {"channel": channel.id, "ts": message.ts, "message": message_object(message)}


def post_ephemeral(asked: Asked) -> Json:
    """`chat.postEphemeral`: into a channel, for one of its members only."""
    asked.needs_scope("chat:write")
    asked.needs("user")
    channel = _channel_to_write(asked)
    user_id = asked.text("user")
    if user_id not in channel.members:
        raise Refused("user_not_in_channel")
    message = asked.world.post(channel, _content(asked), ephemeral_for=asked.member(user_id))
    return {"message_ts": message.ts}


def update(asked: Asked) -> Json:
    """`chat.update`: the app's own message, in place."""
    asked.needs_scope("chat:write")
    message = _own_message(asked, "cant_update_message")
    asked.world.fill(message, _content(asked))
    message.edited = True
    asked.world.changed()
    shown = message_object(message)
    return {"channel": message.channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(asked: Asked) -> Json:
    """`chat.delete`: the app's own message."""
    asked.needs_scope("chat:write")
    message = _own_message(asked, "cant_delete_message")
    asked.world.delete(message)
    return {"channel": message.channel.id, "ts": message.ts}


def unfurl(asked: Asked) -> Json:
    """`chat.unfurl`: what a link in somebody's message shows; in the composer by `unfurl_id` and `source`."""
    asked.needs_scope("links:write")
    unfurls = asked.structured("unfurls")
    if not isinstance(unfurls, dict) or not unfurls:
        raise Refused("missing_unfurls")
    if asked.text("unfurl_id"):
        asked.needs("source")
        return {}
    asked.needs("channel", "ts")
    message = asked.channel(asked.text("channel")).message(asked.text("ts"))
    if message is None:
        raise Refused("cannot_find_message")
    message.unfurls.update(unfurls)
    asked.world.changed()
    return {}


def _channel_to_write(asked: Asked) -> Channel:
    asked.needs("channel")
    channel = asked.channel(asked.text("channel"))
    if channel.archived:
        raise Refused("is_archived")
    if channel.workspace.bot_user_id not in channel.members:
        raise Refused("channel_not_found" if channel.private else "not_in_channel")
    return channel


def _content(asked: Asked) -> Json:
    """The message's text and blocks, refused where Slack would refuse them."""
    content: Json = {key: asked.arguments[key] for key in ("text", "thread_ts") if key in asked.arguments}
    blocks = asked.structured("blocks")
    if blocks is not None:
        content["blocks"] = blocks
    problems = message_problems(content)
    if problems:
        messages = {"messages": list(problems.messages)}
        raise Refused(problems.error, errors=problems.plainly, response_metadata=messages)
    return content


def _own_message(asked: Asked, error: str) -> Message:
    asked.needs("channel", "ts")
    message = asked.channel(asked.text("channel")).message(asked.text("ts"))
    if message is None:
        raise Refused("message_not_found")
    if message.bot_id is None:
        raise Refused(error)
    return message


CHAT_METHODS: Mapping[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.unfurl": unfurl,
}
