"""The events that Slack tells an app of, without their envelope. Builds dictionaries, sends nothing."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from bot.playground import payloads
from bot.playground.modals import OpenView
from bot.playground.people_shown import user_object
from bot.playground.state import Json, Member, Message

COMPOSER = "COMPOSER"
_LINK = re.compile(r"https?://[^\s<>|]+")


def app_home_opened(member: Member, tab: str, view: OpenView | None, event_ts: str) -> Json:
    """Somebody looks at the app's Home or Messages tab; `view` is what was published for them."""
    event: Json = {
        "type": "app_home_opened",
        "user": member.id,
        "channel": member.workspace.direct_messages_with(member.id).id,
        "tab": tab,
        "event_ts": event_ts,
    }
    return event | ({"view": payloads.view_object(view, member.workspace)} if view is not None else {})


def app_uninstalled(event_ts: str) -> Json:
    """The app was taken out of the workspace."""
    return {"type": "app_uninstalled", "event_ts": event_ts}


def tokens_revoked(bots: Sequence[str], event_ts: str) -> Json:
    """The tokens of these bot users work no longer."""
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": list(bots)}, "event_ts": event_ts}


def user_change(member: Member, now: float, event_ts: str) -> Json:
    """Something about a member changed, such as the name, the role or whether they are deactivated."""
    return {
        "type": "user_change",
        "user": user_object(member, with_locale=True),
        "cache_ts": int(now),
        "event_ts": event_ts,
    }


def link_shared(message: Message, links: Sequence[str], unfurl_id: str, event_ts: str) -> Json:
    """Links of the app's own domains stand in a message."""
    event: Json = {
        "type": "link_shared",
        "user": message.user,
        "channel": message.channel.id,
        "message_ts": message.ts,
        "links": _links(links),
        "source": "conversations_history",
        "unfurl_id": unfurl_id,
        "is_bot_user_member": message.channel.workspace.bot_user_id in message.channel.members,
        "event_ts": event_ts,
    }
    return event | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def link_typed(member: Member, links: Sequence[str], unfurl_id: str, event_ts: str) -> Json:
    """The same while somebody still types: there is no message yet, and no channel."""
    return {
        "type": "link_shared",
        "user": member.id,
        "channel": COMPOSER,
        "message_ts": unfurl_id,
        "links": _links(links),
        "source": "composer",
        "unfurl_id": unfurl_id,
        "is_bot_user_member": True,
        "event_ts": event_ts,
    }


def links_to(domains: Iterable[str], text: str) -> list[str]:
    """The addresses in a text that lead to these domains or below them."""
    found = [link.replace("&amp;", "&") for link in _LINK.findall(text)]
    return [link for link in dict.fromkeys(found) if is_at(domains, link)]


def is_at(domains: Iterable[str], link: str) -> bool:
    """Whether an address leads to one of these domains or below it."""
    host = urlsplit(link).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _links(links: Sequence[str]) -> list[Json]:
    return [{"url": link, "domain": urlsplit(link).hostname or ""} for link in links]
