"""The catalogue and the program fit: every code has its text, every text its use, every placeholder its filling."""

import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from bot.grammar import GRAMMARS
from bot.handlers.audience import Reason
from bot.ids import Block
from bot.manifest import OPTIONAL_SCOPES, SCOPES
from bot.rules import Answer, Code, Customisers, Licence, Option, Plan, Repeats, Stance, WaitingRoom
from bot.services.change_log import LogKind
from bot.services.guest_records import GuestState
from bot.services.guest_views import Stage
from bot.services.licence_lists import Bad
from bot.services.people import Standing
from bot.services.verdicts import Outcome, State
from bot.texts import Translator, load_texts
from bot.views.meetings_list import CANCEL, CANCEL_ONE, EDIT, EDIT_ONE
from bot.views.welcome import STEPS
from bot.web.install import USES, Ended
from bot.web.sign_in import Failure
from tests.unit.texts import sources
from tests.unit.views.admin_log_states import VALUES
from tests.unit.views.states import dialogs, homes, messages

FOLDER = sources.ROOT / "bot/texts/locale"
LANGUAGES = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())
NOUNS = ("pmi", "link")


def po(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES/standing_room.po").open("rb") as file:
        return read_po(file, locale=language)


def mo(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES/standing_room.mo").open("rb") as file:
        return read_mo(file)


def texts(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    """The texts by code; those of counted things have several forms."""
    found = {}
    for message in catalogue:
        code = message.id if isinstance(message.id, str) else message.id[0]
        if code:
            found[code] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return found


ENGLISH = texts(po("en"))
MENTIONED = sources.mentioned()


def put_together() -> Iterator[str]:
    """Codes that end in a value of an enum or a table: each use of the program's, once more and plainly."""
    yield from Code
    yield from ("pmi.length.none", "pmi.length.far", "link.too_short.none", "link.too_long.far")
    yield from (f"plan.name.{plan}" for plan in Plan)
    yield from (f"licence.name.{licence}" for licence in Licence)
    yield from (f"person.{standing}" for standing in Standing if standing is not Standing.MEMBER)
    yield from (f"card.instant.{answer}" for answer in ("yes", "no", "unsaid"))
    yield from (f"saved.instant.{answer}" for answer in ("yes", "no"))
    became = [state for state in GuestState if state is not GuestState.WAITING]
    yield from (code for state in became for code in (f"guests.became.{state}", f"guest.was.{state}"))
    stages = [stage for stage in Stage if stage not in (Stage.ON, Stage.NAME)]
    yield from (f"page.wait.{stage}.{part}" for stage in stages for part in ("title", "text"))
    yield from (f"verdict.text.{outcome}" for outcome in Outcome if outcome is not Outcome.REFUSED)
    yield from (f"saved.link{same}.text" for same in ("", ".same"))
    yield from (f"settings.{place}waiting.{who}" for place in ("", "line.") for who in WaitingRoom)
    yield from (f"settings.option.{option}" for option in Option)
    yield from (f"admin.stance.{stance}" for stance in (*Stance, "default"))
    yield from (f"admin.customisers.{customisers}" for customisers in Customisers)
    yield from (f"admin.{what}.{answer}" for what in ("pmis", "leads_on") for answer in ("yes", "no"))
    yield from (f"settings.line.{option}" for option in (Option.MEMBERS_ONLY, Option.JOIN_BEFORE_HOST))
    yield from (f"page.sign_in.{failure}.{part}" for failure in Failure for part in ("title", "text"))
    yield from (f"page.install.{ended}.{part}" for ended in Ended for part in ("title", "text"))
    yield from (f"page.install.{use}{end}" for use in USES for end in ("", ".why"))
    yield from (f"page.installed.step.{number}" for number in (1, 2, 3))
    yield from (f"welcome.step.{number}" for number in range(1, len(STEPS) + 1))
    yield from (f"page.scope.{scope.replace(':', '.')}" for scope in (*SCOPES, *OPTIONAL_SCOPES))
    yield from (f"settings.modal.{block}" for block in (Block.OPTIONS, Block.PMI_USE))
    yield from (f"share.why.{reason}" for reason in Reason)
    yield from (f"admin.list.bad.{why}" for why in Bad)
    for noun in NOUNS:
        yield from (f"refused.{noun}{end}" for end in ("", ".none", ".text"))
        yield from (f"suggest.refused.{noun}{end}" for end in ("", ".none", ".text"))
        yield from (f"verdict.{noun}.{outcome}" for outcome in (*Outcome, "empty", "held.locked"))
        yield f"free.others.{noun}"
        yield from (f"suggest.{noun}.{end}" for end in ("near", "any", "instead", "nothing"))
        yield from (f"history.{noun}{end}" for end in ("", ".text"))
    acts = (EDIT, EDIT_ONE, CANCEL_ONE, CANCEL)
    yield from (f"meetings.series.{act}" for act in acts)
    yield from (f"meetings.{act}" for act in (EDIT, CANCEL))
    for said in Answer:
        yield from (f"schedule.answer.{said}", f"schedule.answer.{said}.label", f"schedule.said.{said}")
    yield from (f"schedule.repeats.{each}" for each in Repeats)
    yield from (f"schedule.line.{each}" for each in Repeats if each is not Repeats.NONE)
    yield from (f"schedule.card.{end}{text}" for end in ("cancelled", "over") for text in ("", ".text"))
    yield from (f"schedule.{when}{text}" for when in ("begins", "begun") for text in ("", ".text"))
    yield from (f"history.pmi.{state}" for state in (State.LIVE, State.HELD))
    yield from (f"history.link.{state}" for state in State)
    for grammar in GRAMMARS:
        yield from (f"command.{grammar.code}", f"help.{grammar.code}", f"help.{grammar.code}.bare")
        yield from (f"help.{grammar.code}.{each.word}" for each in grammar.subcommands)
        yield f"help.{grammar.code}.colleague"


def put_together_for_administrators() -> Iterator[str]:
    """The same of their dialogs."""
    logged = (action for actions in VALUES for action in actions.split())
    yield from (f"log.{action}" for action in logged if f"log.{action}" in ENGLISH)
    yield from (f"log.kind.{kind}" for kind in LogKind)
    yield from (f"names.{field}.hint" for field in ("add", "remove"))
    yield from (f"names.{when}.{what}" for when in ("would", "saved") for what in ("added", "removed", "nothing"))


PUT_TOGETHER = sorted({*put_together(), *put_together_for_administrators()})


class Listener(Translator):
    """A translator that remembers what was said."""

    __slots__ = ()
    said: dict[str, set[str]] = {}  # noqa: RUF012 (one for the test that empties it)

    def __call__(self, code: str, /, **params: str) -> str:
        self.said.setdefault(code, set()).update(params)
        return super().__call__(code, **params)

    def many(self, code: str, count: int, /, **params: str) -> str:
        self.said.setdefault(code, set()).update({*params, "count"})
        return super().many(code, count, **params)


def test_every_code_that_the_program_uses_has_a_text() -> None:
    assert set() == (sources.asked_for() | set(PUT_TOGETHER)) - set(ENGLISH)


def test_no_text_is_unused() -> None:
    assert set() == set(ENGLISH) - set(MENTIONED) - set(PUT_TOGETHER)


@pytest.mark.parametrize("pattern", sorted(sources.patterns()))
def test_every_code_that_is_put_together_in_the_source_is_one_that_these_tests_know(pattern: str) -> None:
    """So that a new way of putting codes together is noticed here."""
    assert [code for code in (*PUT_TOGETHER, *MENTIONED) if re.fullmatch(pattern, code)]


def test_what_is_shown_somewhere_is_filled_in_wherever_it_is_shown() -> None:
    english = load_texts().for_locale("en")
    listener = Listener(english.language, english._catalogue)
    listener.said.clear()
    shown = str((messages(listener), dialogs(listener), homes(listener)))
    beyond = {code for code in ENGLISH if code.startswith(("page.", "command.", "calendar.", "name."))}
    # What stands under the field of an administrator's dialog, and nowhere else.
    beyond |= {code for code in Code if code.startswith("host.")}

    assert not re.findall(r"\{(?!date_long(?:_pretty)?\}|date_short_pretty\}|time\})[a-z_]*\}", shown)
    assert set(ENGLISH) - beyond == {code for code in listener.said if code in ENGLISH}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_compiled_is_what_was_written(language: str) -> None:
    assert texts(po(language)) == texts(mo(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_codes_and_the_placeholders_of_the_english_one(language: str) -> None:
    theirs = texts(po(language))

    assert set(ENGLISH) >= set(theirs)
    for code, forms in theirs.items():
        assert {placeholders(form) for form in ENGLISH[code]} == {placeholders(form) for form in forms}


def placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_a_text_keeps_the_house_style() -> None:
    for code, text in ((code, text) for code, forms in ENGLISH.items() for text in forms):
        assert text, code
        assert text == text.strip() or code == "list.or"
        assert "  " not in text
        assert not re.search(
            r"\b(please|sorry|oops|uh-oh|unfortunately|invalid|error|e-mail us)\b", text, re.IGNORECASE
        )
        assert "!" not in text
        assert not re.search("[\u2018\u2019\u201c\u201d]", text), "straight quotes and apostrophes"
        assert text.count("*") % 2 == 0 or "acme*" in text
        assert "" not in placeholders(text), "placeholders have names"


def test_a_sentence_begins_with_a_capital_and_is_not_shouted() -> None:
    sentences = {
        code: forms for code, forms in ENGLISH.items() if not code.startswith(("help.", "list.", "log.", "names."))
    }
    for text in (text for forms in sentences.values() for text in forms):
        begun = re.sub(r"\{[a-z]+\}", "", text).lstrip("*: ")
        starts_with_a_value = text.lstrip("*").startswith("{")

        assert starts_with_a_value or not begun[:1].islower()
        assert not [word for word in re.findall(r"\b[A-Z]{3,}\b", text) if word not in {"PMI", "CSV"}]


@pytest.mark.parametrize(
    "code", [code for code in ENGLISH if code.startswith("help.") and code.count(".") == 2 and code != "help.help"]
)
def test_a_line_of_help_goes_on_from_its_example_without_a_full_stop(code: str) -> None:
    (text,) = ENGLISH[code]

    assert text[0].islower()
    assert not text.endswith((".", ":"))


@pytest.mark.parametrize(
    "code", [code for code in ENGLISH if code.startswith(("failure.", "person.", "plan.", "licence."))]
)
def test_a_refusal_or_failure_is_a_whole_sentence_that_says_what_to_do(code: str) -> None:
    if ".name." not in code and not code.endswith(".button"):
        assert ENGLISH[code][0].endswith(".")


@pytest.mark.parametrize("locale", [None, "", "en", "en-GB", "en_US", "xx", "de-DE", "tlh", "\u00e9", "-", "_"])
def test_a_language_that_there_is_not_is_english(locale: str | None) -> None:
    loaded = load_texts()
    expected = (locale or "en").replace("_", "-").split("-")[0]

    assert (expected if expected in loaded.languages else "en") == loaded.for_locale(locale).language


def test_a_code_without_a_text_and_a_text_without_its_filling_are_mistakes_that_are_seen() -> None:
    t = load_texts().for_locale("en")

    with pytest.raises(LookupError):
        t("no.such.code")
    with pytest.raises(LookupError):
        t.many("no.such.code", 2)
    with pytest.raises(LookupError):
        t("pmi.run")


def test_what_is_filled_in_is_not_read_as_a_placeholder() -> None:
    t = load_texts().for_locale("en")

    assert "[{piece}]" in t("pmi.run", marked="[{piece}]")


@pytest.mark.parametrize("code", [code for code in ENGLISH if len(ENGLISH[code]) > 1])
def test_counted_things_have_a_form_for_one_and_one_for_many(code: str) -> None:
    t = load_texts().for_locale("en")
    one, many = t.many(code, 1), t.many(code, 2)

    assert "1" in one
    assert "2" in many
    assert one.replace("1", "2") == many or one != many
