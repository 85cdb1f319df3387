"""Web API methods that post, change, delete and unfurl messages."""

from collections.abc import Mapping
from typing import Any

from bot.playground.asked import Asked, Method, invalid
from bot.playground.events import is_at
from bot.playground.payloads import message_object
from bot.playground.state import Channel, Json, Message
from bot.playground.validate import EDITED_TEXT_LENGTH, TEXT_LENGTH, message_problems, unfurl_problems
from bot.playground.world import Refused

MARKDOWN = 12_000
SOURCES = {"composer", "conversations_history"}


def post_message(asked: Asked) -> Json:
    """`chat.postMessage`: into a channel that the app is in, or to a member directly."""
    channel = _channel_to_write(asked)
    message = asked.world.post(channel, _content(asked))
    return {"channel": channel.id, "ts": message.ts, "message": message_object(message)}


def post_ephemeral(asked: Asked) -> Json:
    """`chat.postEphemeral`: into a channel, for one of its members only."""
    channel = _channel_to_write(asked)
    user_id = asked.text("user")
    if user_id not in channel.members:
        raise Refused("user_not_in_channel")
    message = asked.world.post(channel, _content(asked), ephemeral_for=asked.member(user_id))
    return {"message_ts": message.ts}


def update(asked: Asked) -> Json:
    """`chat.update`: the app's own message, in place."""
    message = _own_message(asked, "cant_update_message")
    if message.channel.archived:
        raise Refused("is_inactive")
    asked.world.fill(message, _content(asked, EDITED_TEXT_LENGTH))
    message.edited = True
    asked.world.changed()
    shown = message_object(message)
    return {"channel": message.channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(asked: Asked) -> Json:
    """`chat.delete`: the app's own message."""
    message = _own_message(asked, "cant_delete_message")
    asked.world.delete(message)
    return {"channel": message.channel.id, "ts": message.ts}


def permalink(asked: Asked) -> Json:
    """`chat.getPermalink`: the address of a message."""
    channel = asked.channel(asked.text("channel"))
    message = channel.message(asked.text("message_ts"))
    if message is None:
        raise Refused("message_not_found")
    address = f"https://{channel.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


def unfurl(asked: Asked) -> Json:
    """`chat.unfurl`: what a link in somebody's message shows; in the composer by `unfurl_id` and `source`."""
    unfurls = _unfurls(asked)
    if asked.text("unfurl_id") or asked.text("source"):
        if not asked.text("unfurl_id"):
            raise Refused("missing_unfurl_id")
        if not asked.text("source"):
            raise Refused("missing_source")
        if asked.text("source") not in SOURCES:
            raise Refused("invalid_source")
        _are_ours(asked, unfurls)
        posted = asked.world.unfurl_ids.get(asked.text("unfurl_id"))
        # In the composer there is no message yet, and nobody but the writer sees what it would show.
        return {} if posted is None else _attached(asked, posted, unfurls)
    for name in ("channel", "ts"):
        if not asked.text(name):
            raise Refused(f"missing_{name}")
    message = asked.channel(asked.text("channel"), "cannot_find_channel").message(asked.text("ts"))
    if message is None:
        raise Refused("cannot_find_message")
    _are_ours(asked, unfurls)
    return _attached(asked, message, unfurls)


def _attached(asked: Asked, message: Message, unfurls: Json) -> Json:
    if not all(url.replace("&", "&amp;") in message.text or url in message.text for url in unfurls):
        raise Refused("cannot_unfurl_message")
    message.unfurls.update(unfurls)
    asked.world.changed()
    return {}


def _unfurls(asked: Asked) -> Json:
    if asked.arguments.get("unfurls") in (None, ""):
        raise Refused("missing_unfurls")
    try:
        unfurls: Any = asked.structured("unfurls")
    except Refused:
        raise Refused("invalid_unfurls_format") from None
    problems = unfurl_problems(unfurls)
    if problems:
        raise Refused(problems.error, **problems.beside)
    if not unfurls:
        raise Refused("missing_unfurls")
    return dict(unfurls)


def _are_ours(asked: Asked, unfurls: Json) -> None:
    """Refuse addresses outside the domains that the manifest registers."""
    domains = asked.world.manifest.unfurl_domains
    for url in unfurls:
        if domains and not is_at(domains, url):
            raise Refused("cannot_unfurl_url")


def _channel_to_write(asked: Asked) -> Channel:
    channel = asked.address(asked.text("channel"))
    if channel.archived:
        raise Refused("is_archived")
    if channel.workspace.bot_user_id not in channel.members:
        raise Refused("channel_not_found" if channel.private else "not_in_channel")
    if channel.is_im and not asked.world.manifest.messages_tab:
        raise Refused("messages_tab_disabled")
    return channel


def _content(asked: Asked, most: int = TEXT_LENGTH) -> Json:
    """The message's text and blocks, refused where Slack would refuse them."""
    content: Json = {key: asked.arguments[key] for key in ("text", "thread_ts") if key in asked.arguments}
    for key in ("blocks", "attachments"):
        try:
            given = asked.structured(key)
        except Refused:
            raise Refused("invalid_blocks_format" if key == "blocks" else "invalid_attachments") from None
        if given is not None:
            content[key] = given
    if asked.text("markdown_text"):
        content = _marked_down(asked, content)
    problems = message_problems(content, most)
    if problems:
        raise Refused(problems.error, errors=problems.plainly, **problems.beside)
    return content


def _marked_down(asked: Asked, content: Json) -> Json:
    """The content of a message that comes as `markdown_text`."""
    if "text" in content or "blocks" in content:
        raise Refused("markdown_text_conflict")
    text = asked.text("markdown_text")
    if len(text) > MARKDOWN:
        raise invalid(f"[ERROR] must be less than {MARKDOWN + 1} characters [json-pointer:/markdown_text]")
    return {**content, "text": text, "blocks": [{"type": "markdown", "text": text}]}


def _own_message(asked: Asked, error: str) -> Message:
    message = asked.channel(asked.text("channel")).message(asked.text("ts"))
    if message is None:
        raise Refused("message_not_found")
    if message.bot_id is None:
        raise Refused(error)
    return message


_WRITE = ("chat:write",)
CHAT_METHODS: Mapping[str, Method] = {
    "chat.postMessage": Method(post_message, ("channel",), _WRITE),
    "chat.postEphemeral": Method(post_ephemeral, ("user", "channel"), _WRITE),
    "chat.update": Method(update, ("ts", "channel"), _WRITE),
    "chat.delete": Method(delete, ("ts", "channel"), _WRITE),
    "chat.getPermalink": Method(permalink, ("channel", "message_ts"), reads=True),
    "chat.unfurl": Method(unfurl, scopes=("links:write",)),
}
