"""What Slack does with the app's answers: to a command, to a submitted dialog, at a response URL."""

import json
from collections.abc import Mapping
from dataclasses import replace

from bot.playground.delivery import Exchange
from bot.playground.modals import STACK_LIMIT, OpenView, close_all, close_top, refused_errors
from bot.playground.state import Channel, Json, Member, Message
from bot.playground.validate import Surface, message_problems, suggestion_problems, view_problems
from bot.playground.world import Refused, World

TROUBLE = "We had some trouble connecting. Try again?"


def command_answered(world: World, member: Member, channel: Channel, exchange: Exchange) -> Exchange:
    """Show the answer to a slash command, or Slack's failure text; returns the exchange as Slack judged it."""
    judged = exchange
    if not exchange.failure:
        try:
            content = _content_of(exchange)
            if content:
                show_answer(world, member, channel, content)
        except Refused as refused:
            judged = replace(exchange, failure=refused.error)
    if judged.failure:
        text = f'{exchange.name} failed with the error "{judged.failure}"'
        if judged.timed_out:
            text = f"{exchange.name} failed because the app did not respond."
        member.troubles.append(text)
        world.tell(member, channel, text)
    return judged


def action_answered(world: World, member: Member, exchange: Exchange, view: OpenView | None = None) -> Exchange:
    """Slack ignores what an action is answered, unless nothing usable came."""
    if exchange.failure:
        member.troubles.append(f'{exchange.name} failed with the error "{exchange.failure}"')
        if view is not None:
            view.failure = TROUBLE
        world.changed()
    return exchange


def suggestion_answered(world: World, member: Member, exchange: Exchange) -> tuple[Exchange, Json]:
    """What a menu shows of the app's suggestions; returns the exchange as Slack judged it, and the suggestions."""
    judged = exchange
    if not exchange.failure:
        problems = suggestion_problems(exchange.json)
        if not problems:
            return exchange, dict(exchange.json)
        judged = replace(exchange, failure=f"{problems.error}: {problems.messages[0]}")
    return action_answered(world, member, judged), {}


def submission_answered(world: World, member: Member, view: OpenView, exchange: Exchange) -> Exchange:
    """Do what the answer to a submitted dialog says; returns the exchange as Slack judged it."""
    judged = exchange
    if not exchange.failure:
        try:
            _respond(world, member, view, _submission_content(exchange))
        except Refused as refused:
            judged = replace(exchange, failure=f"{refused.error}: {_first_message(refused)}".rstrip(": "))
    if judged.failure:
        view.failure = TROUBLE
        member.troubles.append(f'{exchange.name} failed with the error "{judged.failure}"')
    world.changed()
    return judged


def show_answer(
    world: World, member: Member, channel: Channel, content: Json, about: Message | None = None
) -> Message | None:
    """Show a message that answers a command or came to a response URL; None where it only deletes.

    Raises:
        Refused: Slack would not take it.
    """
    if content.get("delete_original"):
        if about is not None:
            world.delete(about)
        return None
    problems = message_problems(content)
    if problems:
        raise Refused(problems.error, **problems.beside)
    if content.get("replace_original") and about is not None and not about.deleted:
        world.fill(about, content)
        about.edited = True
        world.changed()
        return about
    in_channel = content.get("response_type") == "in_channel"
    return world.post(channel, content, ephemeral_for=None if in_channel else member)


def _content_of(exchange: Exchange) -> Json:
    if not exchange.body.strip():
        return {}
    content_type = next((value for key, value in exchange.headers.items() if key.lower() == "content-type"), "")
    if exchange.headers and "json" not in content_type:
        return {"text": exchange.body.decode("utf-8", "replace")}
    content = exchange.json
    if not isinstance(content, dict):
        raise Refused("invalid_command_response")
    return content


def _submission_content(exchange: Exchange) -> Json:
    if not exchange.body.strip():
        return {}
    try:
        content = json.loads(exchange.body)
    except ValueError:
        raise Refused("invalid_response") from None
    if not isinstance(content, dict):
        raise Refused("invalid_response")
    return content


def _respond(world: World, member: Member, view: OpenView, content: Mapping[str, object]) -> None:
    if view not in member.modals:
        return
    action = content.get("response_action")
    if action is None and not content:
        close_top(member.modals)
    elif action == "clear":
        close_all(member.modals)
    elif action == "errors":
        reason = refused_errors(view, content.get("errors"))
        if reason:
            raise Refused("invalid_errors", response_metadata={"messages": [reason]})
        errors = content["errors"]
        view.errors = dict(errors) if isinstance(errors, dict) else {}
    elif action in {"update", "push"}:
        _respond_with_view(world, member, view, str(action), content.get("view"))
    else:
        raise Refused("invalid_response_action")


def _respond_with_view(world: World, member: Member, view: OpenView, action: str, new: object) -> None:
    problems = view_problems(new, Surface.MODAL)
    if problems or not isinstance(new, dict):
        raise Refused(problems.error, **problems.beside)
    if action == "update":
        world.views.replace(view, new)
        return
    if len(member.modals) >= STACK_LIMIT:
        raise Refused("push_limit_reached")
    world.open_view(member, new, under=view)


def _first_message(refused: Refused) -> str:
    metadata = refused.beside.get("response_metadata")
    messages = metadata.get("messages", []) if isinstance(metadata, dict) else []
    return str(messages[0]) if messages else ""
