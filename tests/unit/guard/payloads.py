"""One payload of each kind, with the fields that Slack sends."""

import copy
from typing import Any

PERSON: dict[str, Any] = {"id": "U0ANNA", "username": "anna", "name": "anna", "team_id": "T0ACME"}
FROM: dict[str, Any] = {
    "user": PERSON,
    "team": {"id": "T0ACME", "domain": "acme"},
    "api_app_id": "A0ROOM",
    "token": "x",
    "enterprise": None,
    "is_enterprise_install": False,
    "trigger_id": "1.2.x",
}
VIEW: dict[str, Any] = {
    "id": "V0PMI",
    "team_id": "T0ACME",
    "type": "modal",
    "blocks": [{"type": "input", "block_id": "pmi"}],
    "private_metadata": "",
    "callback_id": "pmi",
    "state": {
        "values": {
            "pmi": {"number": {"type": "plain_text_input", "value": None}},
            "use": {"instant": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
        }
    },
    "hash": "1.abc",
    "previous_view_id": None,
    "root_view_id": "V0PMI",
    "external_id": "",
    "app_installed_team_id": "T0ACME",
}
ACTION: dict[str, Any] = {"action_id": "edit", "block_id": "card", "type": "button", "value": "x", "action_ts": "1.2"}
GOOD: dict[str, dict[str, Any]] = {
    "block_actions": {
        "type": "block_actions",
        **FROM,
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "C0GENERAL", "is_ephemeral": True},
        "channel": {"id": "C0GENERAL", "name": "general"},
        "message": {"type": "message", "user": "U0BOT", "ts": "1.2", "text": "hello"},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/x",
        "actions": [ACTION],
    },
    "block_actions in a modal": {"type": "block_actions", **FROM, "view": VIEW, "actions": [ACTION]},
    "view_submission": {"type": "view_submission", **FROM, "view": VIEW, "response_urls": []},
    "view_closed": {"type": "view_closed", **FROM, "view": VIEW, "is_cleared": False},
    "block_suggestion": {"type": "block_suggestion", **FROM, "action_id": "a", "block_id": "b", "value": ""},
    "shortcut": {"type": "shortcut", **FROM, "callback_id": "start", "action_ts": "1.2"},
    "message_action": {
        "type": "message_action",
        **FROM,
        "callback_id": "discuss",
        "channel": {"id": "C0GENERAL", "name": "general"},
        "message": {"type": "message", "user": "U0ANNA", "ts": "1.2", "text": "x" * 600_000},
        "response_url": "https://hooks.slack.com/app/x",
    },
    "event_callback": {
        "type": "event_callback",
        "token": "x",
        "team_id": "T0ACME",
        "api_app_id": "A0ROOM",
        "event": {"type": "app_home_opened", "user": "U0ANNA", "channel": "D0", "tab": "home", "view": VIEW},
        "event_id": "Ev0",
        "event_time": 1,
        "authorizations": [{"enterprise_id": None, "team_id": "T0ACME", "user_id": "U0BOT", "is_bot": True}],
    },
    "user_change": {
        "type": "event_callback",
        "team_id": "T0ACME",
        "event_id": "Ev1",
        "event": {"type": "user_change", "user": {"id": "W0ANNA", "team_id": "T0ACME", "deleted": True}},
    },
    "url_verification": {"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"},
    "app_rate_limited": {"type": "app_rate_limited", "team_id": "T0ACME", "minute_rate_limited": 1},
    "an organisation": {"type": "shortcut", **FROM, "callback_id": "s", "team": None, "enterprise": {"id": "E0ORG"}},
    "no user name": {"type": "shortcut", **FROM, "callback_id": "s", "user": {"id": "W0ANNA"}},
    "an unknown field": {"type": "shortcut", **FROM, "callback_id": "s", "new": [{"deep": [None, 1]}]},
}


def changed(good: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A payload with another value at this path, or with nothing there for `...`."""
    body: dict[str, Any] = copy.deepcopy(good)
    *way, last = path.split(".")
    place: Any = body
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return body


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of a payload, the whole first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for key, item in inner for place in places(item, (*way, key)))]
