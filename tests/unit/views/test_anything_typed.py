"""Whatever people type: it is shown whole or cut, nothing of it comes alive, and no limit of Slack's is passed."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot import errors
from bot.grammar import GRAMMARS, AskedForHelp, PlainName, parse
from bot.ids import Action, Block
from bot.rules import Code, Refusal, load_common_names, parse_link, parse_pmi, read_number
from bot.services.refusals import Declined, Refused
from bot.services.verdicts import Outcome, Suggestions, Verdict, refusal_of
from bot.texts import load_texts
from bot.views import blocks, lists
from bot.views.choices import verdict_message
from bot.views.form import with_replaced
from bot.views.help import help_message
from bot.views.message import Message
from bot.views.mrkdwn import escape
from bot.views.pmi_modal import pmi_modal
from bot.views.refusals import shown_link, shown_number, visible
from tests.unit.views import slack_limits
from tests.unit.views.states import rooms

T = load_texts().for_locale(None)
NAMES = load_common_names()
ROOM = next(room for _, room in rooms())
PIECES = st.sampled_from(
    [
        *("<!channel>", "<!here|x>", "<@UEVIL|a>", "<#C1|general>", "<https://evil.example|zoom.us>", "<", ">", "&"),
        *(
            "&lt;!channel&gt;",
            "&amp;",
            "<!date^1^{date_long}|x>",
            "{wish}",
            "%s",
            "*",
            "_",
            "~",
            "`",
            "```",
            "\n> quote",
        ),
        *("\u202e", "\u200b", "\u00a0", "\u0301", "\U0001f680", "\ud800", "\x00", "555 111 2222", "blue.harbour"),
    ]
)
TYPED = (
    st.text(st.characters(exclude_categories=()), max_size=60)
    | st.lists(PIECES, max_size=12).map("".join)
    | st.builds(lambda piece: piece * (5000 // len(piece)), PIECES)
)


def problems(message: Message) -> list[str]:
    return slack_limits.of_message({"text": message.text, "blocks": list(message.blocks)})


@given(TYPED)
@example("<" * 5000)
@example("&" * 5000)
@example("\u202e" * 5000)
@example("\U000e0061" * 5000)
def test_a_refused_number_can_be_shown_whatever_it_is(text: str) -> None:
    parsed = parse_pmi(text)
    violations = parsed.violations if isinstance(parsed, Refusal) else ()
    wish = parsed.wish if isinstance(parsed, Refusal) else parsed.digits
    refusal = refusal_of(wish, (Code.LICENCE_PMI,), *violations)
    verdict = Verdict(Outcome.REFUSED, wish, refusal.violations, ("5829047317",))

    assert [] == problems(verdict_message(verdict, Action.CLAIM_PMI, T))
    assert [] == problems(errors.explain(Refused(refusal, ("5829047317",)), T).message)
    assert [] == problems(lists.suggestions(Suggestions(read_number(text), (), ("5829047317",)), Action.CLAIM_PMI, T))


@given(TYPED)
@example("<" * 5000)
@example("&" * 5000)
@example("\U000e0061" * 5000)
def test_a_refused_link_can_be_shown_whatever_it_is(text: str) -> None:
    parsed = parse_link(text, NAMES)
    violations = parsed.violations if isinstance(parsed, Refusal) else ()
    wish = parsed.wish if isinstance(parsed, Refusal) else parsed.spelling
    refusal = refusal_of(wish, (Code.PLAN_LINK, Code.LICENCE_LINK), *violations)
    verdict = Verdict(Outcome.REFUSED, wish, refusal.violations, ("blue.harbour",))

    assert [] == problems(verdict_message(verdict, Action.CLAIM_LINK, T))
    assert [] == problems(errors.explain(Refused(refusal, ("blue.harbour",)), T).message)
    assert [] == problems(lists.suggestions(Suggestions(text, ("blue.harbour",), ()), Action.CLAIM_LINK, T))


@given(st.sampled_from(GRAMMARS), TYPED)
@example(GRAMMARS[0], "@" + "&amp;" * 5000)
@example(GRAMMARS[0], "&" * 5000)
def test_what_is_not_understood_can_be_answered_whatever_it_is(grammar: object, text: str) -> None:
    known = next(each for each in GRAMMARS if each == grammar)
    for typed in (parse(known, text), parse(known, f"@{text}")):
        if isinstance(typed, AskedForHelp):
            assert [] == problems(help_message(known, T, unknown=typed.unknown))
        if isinstance(typed, PlainName):
            assert [] == problems(errors.explain(Declined("person.mention", name=typed.name), T).message)


@given(TYPED)
@example("<" * 5000)
def test_a_notice_on_a_dialog_can_be_shown_whatever_was_typed(text: str) -> None:
    parsed = parse_pmi(text)
    if isinstance(parsed, Refusal):
        plain = errors.explain(Refused(parsed), T).plain
        notice = [blocks.section(escape(plain), block_id=Block.NOTICE)]

        assert [] == slack_limits.of_view(with_replaced(pmi_modal(ROOM, T), "", Block.NOTICE, notice))


@given(TYPED)
def test_every_wish_is_cut_and_says_so(text: str) -> None:
    for cut in (shown_number(text), shown_link(text)):
        assert len(cut) <= 60
    whole = visible(text)
    assert shown_link(text) == whole if len(whole) <= 60 else shown_link(text).endswith("\u2026")


@given(TYPED)
def test_nothing_invisible_is_shown_as_nothing(text: str) -> None:
    assert visible(text).isprintable()
    assert bool(text) == bool(visible(text))
