"""What a Slack app's manifest promises: its commands, shortcuts and scopes. Takes a parsed manifest, reads no file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EVERY_SCOPE = frozenset(
    {
        "channels:read",
        "chat:write",
        "commands",
        "groups:read",
        "im:read",
        "im:write",
        "links:read",
        "links:write",
        "mpim:read",
        "users:read",
    }
)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, `name` with its slash."""

    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut; `on_messages` tells the one in a message's menu from the global one."""

    name: str
    callback_id: str
    on_messages: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class AppManifest:
    """What the app declares. `commands` is None where no manifest is known: then every command exists."""

    name: str = "App"
    commands: Mapping[str, Command] | None = None
    shortcuts: Mapping[str, Shortcut] | None = None
    scopes: frozenset[str] = EVERY_SCOPE
    events: frozenset[str] | None = None
    unfurl_domains: tuple[str, ...] = ()
    home_tab: bool = True
    messages_tab: bool = True
    redirect_urls: tuple[str, ...] | None = None
    """Where people may be sent back to after signing in; None where no manifest is known: anywhere."""

    def command(self, name: str) -> Command | None:
        """The command of this name, None if the app has none."""
        if self.commands is None:
            return Command(name, should_escape=True)
        return self.commands.get(name)

    def shortcut(self, callback_id: str, *, on_messages: bool) -> Shortcut | None:
        """The shortcut of this kind and callback id, None if the app has none."""
        if self.shortcuts is None:
            return Shortcut(callback_id, callback_id, on_messages)
        found = self.shortcuts.get(callback_id)
        return found if found is not None and found.on_messages == on_messages else None

    def hears(self, event_type: str) -> bool:
        """Whether the app has subscribed to events of this type."""
        return self.events is None or event_type in self.events


def read_manifest(manifest: Mapping[str, Any]) -> AppManifest:
    """The promises of a parsed `manifest.yml` or `manifest.json`."""
    features: Mapping[str, Any] = manifest.get("features", {})
    app_home: Mapping[str, Any] = features.get("app_home", {})
    settings: Mapping[str, Any] = manifest.get("settings", {})
    oauth: Mapping[str, Any] = manifest.get("oauth_config", {})
    scopes: Mapping[str, Any] = oauth.get("scopes", {})
    commands = [
        Command(
            name=entry["command"],
            description=entry.get("description", ""),
            usage_hint=entry.get("usage_hint", ""),
            should_escape=entry.get("should_escape", False),
        )
        for entry in features.get("slash_commands", [])
    ]
    shortcuts = [
        Shortcut(
            name=entry["name"],
            callback_id=entry["callback_id"],
            on_messages=entry.get("type") == "message",
            description=entry.get("description", ""),
        )
        for entry in features.get("shortcuts", [])
    ]
    return AppManifest(
        name=manifest.get("display_information", {}).get("name", "App"),
        commands={command.name: command for command in commands},
        shortcuts={shortcut.callback_id: shortcut for shortcut in shortcuts},
        scopes=frozenset([*scopes.get("bot", []), *scopes.get("bot_optional", [])]),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        unfurl_domains=tuple(features.get("unfurl_domains", [])),
        home_tab=bool(app_home.get("home_tab_enabled")),
        messages_tab=bool(app_home.get("messages_tab_enabled")),
        redirect_urls=tuple(oauth.get("redirect_urls", [])),
    )
