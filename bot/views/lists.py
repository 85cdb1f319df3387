"""Lists: suggestions, and what a member has held."""

from bot.ids import Action, Callback
from bot.services.verdicts import Entry, History, State, Suggestions, refusal_of
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import BlockDict, View
from bot.views.choices import label_of
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, date, escape, say
from bot.views.refusals import sentences, shown_link, shown_number

LONGEST = 40
"""Entries of a history that are shown: a message has at most 50 blocks."""


def suggestions(found: Suggestions, kind: Action, t: Translator) -> Message:
    """Free ones, each with a button that claims it, and a button for others."""
    noun = "pmi" if kind is Action.CLAIM_PMI else "link"
    wish = shown_number(found.wish) if noun == "pmi" else shown_link(found.wish)
    groups: list[BlockDict] = []
    if found.near:
        key = f"suggest.{noun}.near" if found.wish else f"suggest.{noun}.any"
        groups += [blocks.section(say(t, key, wish=wish)), *_rows(found.near, kind, t)]
    if found.others:
        key = f"suggest.{noun}.any" if not found.wish else "suggest.more" if found.near else f"suggest.{noun}.instead"
        groups += [blocks.section(say(t, key, wish=wish)), *_rows(found.others, kind, t)]
    if not groups:
        groups = [blocks.section(say(t, f"suggest.{noun}.nothing"))]
    again = Action.SUGGEST_PMI if noun == "pmi" else Action.SUGGEST_LINK
    groups.append(blocks.actions([blocks.button(t("suggest.again"), again, value=found.wish[: blocks.VALUE])]))
    listed = ", ".join(label_of(kind, text) for text in (*found.near, *found.others))
    text = t("suggest.text", listed=listed) if listed else t(f"suggest.{noun}.nothing")
    return Message(text, tuple(groups))


def _rows(texts: tuple[str, ...], kind: Action, t: Translator) -> list[BlockDict]:
    return [
        blocks.section(
            Mrkdwn(f"*{escape(label_of(kind, text))}*"),
            accessory=blocks.button(
                t("choose.button"), kind, value=text, label=t("choose.label", choice=label_of(kind, text))
            ),
        )
        for text in texts
    ]


def history(held: History, kind: Action, t: Translator) -> Message:
    """What a member has held, with Take Back beside what can be taken back."""
    noun = "pmi" if kind is Action.CLAIM_PMI else "link"
    entries = held.entries
    if not entries:
        return Message(t("history.link.empty"), (blocks.section(escape(t("history.link.empty"))),))
    rows = [_entry(entry, kind, t, takes_back=not held.missing) for entry in entries[:LONGEST]]
    more = len(entries) - LONGEST
    reasons = sentences(refusal_of("", held.missing).violations, t)
    small = [blocks.context(reason) for reason in reasons]
    small += [blocks.context(Mrkdwn(t.many("history.more", more)))] if more > 0 else []
    head = blocks.section(say(t, f"history.{noun}"))
    return Message(t(f"history.{noun}.text"), (head, *rows, *small))


def history_modal(held: History, kind: Action, t: Translator) -> View:
    """The same in a dialog: nothing is filled in there."""
    title = t("pmi.modal.title" if kind is Action.CLAIM_PMI else "link.modal.title")
    return blocks.modal(Callback.NOTICE, title=title, close=t("modal.done"), blocks=history(held, kind, t).blocks)


def _entry(entry: Entry, kind: Action, t: Translator, *, takes_back: bool) -> BlockDict:
    noun = "pmi" if kind is Action.CLAIM_PMI else "link"
    text = label_of(kind, entry.text)
    when = date(int(entry.moment.timestamp()), f"{entry.moment:%Y-%m-%d}")
    line = say(t, f"history.{noun}.{entry.state}", what=text, when=when)
    if entry.state not in (State.HELD, State.LAPSED) or not takes_back:
        return blocks.section(line)
    back = blocks.button(t("history.back"), kind, value=entry.text, label=t("history.back.label", what=text))
    return blocks.section(line, accessory=back)
