"""The cards: one's own room, a colleague's, and what a change came to."""

from typing import TypeAlias

from bot.ids import Action
from bot.rules import group_digits
from bot.services.meeting_results import Startable
from bot.services.room import Room
from bot.services.settings_seen import Glance
from bot.services.verdicts import Saved, refusal_of
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses, as_link
from bot.views.blocks import BlockDict
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, code, date, escape, mention, say
from bot.views.refusals import sentences
from bot.views.running import running_blocks, start_button, start_buttons
from bot.views.settings_lines import guards_line

Lines: TypeAlias = list[Mrkdwn]


def pmi_card(room: Room, t: Translator, addresses: Addresses, start: str = "") -> Message:
    """What `/pmi` shows; `start` is the key of the start link."""
    first = blocks.section(_pmi_lines(room, t, addresses, "card.pmi"))
    return Message(
        t("card.pmi.text", pmi=group_digits(room.pmi), url=addresses.number(room.pmi)),
        (
            first,
            blocks.section(_link_lines(room, t, addresses)),
            *_off(room, t),
            blocks.context(_plan_line(room, t)),
            blocks.actions(
                [
                    *_start(start, t, addresses),
                    share_button(t),
                    edit_pmi(t),
                    history(t, Action.HISTORY_PMI, "history.pmi.label"),
                    _qr(t, addresses.qr_of_number(room.pmi), "card.qr.pmi.label"),
                ]
            ),
        ),
    )


def link_card(room: Room, t: Translator, addresses: Addresses, start: str = "") -> Message:
    """What `/personal-link` shows; `start` is the key of the start link."""
    buttons = [
        *_start(start, t, addresses),
        share_button(t),
        edit_link(t),
        history(t, Action.HISTORY_LINK, "history.link.label"),
    ]
    if room.link is not None:
        buttons.append(_qr(t, addresses.qr_of_link(room.link), "card.qr.link.label"))
    return Message(
        _link_text(room, t, addresses),
        (
            blocks.section(_link_lines(room, t, addresses)),
            blocks.section(pmi_lines(room, t, addresses)),
            *_off(room, t),
            blocks.context(_plan_line(room, t)),
            blocks.actions(buttons),
        ),
    )


def room_card(glance: Glance, t: Translator, addresses: Addresses, start: Startable | None = None) -> Message:
    """What `/room` shows."""
    room = glance.room
    return Message(
        t("card.room.text", url=addresses.number(room.pmi)),
        (
            blocks.section(Mrkdwn(f"*{say(t, 'card.room')}*")),
            blocks.section(pmi_lines(room, t, addresses)),
            blocks.section(_link_lines(room, t, addresses)),
            *_off(room, t),
            blocks.section(guards_line(glance.settings, t)),
            blocks.context(settings_line(room, t)),
            *(running_blocks(start, room.user, t, addresses) if start is not None else ()),
            blocks.actions(
                [
                    *start_buttons(start, room.user, t, addresses),
                    share_button(t),
                    blocks.button(t("settings.button"), Action.SETTINGS, label=t("settings.label")),
                    edit_pmi(t, "edit.pmi.long"),
                    edit_link(t, "edit.link.long"),
                    _qr(t, addresses.qr_of_number(room.pmi), "card.qr.pmi.label"),
                ]
            ),
        ),
    )


def colleague_card(
    room: Room, t: Translator, addresses: Addresses, start: Startable | None = None, reader: str = ""
) -> Message:
    """What a colleague sees of a room: how to reach it, and nothing private.

    An alternative host sees what runs there as well, and may start it.
    """
    head = say(t, "card.colleague", who=mention(room.user))
    found = [blocks.section(Mrkdwn("\n".join([head, *_reach(room, t, addresses)]))), *_off(room, t)]
    if start is not None:
        found += running_blocks(start, reader, t, addresses)
    buttons = start_buttons(start, room.user, t, addresses, other=True)
    if buttons:
        found.append(blocks.actions(buttons))
    return Message(t("card.colleague.text", url=addresses.number(room.pmi)), tuple(found))


def pmi_saved(saved: Saved, t: Translator, addresses: Addresses) -> Message:
    """What a change of the PMI, or of its use, came to."""
    room = saved.room
    if not saved.changed:
        lines = _pmi_lines(room, t, addresses, "saved.pmi.same")
    elif saved.before is None:
        lines = Mrkdwn(f"{say(t, f'saved.instant.{answer_to(room.pmi_for_instant)}')}")
    else:
        lines = _pmi_lines(room, t, addresses, "saved.pmi")
    text = t("saved.pmi.text" if saved.changed else "saved.pmi.same.text", pmi=group_digits(room.pmi))
    found = [blocks.section(lines)]
    if saved.before is not None:
        held = say(t, "saved.pmi.held", before=group_digits(saved.before), history=code("/pmi history"))
        found.append(blocks.context(held))
    return Message(text, tuple(found))


