"""Slack's requests to use cases and back. Thin: read, call one service, show; `front` does what all have in common."""

from dataclasses import dataclass
from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.handlers.asks import read_action, read_command, read_shortcut, read_submission
from bot.handlers.events import Events
from bot.handlers.front import Front, Handler
from bot.handlers.guests import GuestHandlers
from bot.handlers.meetings import MeetingHandlers
from bot.handlers.planner import PlannerHandlers
from bot.handlers.rooms import GRAMMAR
from bot.handlers.settings import SettingsHandlers
from bot.handlers.sharing import SharingHandlers
from bot.handlers.switchboard import Switchboard
from bot.handlers.wishes import WishHandlers
from bot.ids import Action, Callback, Command, Event, Shortcut


@dataclass(frozen=True, slots=True)
class Handlers:
    """All of them."""

    settings: SettingsHandlers
    meetings: MeetingHandlers
    planner: PlannerHandlers
    sharing: SharingHandlers
    pmis: WishHandlers
    links: WishHandlers
    guests: GuestHandlers
    events: Events


def register(app: AsyncApp, board: Switchboard, front: Front, handlers: Handlers) -> None:
    """One line for each listener."""
    settings, pmis, links = handlers.settings, handlers.pmis, handlers.links

    def command(name: Command, handler: Handler) -> None:
        board.commands[name] = front.listener(partial(read_command, GRAMMAR[name]), handler)

    def action(name: Action, handler: Handler) -> None:
        board.actions[name] = front.listener(read_action, handler)

    def view(name: Callback, handler: Handler) -> None:
        board.views[name] = front.listener(read_submission, handler)

    command(Command.PMI, pmis.command)
    command(Command.LINK, links.command)
    command(Command.ROOM, settings.room)
    action(Action.TYPED_PMI, pmis.typed)
    action(Action.TYPED_LINK, links.typed)
    view(Callback.PMI, pmis.submitted)
    view(Callback.LINK, links.submitted)
    view(Callback.SETTINGS, settings.submitted)
    action(Action.CLAIM_PMI, pmis.claim)
    action(Action.CLAIM_LINK, links.claim)
    action(Action.EDIT_PMI, pmis.edit)
    action(Action.EDIT_LINK, links.edit)
    action(Action.SUGGEST_PMI, pmis.suggest)
    action(Action.SUGGEST_LINK, links.suggest)
    action(Action.HISTORY_PMI, pmis.history)
    action(Action.HISTORY_LINK, links.history)
    action(Action.SETTINGS, settings.edit)
    action(Action.NEW_PASSCODE, settings.new_passcode)
    action(Action.RESET_SETTINGS, settings.reset)
    _register_meetings(board, front, handlers)
    action(Action.SHARE_ROOM, handlers.sharing.pressed)
    action(Action.SHARE_HERE, handlers.sharing.here)
    action(Action.SHARE_NOT, handlers.sharing.cancelled)
    for kind in Event:
        app.event(kind.value)(handlers.events.listen)
    # What no listener above knows: a button or a dialog of an older version.
    board.stale_action = front.listener(read_action, front.stale)
    board.stale_view = front.listener(read_submission, front.stale)
    app.error(front.escaped)


def _register_meetings(board: Switchboard, front: Front, handlers: Handlers) -> None:
    meetings, planner, guests = handlers.meetings, handlers.planner, handlers.guests

    def action(name: Action, handler: Handler) -> None:
        board.actions[name] = front.listener(read_action, handler)

    def view(name: Callback, handler: Handler) -> None:
        board.views[name] = front.listener(read_submission, handler)

    def shortcut(name: Shortcut, handler: Handler) -> None:
        board.shortcuts[name] = front.listener(read_shortcut, handler)

    # Whoever presses it is on their way to the page already, also somebody from another organisation.
    board.actions[Action.JOIN] = front.passing(Action.JOIN)
    board.actions[Action.OPEN_QR] = front.passing(Action.OPEN_QR)
    board.actions[Action.CALENDAR] = front.passing(Action.CALENDAR)
    board.actions[Action.HOST_MEETING] = front.passing(Action.HOST_MEETING)
    shortcut(Shortcut.START, meetings.start_mine)
    shortcut(Shortcut.DISCUSS, meetings.discuss)
    shortcut(Shortcut.SCHEDULE, planner.opened)
    action(Action.START_ROOM, meetings.start_room)
    action(Action.START_ON_PMI, meetings.on_pmi)
    action(Action.START_ONE_OFF, meetings.one_off)
    action(Action.END_MEETING, meetings.end)
    view(Callback.SCHEDULE, planner.submitted)
    view(Callback.CANCEL_MEETING, planner.cancelled)
    action(Action.SCHEDULE, planner.opened)
    action(Action.REPEATS, planner.repeats)
    action(Action.MEETING_MORE, planner.more)
    action(Action.ANSWER, planner.answered)
    action(Action.ADMIT_GUEST, guests.admit)
    action(Action.ADMIT_GUESTS, guests.admit_all)
    action(Action.DENY_GUEST, guests.deny)
