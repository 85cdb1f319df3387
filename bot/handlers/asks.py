"""What Slack asks of us, read once at the edge: who, where, what, and how to answer."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.grammar import GRAMMARS, AskedForHelp, Bare, Grammar, Mention, PlainName, Subcall, Typed, parse
from bot.services.people import Actor, Call, Notice

Body = Mapping[str, Any]


_NOTHING = Bare()


class Kind(StrEnum):
    """Where the request comes from, and so what may be answered."""

    COMMAND = "command"
    """A slash command: the answer is a private message."""
    SUBMISSION = "submission"
    """Save in a dialog: the answer is errors under fields, or another dialog."""
    MESSAGE_ACTION = "message_action"
    """A button on a message: nothing in the answer; what is to be seen goes to the response URL."""
    DIALOG_ACTION = "dialog_action"
    """A button or an input in a dialog: nothing in the answer; the dialog is updated."""
    HOME_ACTION = "home_action"
    """A button on Home: nothing in the answer; a dialog opens, and what is to be said is a message or a dialog too."""
    SHORTCUT = "shortcut"
    """A global shortcut: as a button on Home."""
    MESSAGE_SHORTCUT = "message_shortcut"
    """A shortcut on a message: as a button on a message, but that the message is somebody else's."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. Actor and identity come from what Slack signed, never from what a dialog carries.

    Its `repr` holds nothing that opens, answers or was typed: it may come into a traceback.
    """

    kind: Kind
    label: str
    """What is asked for, as logs and metrics call it: `/pmi set`, `claim_pmi`, `pmi_modal`."""
    actor: Actor
    once: str
    trigger: str = field(repr=False)
    response_url: str = field(repr=False)
    foreign: bool
    """Whether the person may belong to another organisation than the one where this happens."""
    typed: Typed = field(default=_NOTHING, repr=False)
    """What was typed after the command."""
    value: str = field(default="", repr=False)
    """The value of the button, or what stands in the input."""
    user_name: str = ""
    view: Mapping[str, Any] = field(default_factory=dict, repr=False)
    team: str = ""
    """Where in an organisation it happens."""
    posts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of a dialog: where to write into the channels that were chosen in it, by their ids."""
    notice: Notice | None = field(default=None, repr=False)
    """What is to be told of the result, where the acknowledgement cannot hold it."""
    channel: str = ""
    """Where it was typed or pressed."""
    thread: str = ""
    """The time stamp of the message that begins the thread of the message where a shortcut was used."""

    @property
    def passes_by(self) -> bool:
        """Whether this is no contact: help and check leave somebody unknown who was unknown."""
        return isinstance(self.typed, AskedForHelp) or (isinstance(self.typed, Subcall) and self.typed.word == "check")

    @property
    def administers(self) -> bool:
        """Whether only administrators may do it."""
        return self.label.startswith("admin") or self.label.endswith(" admin")

    @property
    def call(self) -> Call:
        """The request as the use cases know it."""
        return Call(self.actor, self.once, self.notice)

    @property
    def view_id(self) -> str:
        """The id of the dialog."""
        return _text(self.view, "id")

    @property
    def view_hash(self) -> str:
        """The hash of the dialog as it was when the request was made."""
        return _text(self.view, "hash")


def read_command(grammar: Grammar, body: Body) -> Ask:
    """A slash command, parsed by its table."""
    typed = parse(grammar, _text(body, "text"))
    actor = Actor(_text(body, "enterprise_id") or _text(body, "team_id"), _text(body, "user_id"))
    return Ask(
        kind=Kind.COMMAND,
        label=label_of(grammar, typed),
        actor=actor,
        once=_key(actor, "command", _text(body, "trigger_id"), _text(body, "command"), _text(body, "text")),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        foreign=False,
        typed=typed,
        team=_text(body, "team_id"),
        user_name=_text(body, "user_name"),
        channel=_text(body, "channel_id"),
    )


def label_of(grammar: Grammar, typed: Typed) -> str:
    """What a command is called in logs and metrics. Nothing that people type is in it."""
    match typed:
        case Subcall(word):
            return f"{grammar.command} {word}"
        case Mention() | PlainName():
            return f"{grammar.command} @"
        case AskedForHelp():
            return f"{grammar.command} help"
        case Bare():
            return grammar.command.value


