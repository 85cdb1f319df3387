"""Free numbers or links to choose from, each with a button that claims it; and the line that says how a wish stands."""

from collections.abc import Sequence

from bot.ids import Action, Block
from bot.rules import group_digits
from bot.services.refusals import Refused
from bot.services.verdicts import Outcome, Verdict
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import BlockDict
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, escape, say
from bot.views.refusals import plain_sentences, sentences, shown_wish


def label_of(kind: Action, text: str) -> str:
    """A free number grouped, a free link as it is."""
    return group_digits(text) if kind is Action.CLAIM_PMI else text


def _noun(kind: Action) -> str:
    return "pmi" if kind is Action.CLAIM_PMI else "link"


def row(free: Sequence[str], kind: Action, t: Translator, *, block_id: str = "") -> list[BlockDict]:
    """One row of buttons, one for each free one; nothing where there are none."""
    if not free:
        return []
    labels = [label_of(kind, text) for text in free]
    buttons = [
        blocks.button(label, f"{kind}:{place}", value=text, label=t("choose.label", choice=label))
        for place, (text, label) in enumerate(zip(free, labels, strict=True))
    ]
    return [blocks.actions(buttons, block_id=block_id)]


def verdict_blocks(verdict: Verdict, kind: Action, t: Translator) -> list[BlockDict]:
    """How a wish stands, beneath the field where it is typed."""
    head = _head(verdict, kind, t)
    lines = [head, *(f"• {sentence}" for sentence in sentences(verdict.violations, t))]
    if verdict.free:
        lines.append(say(t, "free.near" if verdict.near else f"free.others.{_noun(kind)}"))
    return [
        blocks.section(Mrkdwn("\n".join(lines)), block_id=Block.VERDICT),
        *row(verdict.free, kind, t, block_id=f"{Block.VERDICT}_choices"),
    ]


def verdict_message(verdict: Verdict, kind: Action, t: Translator) -> Message:
    """How a wish stands, as an answer to `check`."""
    reasons = plain_sentences(verdict.violations, t)
    known = verdict.outcome is not Outcome.REFUSED
    text = " ".join([*([t(f"verdict.text.{verdict.outcome}")] if known else []), *reasons])
    found = verdict_blocks(verdict, kind, t)
    if verdict.outcome in (Outcome.FREE, Outcome.HELD) and not verdict.violations:
        found += row([verdict.text], kind, t)
    return Message(text, tuple(found))


def _head(verdict: Verdict, kind: Action, t: Translator) -> Mrkdwn:
    noun = _noun(kind)
    wish = shown_wish(verdict.violations, verdict.text) if verdict.violations else label_of(kind, verdict.text)
    if verdict.outcome is Outcome.REFUSED and not wish:
        return say(t, f"verdict.{noun}.empty")
    locked = ".locked" if verdict.outcome is Outcome.HELD and verdict.violations else ""
    return say(t, f"verdict.{noun}.{verdict.outcome}{locked}", wish=wish)


def refusal_message(refused: Refused, kind: Action, t: Translator, head: str = "refused") -> Message:
    """A refusal: what was wished, every reason, and free ones to choose instead.

    `head` begins the codes of the texts that say what it was wished for: `refused`, `suggest.refused`.
    """
    code = f"{head}.{_noun(kind)}"
    wish = shown_wish(refused.refusal.violations, refused.refusal.wish)
    first = say(t, code, wish=wish) if wish else escape(t(f"{code}.none"))
    reasons = [f"• {each}" for each in sentences(refused.refusal.violations, t)]
    found = [blocks.section(Mrkdwn("\n".join([first, *reasons])))]
    if refused.free:
        offer = say(t, "free.near" if refused.near else f"free.others.{_noun(kind)}")
        found += [blocks.section(offer), *row(refused.free, kind, t)]
    plain = t(f"{code}.text", wish=wish) if wish else t(f"{code}.none")
    return Message(f"{plain} {refusal_text(refused, t)} {offer_text(refused, kind, t)}".rstrip(), tuple(found))


def refusal_text(refused: Refused, t: Translator) -> str:
    """Every reason in plain text, to stand under the field of a dialog."""
    return " ".join(plain_sentences(refused.refusal.violations, t))


def offer_text(refused: Refused, kind: Action, t: Translator) -> str:
    """Free ones in plain text, where there are any."""
    if not refused.free:
        return ""
    return t("refused.try_these", free=t("list.or").join(label_of(kind, text) for text in refused.free))
