"""What Slack's requests look like, as far as Bolt or we would stumble: tables of fields, and one question about them.

Strict about the fields that are read, silent about all others, so that Slack may add fields but never break us.
Pure: no HTTP, no signature, no logging.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

Check: TypeAlias = Callable[[object], bool]

MOST_ACTIONS = 25
"""Elements in one block of actions; Slack sends one action at a time."""
LONGEST_METADATA = 3000
LONGEST_CALLBACK_ID = 255

_ABSENT = object()
_ID = re.compile(r"\A[A-Z0-9]{2,32}\Z")


class Fields:
    """A check for each field that is read, by name. What is not in the table may be anything."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self.checks = checks
        self.required = tuple(name for name, check in checks.items() if not check(_ABSENT))

    def fit(self, value: object) -> bool:
        """Whether this is an object with every field that must be there, and each field as its check says."""
        if not isinstance(value, dict) or any(name not in value for name in self.required):
            return False
        # What is there is looked up in the table, not the table in what is there: payloads have few of its fields.
        checks = self.checks
        for name, item in value.items():
            check = checks.get(name)
            if check is not None and not check(item):
                return False
        return True


def well_shaped(body: Mapping[str, object]) -> bool:
    """Whether this is a slash command, an interaction or an event whose fields have the types that are relied on."""
    if not _CONTEXT.fit(body):
        return False
    if "command" in body:
        return "type" not in body and _COMMAND.fit(body) and _is_of_a_workspace(body)
    kind = body.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        return False
    if kind in _FROM_A_PERSON and not _PERSON.fit(body):
        return False
    if kind in _OF_A_WORKSPACE and not _is_of_a_workspace(body):
        return False
    return _KINDS[kind].fit(body)