def labels(others: Iterable[str]) -> frozenset[str]:
    """Every label that a request can have: those of the commands, and others."""
    return frozenset((*(label_of(grammar, typed) for grammar in GRAMMARS for typed in _ways(grammar)), *others))


def _ways(grammar: Grammar) -> list[Typed]:
    return [Bare(), Mention(""), AskedForHelp(), *(Subcall(each.word, "") for each in grammar.subcommands)]


def read_action(body: Body) -> Ask:
    """A button that was pressed, or an input that was typed into."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    view = _dict(body, "view")
    at_home = view.get("type") == "home"
    kind = Kind.HOME_ACTION if at_home else Kind.DIALOG_ACTION if view else Kind.MESSAGE_ACTION
    actor = _actor(body)
    identity = (_text(action, "action_id"), _text(action, "value"), _text(action, "action_ts"))
    return Ask(
        label=_text(action, "action_id").partition(":")[0],
        kind=kind,
        actor=actor,
        once=_key(actor, "action", _text(body, "trigger_id"), *identity),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        foreign=_foreign(body),
        value=_text(action, "value") or _text(_dict(action, "selected_option"), "value"),
        team=_text(_dict(body, "team"), "id"),
        user_name=_text(_dict(body, "user"), "name") or _text(_dict(body, "user"), "username"),
        # Home is no dialog: nothing on it is updated in its place, and nobody fills anything there.
        view={} if at_home else view,
        channel=_text(_dict(body, "channel"), "id"),
    )


def read_shortcut(body: Body) -> Ask:
    """A shortcut: the global one, or the one on a message."""
    actor = _actor(body)
    message = _dict(body, "message")
    on_message = body.get("type") == "message_action"
    used = _text(body, "action_ts") or _text(message, "ts")
    return Ask(
        kind=Kind.MESSAGE_SHORTCUT if on_message else Kind.SHORTCUT,
        label=_text(body, "callback_id"),
        actor=actor,
        once=_key(actor, "shortcut", _text(body, "trigger_id"), _text(body, "callback_id"), used),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        foreign=_foreign(body),
        user_name=_text(_dict(body, "user"), "name") or _text(_dict(body, "user"), "username"),
        team=_text(_dict(body, "team"), "id"),
        channel=_text(_dict(body, "channel"), "id"),
        thread=_text(message, "thread_ts") or _text(message, "ts"),
    )


def read_submission(body: Body) -> Ask:
    """Save in a dialog. The same dialog with other values is another request."""
    view = _dict(body, "view")
    actor = _actor(body)
    values = json.dumps(_dict(view, "state"), sort_keys=True, default=str)
    return Ask(
        kind=Kind.SUBMISSION,
        label=_text(view, "callback_id"),
        actor=actor,
        once=_key(actor, "submission", _text(view, "id"), _text(view, "callback_id"), values),
        trigger=_text(body, "trigger_id"),
        response_url="",
        foreign=_foreign(body),
        user_name=_text(_dict(body, "user"), "name") or _text(_dict(body, "user"), "username"),
        view=view,
        team=_text(_dict(body, "team"), "id"),
        posts=_posts(body),
    )


def _posts(body: Body) -> dict[str, str]:
    listed = body.get("response_urls")
    found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {_text(each, "channel_id"): _text(each, "response_url") for each in found}


def _actor(body: Body) -> Actor:
    user = _dict(body, "user")
    enterprise = _text(_dict(body, "enterprise"), "id") or _text(_dict(body, "team"), "enterprise_id")
    team = _text(_dict(body, "team"), "id") or _text(user, "team_id")
    return Actor(enterprise or team, _text(user, "id"))


def _foreign(body: Body) -> bool:
    """Whether the person's own team is another than the one where this happens: then Slack is asked who they are."""
    team = _text(_dict(body, "user"), "team_id")
    here = {
        _text(_dict(body, "team"), "id"),
        _text(_dict(body, "team"), "enterprise_id"),
        _text(_dict(body, "enterprise"), "id"),
    }
    return bool(team) and team not in here


def _key(actor: Actor, *parts: str) -> str:
    return hashlib.sha256("\0".join((actor.workspace, actor.user, *parts)).encode()).hexdigest()


def _dict(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""