def link_saved(saved: Saved, t: Translator, addresses: Addresses) -> Message:
    """What a change of the personal link came to, its removal too."""
    room = saved.room
    if room.link is None and not saved.changed:
        head = escape(t("card.link.none.text"))
        text = t("card.link.none.text")
    elif room.link is None:
        head = say(t, "saved.link.removed", before=saved.before or "")
        text = t("saved.link.removed.text")
    else:
        key = "saved.link" if saved.changed else "saved.link.same"
        head = Mrkdwn(f"{say(t, key, link=room.link)}\n{as_link(addresses.link(room.link))}")
        text = t(f"{key}.text", link=room.link)
    found = [blocks.section(head)]
    if saved.before is not None and saved.held_until is not None:
        until = date(int(saved.held_until.timestamp()), f"{saved.held_until:%Y-%m-%d}")
        history = code("/personal-link history")
        found.append(blocks.context(say(t, "saved.link.held", before=saved.before, until=until, history=history)))
    return Message(text, tuple(found))


def pmi_lines(room: Room, t: Translator, addresses: Addresses) -> Mrkdwn:
    """The PMI and its whole address."""
    return _pmi_lines(room, t, addresses, "card.link.pmi")


def shown_link_lines(link: str, t: Translator, addresses: Addresses) -> Mrkdwn:
    """A personal link and its whole address."""
    return Mrkdwn(f"{say(t, 'card.link', link=link)}\n{as_link(addresses.link(link))}")


def settings_line(room: Room, t: Translator) -> Mrkdwn:
    """What instant meetings use, plan and licence."""
    return Mrkdwn(f"{say(t, f'card.instant.{answer_to(room.pmi_for_instant)}')} · {_plan_line(room, t)}")


def _pmi_lines(room: Room, t: Translator, addresses: Addresses, key: str) -> Mrkdwn:
    return Mrkdwn(f"{say(t, key, pmi=group_digits(room.pmi))}\n{as_link(addresses.number(room.pmi))}")


def _link_lines(room: Room, t: Translator, addresses: Addresses) -> Mrkdwn:
    if room.link is not None:
        return shown_link_lines(room.link, t, addresses)
    if room.missing_for_link:
        reasons = sentences(refusal_of("", room.missing_for_link).violations, t)
        return Mrkdwn(" ".join([say(t, "card.link.none.locked"), *reasons]))
    return say(t, "card.link.none", command=code("/personal-link set"))


def _link_text(room: Room, t: Translator, addresses: Addresses) -> str:
    if room.link is None:
        return t("card.link.none.text")
    return t("card.link.text", link=room.link, url=addresses.link(room.link))


def _start(key: str, t: Translator, addresses: Addresses) -> list[BlockDict]:
    return [start_button(key, t, addresses)] if key else []


def _reach(room: Room, t: Translator, addresses: Addresses) -> Lines:
    lines = [pmi_lines(room, t, addresses)]
    if room.link is not None:
        lines.append(_link_lines(room, t, addresses))
    return lines


def _off(room: Room, t: Translator) -> list[BlockDict]:
    """Why a PMI opens nothing, where PMIs are turned off."""
    return [] if room.pmis_enabled else [blocks.context(say(t, "card.pmis_off"))]


def _qr(t: Translator, url: str, label: str) -> BlockDict:
    return blocks.link_button(t("card.qr.button"), Action.OPEN_QR, url, label=t(label))


def _plan_line(room: Room, t: Translator) -> Mrkdwn:
    return say(t, "card.plan", plan=t(f"plan.name.{room.plan}"), licence=t(f"licence.name.{room.licence}"))


def answer_to(answer: bool | None) -> str:  # noqa: FBT001  three-valued: not yet said is None
    """The last part of the codes of texts on a preference: `yes`, `no` or `unsaid`."""
    return "unsaid" if answer is None else "yes" if answer else "no"


def share_button(t: Translator) -> BlockDict:
    """The button that shares one's room where the card is."""
    return blocks.button(t("share.button"), Action.SHARE_ROOM, label=t("share.label"))


def edit_pmi(t: Translator, key: str = "edit.button") -> BlockDict:
    """The button that opens the dialog of the PMI."""
    return blocks.button(t(key), Action.EDIT_PMI, label=t("edit.pmi.label"))


def edit_link(t: Translator, key: str = "edit.button") -> BlockDict:
    """The button that opens the dialog of the personal link."""
    return blocks.button(t(key), Action.EDIT_LINK, label=t("edit.link.label"))


def history(t: Translator, action: Action, label: str) -> BlockDict:
    """The button that lists what was held."""
    return blocks.button(t("history.button"), action, label=t(label))