def is_ssl_check(body: Mapping[str, object]) -> bool:
    """Whether Slack only tries the certificate of a slash command's address, with `ssl_check=1` and a token."""
    return body.get("ssl_check") == "1" and body.keys() <= {"ssl_check", "token"}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.match(value) is not None


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _text_up_to(length: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= length


def _maybe(check: Check) -> Check:
    """Absent, null, or as the check says."""
    return lambda value: value is _ABSENT or value is None or check(value)


def _if_there(check: Check) -> Check:
    """Absent, or as the check says; null stumbles."""
    return lambda value: value is _ABSENT or check(value)


def _list_of(check: Check, *, least: int = 0, most: int | None = None) -> Check:
    return lambda value: (
        isinstance(value, list)
        and least <= len(value)
        and (most is None or len(value) <= most)
        and all(check(item) for item in value)
    )


def _object_of(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(check(item) for item in value.values())


def _with(checks: Mapping[str, Check]) -> Check:
    return Fields(checks).fit


def _is_id_or_object(value: object) -> bool:
    """An id, or an object that may hold one: Slack writes users, teams and channels both ways."""
    return isinstance(value, str) or _PARTY.fit(value)


def _is_context(value: object) -> bool:
    return _CONTEXT.fit(value)


def _is_of_a_workspace(body: Mapping[str, object]) -> bool:
    """Whether the workspace or the organisation is named, by an id that a row can be kept under."""
    named = [_id_in(body.get(place)) for place in ("team", "enterprise")]
    named += [body.get(place) or None for place in ("team_id", "enterprise_id")]
    given = [identity for identity in named if identity is not None]
    return bool(given) and all(_is_id(identity) for identity in given)


def _id_in(value: object) -> object:
    return value.get("id") if isinstance(value, dict) else value


_PARTY = Fields({"id": _maybe(_is_text), "team_id": _maybe(_is_text)})
_CHOICE = {"value": _if_there(_is_text)}
_ELEMENT = {
    "type": _maybe(_is_text),
    "value": _maybe(_is_text),
    "selected_option": _maybe(_with(_CHOICE)),
    "selected_options": _maybe(_list_of(_with(_CHOICE))),
    "selected_date": _maybe(_is_text),
    "selected_time": _maybe(_is_text),
    "selected_user": _maybe(_is_text),
    "selected_users": _maybe(_list_of(_is_text)),
    "selected_channel": _maybe(_is_text),
    "selected_conversation": _maybe(_is_text),
}
_VALUES = _object_of(_object_of(_with(_ELEMENT)))
_STATE = {"values": _maybe(_VALUES)}
_FILLED_STATE = {"values": _VALUES}
_VIEW = {
    "id": _maybe(_is_text),
    "type": _maybe(_is_text),
    "callback_id": _maybe(_text_up_to(LONGEST_CALLBACK_ID)),
    "private_metadata": _maybe(_text_up_to(LONGEST_METADATA)),
    "external_id": _maybe(_is_text),
    "hash": _maybe(_is_text),
    "team_id": _maybe(_is_text),
    "app_installed_team_id": _maybe(_is_id),
    "root_view_id": _maybe(_is_text),
    "blocks": _maybe(_list_of(_is_object)),
    "state": _maybe(_with(_STATE)),
}
_OPEN_VIEW = {
    "id": _is_text,
    "type": _is_text,
    "callback_id": _is_text,
    "private_metadata": _if_there(_is_text),
}
_FILLED_VIEW = {**_OPEN_VIEW, "state": _with(_FILLED_STATE)}
_ACTION = {**_ELEMENT, "action_id": _is_text, "block_id": _is_text}

# Where Bolt looks for ids and tokens, at the top and in everything that it descends into.
_CONTEXT = Fields(
    {
        "type": _maybe(_is_text),
        "subtype": _maybe(_is_text),
        "text": _maybe(_is_text),
        "enterprise": _maybe(_is_id_or_object),
        "enterprise_id": _maybe(_is_text),
        "team": _maybe(_is_id_or_object),
        "team_id": _maybe(_is_text),
        "user": _maybe(_is_id_or_object),
        "user_id": _maybe(_is_text),
        "channel": _maybe(_is_id_or_object),
        "channel_id": _maybe(_is_text),
        "bot_id": _maybe(_is_text),
        "ts": _maybe(_is_text),
        "thread_ts": _maybe(_is_text),
        "callback_id": _maybe(_is_text),
        "action_id": _maybe(_is_text),
        "trigger_id": _maybe(_is_text),
        "response_url": _if_there(_is_text),
        "response_urls": _if_there(_list_of(_with({"response_url": _is_text}))),
        "bot_access_token": _maybe(_is_text),
        "function_execution_id": _maybe(_is_text),
        "function_data": _maybe(_with({"execution_id": _maybe(_is_text)})),
        "function": _if_there(_is_object),
        "actions": _if_there(_list_of(_is_object, least=1, most=MOST_ACTIONS)),
        "view": _if_there(_with(_VIEW)),
        "state": _maybe(_with(_STATE)),
        "container": _maybe(_with({"message_ts": _maybe(_is_text), "channel_id": _maybe(_is_text)})),
        "event": _if_there(_is_context),
        "message": _maybe(_is_context),
        "previous_message": _maybe(_is_context),
        "item": _maybe(_is_context),
        "assistant_thread": _maybe(_is_context),
        "authorizations": _maybe(_list_of(_is_context)),
    }
)
_COMMAND = Fields(
    {
        "command": lambda value: isinstance(value, str) and value.startswith("/"),
        "text": _if_there(_is_text),
        "user_id": _is_id,
    }
)
_PERSON = Fields({"user": _with({"id": _is_id, "team_id": _maybe(_is_id)})})
_FROM_A_PERSON = frozenset(
    ("block_actions", "block_suggestion", "view_submission", "view_closed", "shortcut", "message_action")
)
_OF_A_WORKSPACE = _FROM_A_PERSON | {"event_callback"}
_KINDS: Mapping[str, Fields] = {
    "event_callback": Fields({"event_id": _is_text, "event": _with({"type": _is_text})}),
    "url_verification": Fields({"challenge": _is_text}),
    "app_rate_limited": Fields({}),
    "block_actions": Fields({"actions": _list_of(_with(_ACTION), least=1)}),
    "block_suggestion": Fields({"action_id": _is_text, "value": _if_there(_is_text)}),
    "view_submission": Fields({"view": _with(_FILLED_VIEW)}),
    "view_closed": Fields({"view": _with(_OPEN_VIEW)}),
    "shortcut": Fields({"callback_id": _is_text}),
    "message_action": Fields({"callback_id": _is_text, "message": _is_object}),
}
