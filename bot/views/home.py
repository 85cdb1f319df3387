"""The Home tab: the member's room, what it lacks and how to get it, and where to find help."""

from bot.grammar import GRAMMARS
from bot.ids import Action
from bot.services.home import HomeSeen
from bot.services.room import Room
from bot.services.verdicts import refusal_of
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses
from bot.views.blocks import BlockDict, View
from bot.views.cards import edit_link, edit_pmi, history, pmi_lines, settings_line, shown_link_lines
from bot.views.meetings_list import coming_rows
from bot.views.mrkdwn import Mrkdwn, code, escape, say
from bot.views.refusals import sentences
from bot.views.running import running_blocks, start_buttons
from bot.views.settings_lines import guards_line

EXAMPLE = "blue.harbour"


def home_view(home: HomeSeen, t: Translator, addresses: Addresses) -> View:
    """The Home of a member who has a room."""
    seen, room = home.at, home.at.room
    return blocks.home(
        [
            blocks.header(t("card.room")),
            blocks.section(pmi_lines(room, t, addresses)),
            *_locked_pmi(room, t),
            *running_blocks(seen.start, room.user, t, addresses),
            blocks.actions(
                [
                    *start_buttons(seen.start, room.user, t, addresses),
                    edit_pmi(t, "edit.pmi.long"),
                    history(t, Action.HISTORY_PMI, "history.pmi.label"),
                ]
            ),
            blocks.section(_link(room, t, addresses)),
            *_locked_link(room, t),
            _link_buttons(room, t),
            *_coming(home, t, addresses),
            {"type": "divider"},
            blocks.section(guards_line(home.settings, t)),
            blocks.context(settings_line(room, t)),
            blocks.actions([blocks.button(t("settings.button"), Action.SETTINGS, label=t("settings.label"))]),
            *_workspace(home, t),
            blocks.context(say(t, "home.help", commands=_help_commands())),
        ]
    )


def _coming(home: HomeSeen, t: Translator, addresses: Addresses) -> list[BlockDict]:
    """What is coming; where nothing is, how to plan something."""
    starts = {meeting_id: addresses.start(key) for meeting_id, key in home.start_keys.items()}
    rows = [row for one in home.coming for row in coming_rows(one, starts, t, addresses, home.now)]
    nothing = [] if rows else [blocks.section(say(t, "meetings.none", command=code("/room schedule")))]
    plan = blocks.button(t("schedule.button"), Action.SCHEDULE, label=t("schedule.label"))
    return [{"type": "divider"}, blocks.header(t("meetings.head")), *rows, *nothing, blocks.actions([plan])]


def _workspace(home: HomeSeen, t: Translator) -> list[BlockDict]:
    """For an administrator: what holds in the workspace, and the way to change it."""
    seen = home.workspace
    if seen is None:
        return []
    plan, licence = t(f"plan.name.{seen.plan_now}"), t(f"licence.name.{seen.licence_now}")
    terms = say(t, "home.workspace.terms", plan=plan, licence=licence)
    lines = Mrkdwn(f"*{say(t, 'home.workspace')}*\n{terms}\n{escape(t.many('admin.members.count', seen.members))}")
    button = blocks.button(t("home.workspace.button"), Action.ADMIN)
    return [{"type": "divider"}, blocks.section(lines, accessory=button)]


def _locked_pmi(room: Room, t: Translator) -> list[BlockDict]:
    return [blocks.context(reason) for reason in sentences(refusal_of("", room.missing_for_pmi).violations, t)]


def _locked_link(room: Room, t: Translator) -> list[BlockDict]:
    return [blocks.context(reason) for reason in sentences(refusal_of("", room.missing_for_link).violations, t)]


def _link(room: Room, t: Translator, addresses: Addresses) -> Mrkdwn:
    """The link; where there is none, what one is and, for those who may choose one, how."""
    if room.link is not None:
        return shown_link_lines(room.link, t, addresses)
    what = say(t, "home.link.what", example=code(EXAMPLE))
    if room.missing_for_link:
        return Mrkdwn(f"{say(t, 'card.link.none.locked')}\n{what}")
    how = say(t, "home.link.how", command=code("/personal-link suggest"))
    return Mrkdwn(f"{say(t, 'home.link.none')}\n{what}\n{how}")


def _link_buttons(room: Room, t: Translator) -> BlockDict:
    past = history(t, Action.HISTORY_LINK, "history.link.label")
    if room.link is not None:
        return blocks.actions([edit_link(t, "edit.link.long"), past])
    return blocks.actions([past] if room.missing_for_link else [edit_link(t, "home.link.choose"), past])


def _help_commands() -> Mrkdwn:
    return Mrkdwn(", ".join(code(f"{grammar.command} help") for grammar in GRAMMARS))
