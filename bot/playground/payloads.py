"""The payloads that Slack sends, every field that real ones have. Builds dictionaries, sends nothing."""

from bot.playground.modals import OpenView
from bot.playground.state import Channel, Json, Member, Message, Trigger, Workspace

VERIFICATION_TOKEN = "verification-token"  # noqa: S105 - deprecated by Slack, and secret to nobody


def slash_command(member: Member, channel: Channel, command: str, text: str, urls: tuple[str, str]) -> dict[str, str]:
    """The form fields of a slash command; `urls` are the response URL and the trigger id."""
    workspace = member.workspace
    fields = {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.shown_name,
        "user_id": member.id,
        "user_name": member.username,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "true" if workspace.org_install else "false",
    }
    if workspace.enterprise_id:
        fields["enterprise_id"] = workspace.enterprise_id
        fields["enterprise_name"] = workspace.enterprise_name or workspace.enterprise_id
    fields["response_url"], fields["trigger_id"] = urls
    return fields


def block_action(member: Member, action: Json, trigger: Trigger) -> Json:
    """What every `block_actions` payload has; add the place with `on_message` or `on_view`."""
    return {
        "type": "block_actions",
        "user": _user(member),
        "api_app_id": member.workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "trigger_id": trigger.id,
        **_install(member.workspace),
        "actions": [action],
    }


def on_message(message: Message, response_url: str) -> Json:
    """The place of an action on a message. Slack sends no `message` where it is ephemeral."""
    ephemeral = message.ephemeral_for is not None
    place: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel.id,
            "is_ephemeral": ephemeral,
        },
        "channel": _channel(message.channel),
        "state": {"values": message.values},
        "response_url": response_url,
    }
    if not ephemeral:
        place["message"] = message_object(message)
    return place


def on_view(view: OpenView, workspace: Workspace) -> Json:
    """The place of an action in a dialog or Home tab."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view_object(view, workspace)}


def view_submission(member: Member, view: OpenView, trigger: Trigger, response_urls: list[Json]) -> Json:
    """A dialog that somebody submits."""
    return {
        "type": "view_submission",
        "user": _user(member),
        "api_app_id": member.workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "trigger_id": trigger.id,
        "view": view_object(view, member.workspace),
        "response_urls": response_urls,
        **_install(member.workspace),
    }


def view_closed(member: Member, view: OpenView, *, cleared: bool) -> Json:
    """A dialog that somebody closes; `cleared` where the whole stack went."""
    return {
        "type": "view_closed",
        "user": _user(member),
        "api_app_id": member.workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "view": view_object(view, member.workspace),
        "is_cleared": cleared,
        **_install(member.workspace),
    }


def block_suggestion(member: Member, typed: str, block_id: str, action_id: str, place: Json) -> Json:
    """Somebody types into a menu whose options the app supplies."""
    return {
        "type": "block_suggestion",
        "user": _user(member),
        "api_app_id": member.workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "action_id": action_id,
        "block_id": block_id,
        "value": typed,
        **_install(member.workspace),
        **place,
    }


def global_shortcut(member: Member, callback_id: str, trigger: Trigger, action_ts: str) -> Json:
    """A global shortcut."""
    return {
        "type": "shortcut",
        "token": VERIFICATION_TOKEN,
        "action_ts": action_ts,
        **_install(member.workspace),
        "user": {"id": member.id, "username": member.username, "team_id": member.team_id},
        "callback_id": callback_id,
        "trigger_id": trigger.id,
    }


def message_shortcut(
    member: Member, callback_id: str, message: Message, trigger: Trigger, *, action_ts: str, response_url: str
) -> Json:
    """A shortcut from a message's menu."""
    return {
        "type": "message_action",
        "token": VERIFICATION_TOKEN,
        "action_ts": action_ts,
        **_install(member.workspace),
        "user": {"id": member.id, "name": member.username, "team_id": member.team_id, "username": member.username},
        "channel": _channel(message.channel),
        "callback_id": callback_id,
        "trigger_id": trigger.id,
        "response_url": response_url,
        "message_ts": message.ts,
        "message": message_object(message),
    }


def event_callback(workspace: Workspace, event: Json, event_id: str, now: float) -> Json:
    """The envelope of an event."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.id,
        "enterprise_id": workspace.enterprise_id,
        "context_team_id": workspace.id,
        "context_enterprise_id": workspace.enterprise_id,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": workspace.enterprise_id,
                "team_id": None if workspace.org_install else workspace.id,
                "user_id": workspace.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": workspace.org_install,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def view_object(view: OpenView, workspace: Workspace) -> Json:
    """A view as payloads and answers of the Web API show it."""
    return {
        "id": view.id,
        "team_id": view.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "title": view.title_object,
        "clear_on_close": view.clear_on_close,
        "notify_on_close": view.notify_on_close,
        "close": view.close,
        "submit": view.submit,
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": workspace.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": workspace.enterprise_id if workspace.org_install else workspace.id,
        "bot_id": workspace.bot_id,
    }


def message_object(message: Message) -> Json:
    """A message as payloads and answers of the Web API show it."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": message.channel.workspace.id,
    }
    if message.bot_id:
        shown["bot_id"] = message.bot_id
        shown["app_id"] = message.channel.workspace.app_id
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    return shown


def _user(member: Member) -> Json:
    return {"id": member.id, "username": member.username, "name": member.username, "team_id": member.team_id}


def _channel(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel.shown_name}


def _install(workspace: Workspace) -> Json:
    """The workspace and organisation, as every interaction names them."""
    team: Json = {"id": workspace.id, "domain": workspace.domain}
    enterprise = None
    if workspace.enterprise_id:
        name = workspace.enterprise_name or workspace.enterprise_id
        team |= {"enterprise_id": workspace.enterprise_id, "enterprise_name": name}
        enterprise = {"id": workspace.enterprise_id, "name": name}
    return {"team": team, "enterprise": enterprise, "is_enterprise_install": workspace.org_install}
