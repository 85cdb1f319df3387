"""The Slack app as a manifest: the one source. `manifest.yml` is its rendering, and a test holds them equal.

Only what is shipped is in it: no scope, event or shortcut without a feature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.ids import Event, Shortcut

NAME = "Standing Room"
DESCRIPTION = "A meeting room that is permanently yours: its number and its link, set without leaving Slack."
LONG_DESCRIPTION = (
    "Everybody gets a meeting room that is permanently theirs, reached by a Personal Meeting ID (PMI) and, if they "
    "like, a personal link. They see both, check and change them, find free ones near their wish, and start meetings, "
    "on the app's Home, by typing slash commands and filling dialogs. Every answer is private to the person who asked; "
    "a channel sees what is meant for it: a card to join a meeting that was started there."
)
BACKGROUND = "#1f6f5c"
SCOPES = ("commands", "chat:write", "im:write", "users:read")
"""The least set: commands; messages; direct messages where nothing else reaches a person; names, roles and leavers."""
OPTIONAL_SCOPES = ("links:read", "links:write", "channels:read", "groups:read")
"""What an administrator may decline, with what is lost then: the cards under pasted addresses; knowledge of who reads
along in a channel, so that sharing a room is asked about everywhere."""
EVENTS = tuple(Event)
"""That the app was uninstalled, its token revoked, its Home opened, or an address of ours pasted somewhere."""
PLACEHOLDER = "https://example.com"
"""Stands in `manifest.yml` until somebody puts their own address there."""
EVENTS_PATH = "/slack/events"
CALLBACK_PATH = "/slack/sign-in/callback"
"""Where Slack sends people back to who sign in on a join page."""
INSTALLED_PATH = "/slack/oauth_redirect"
"""Where Slack sends people back to who have added the app to a workspace."""


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A slash command as Slack lists it."""

    command: str
    description: str
    usage_hint: str


@dataclass(frozen=True, slots=True)
class ShortcutEntry:
    """A shortcut as Slack lists it."""

    name: str
    callback_id: Shortcut
    description: str
    on_messages: bool = False


SHORTCUTS = (
    ShortcutEntry("Start my room", Shortcut.START, "Start a meeting of yours at once, with one click"),
    ShortcutEntry("Schedule a meeting", Shortcut.SCHEDULE, "Plan a meeting and invite people and channels to it"),
    ShortcutEntry(
        "Discuss in my room",
        Shortcut.DISCUSS,
        "Start a meeting about a message, and post the way in beneath it",
        on_messages=True,
    ),
)
"""The shortcuts, in English as all of a manifest."""


def manifest(commands: Sequence[CommandEntry], url: str | None = None, *, socket: bool = False) -> dict[str, object]:
    """The manifest for an install over HTTP at this public address, or in Socket Mode, which needs none."""
    address = {} if socket else {"url": (url or PLACEHOLDER).rstrip("/") + EVENTS_PATH}
    backs = [(url or PLACEHOLDER).rstrip("/") + path for path in (CALLBACK_PATH, INSTALLED_PATH)]
    redirect_urls = {} if socket else {"redirect_urls": backs}
    request_url = {} if socket else {"request_url": address["url"]}
    host = urlsplit(url or PLACEHOLDER).hostname
    # Without an address there is nothing that Slack could look for in messages.
    unfurled = {"unfurl_domains": [host]} if not socket and host else {}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": BACKGROUND,
        },
        "features": {
            **unfurled,
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                {
                    "command": entry.command,
                    **address,
                    "description": entry.description,
                    "usage_hint": entry.usage_hint,
                    "should_escape": True,
                }
                for entry in commands
            ],
            "shortcuts": [
                {
                    "name": entry.name,
                    "type": "message" if entry.on_messages else "global",
                    "callback_id": entry.callback_id.value,
                    "description": entry.description,
                }
                for entry in SHORTCUTS
            ],
        },
        "oauth_config": {
            **redirect_urls,
            "scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": [event.value for event in EVENTS]},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }
