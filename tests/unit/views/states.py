"""Every view and every message in every state, by name: what the other tests here look at."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from bot import errors
from bot.grammar import GRAMMARS
from bot.handlers.audience import Reason
from bot.handlers.rooms import _not_opened
from bot.ids import Action, Block
from bot.providers import ProviderUnavailable
from bot.rules import (
    PMI,
    PRODUCT_POLICY,
    SWITCHES,
    Choice,
    Code,
    Customisers,
    Licence,
    Option,
    PersonalLink,
    Plan,
    Policy,
    Refusal,
    Stance,
    Violation,
    WaitingRoom,
    load_common_names,
    parse_link,
    parse_pmi,
    settled,
)
from bot.services.guest_records import GuestState
from bot.services.home import HomeSeen
from bot.services.meeting_glances import AtHome
from bot.services.meeting_results import Startable
from bot.services.people import Standing
from bot.services.refusals import Declined, Refused, SettingsRefused
from bot.services.room import Room
from bot.services.settings_seen import Glance, Seen, SettingsSaved
from bot.services.sharing import Shared, SharedRoom
from bot.services.timetable import Coming
from bot.services.verdicts import Entry, History, Outcome, Saved, State, Suggestions, Verdict, refusal_of
from bot.texts import Translator
from bot.views import blocks, lists
from bot.views.addresses import Addresses
from bot.views.admin_data import purge_begun, purge_modal
from bot.views.admin_modal import Way, admin_modal
from bot.views.blocks import View
from bot.views.cards import colleague_card, link_card, link_saved, pmi_card, pmi_saved, room_card
from bot.views.choices import refusal_message, verdict_blocks, verdict_message
from bot.views.form import with_replaced
from bot.views.help import help_message
from bot.views.home import home_view
from bot.views.link_modal import link_modal, link_modal_saved
from bot.views.message import Message
from bot.views.mrkdwn import escape
from bot.views.notice import notice_modal
from bot.views.pmi_modal import pmi_modal, pmi_modal_saved
from bot.views.settings_modal import (
    passcode_not_shown,
    settings_modal,
    settings_modal_saved,
    settings_reset,
    with_new_passcode,
)
from bot.views.share_cards import share_answer, share_cancelled, share_question, shared_card
from bot.views.unfurl import link_unfurled, number_unfurled
from bot.views.welcome import welcome
from storage.errors import Busy, OutcomeUnknown, Unavailable
from tests.unit.views.admin_log_states import log_dialogs
from tests.unit.views.admin_member_states import SET, admin_member_dialogs
from tests.unit.views.admin_names_states import names_dialogs
from tests.unit.views.guest_states import guest_messages
from tests.unit.views.host_states import host_dialogs
from tests.unit.views.meeting_states import KEY, meeting_dialogs, meeting_messages, startables
from tests.unit.views.planned import MEETING, every_shown, occurrence, planned_dialogs, planned_messages
from tests.unit.views.policy_states import policy_dialogs

NAMES = load_common_names()
ADDRESSES = Addresses("https://room.example")
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
UNTIL = AT + timedelta(days=180)
LONG_LINK = "a" * 38 + ".b"
FREE_NUMBERS = ("5829047317", "5829047318", "61755501423")
FREE_LINKS = ("blue.harbour.7", "my.blue.harbour", LONG_LINK)

BROKEN_NUMBERS = (
    "",
    "5829047316a",
    "\u0665\u0665\u0665",
    "<!channel>",
    "123",
    "2" * 11,
    "1358024679",
    "8005550199",
    "2472472479",
    "99247247247",
    "2224447778",
    "7772777277",
    "9999922222",
    "9123456000",
    "5551112222",
    "0" * 90,
    "7" * 5000,
    "<" * 5000,
)
BROKEN_LINKS = (
    "",
    "abcd",
    "x" * 41,
    "7seven.seas",
    "jane-doe",
    "jennifer",
    "<https://evil.example|zoom.us>",
    "<!channel>",
    "&amp;" * 30,
    "&" * 5000,
    "`code` *bold*",
    "line\nline",
    "\u202e\u200b\u0301" * 2000,
    "\U0001f469\u200d\U0001f680",
)


def rooms() -> Iterator[tuple[str, Room]]:
    """The room of each plan, licence, link and preference."""
    for plan, licence, link, instant in product(Plan, Licence, (None, "Blue.Harbour", LONG_LINK), (None, True, False)):
        has = "no-link" if link is None else f"{len(link)}-letters"
        name = f"{plan}-{licence}-{has}-{instant}".lower()
        yield name, Room("U0ANNA", "5829047316", link, plan, licence, instant)
    for name, said in (("nobody", {"customisers": Customisers.NOBODY}), ("off", {"pmis_enabled": False})):
        yield f"policy-{name}", replace(_room(instant=False), instant_is_locked=True, **said)


def _room(link: str | None = "Blue.Harbour", *, instant: bool | None = None) -> Room:
    return Room("U0ANNA", "61755501423", link, Plan.BUSINESS, Licence.LICENSED, instant)


def saved_numbers() -> Iterator[tuple[str, Saved]]:
    yield "same", Saved(_room(), changed=False)
    yield "moved", Saved(_room(), changed=True, before="5829047316")
    for instant in (True, False):
        yield f"instant-{instant}", Saved(_room(instant=instant), changed=True)
        yield f"moved-and-instant-{instant}", Saved(_room(instant=instant), changed=True, before="5829047316")


def saved_links() -> Iterator[tuple[str, Saved]]:
    yield "same", Saved(_room(), changed=False)
    yield "none", Saved(_room(None), changed=False)
    yield "first", Saved(_room(), changed=True)
    yield "moved", Saved(_room(LONG_LINK), changed=True, before="Blue.Harbour", held_until=UNTIL)
    yield "removed", Saved(_room(None), changed=True, before="Blue.Harbour", held_until=UNTIL)


def _refusal(parsed: PMI | PersonalLink | Refusal) -> Refusal:
    assert isinstance(parsed, Refusal)
    return parsed


def refusals() -> Iterator[tuple[str, Action, Refused]]:
    """Each rule broken, each with free ones to choose and without; and what plan and licence forbid beside it."""
    for place, text in enumerate(BROKEN_NUMBERS):
        refusal = _refusal(parse_pmi(text))
        yield f"pmi-{place}", Action.CLAIM_PMI, Refused(refusal)
        yield f"pmi-{place}-free", Action.CLAIM_PMI, Refused(refusal, FREE_NUMBERS)
        missing = refusal_of(refusal.wish, (Code.LICENCE_PMI,), *refusal.violations)
        yield f"pmi-{place}-licence", Action.CLAIM_PMI, Refused(missing)
    yield "link-reserved", Action.CLAIM_LINK, Refused(refusal_of("acme.desk", (Code.LINK_RESERVED,)), FREE_LINKS)
    for place, text in enumerate(BROKEN_LINKS):
        refusal = _refusal(parse_link(text, NAMES))
        yield f"link-{place}", Action.CLAIM_LINK, Refused(refusal)
        yield f"link-{place}-free", Action.CLAIM_LINK, Refused(refusal, FREE_LINKS)
        missing = refusal_of(refusal.wish, (Code.PLAN_LINK, Code.LICENCE_LINK), *refusal.violations)
        yield f"link-{place}-plan", Action.CLAIM_LINK, Refused(missing)
    taken = Violation(Code.PMI_TAKEN, "5829047316")
    yield "pmi-taken", Action.CLAIM_PMI, Refused(Refusal("5829047316", (taken,)), FREE_NUMBERS)
    passcode = Violation(Code.PMI_PASSCODE, "5829047316")
    yield "pmi-passcode", Action.CLAIM_PMI, Refused(Refusal("5829047316", (passcode,)), FREE_NUMBERS)
    yield "pmi-plan", Action.CLAIM_PMI, Refused(refusal_of("5829047316", (Code.PLAN_PMI,), taken))
    taken = Violation(Code.LINK_TAKEN, "Blue.Harbour")
    yield "link-taken", Action.CLAIM_LINK, Refused(Refusal("Blue.Harbour", (taken,)), FREE_LINKS)


def verdicts() -> Iterator[tuple[str, Action, Verdict]]:
    for outcome in (Outcome.FREE, Outcome.YOURS, Outcome.HELD):
        yield f"pmi-{outcome}", Action.CLAIM_PMI, Verdict(outcome, "5829047316")
        yield f"link-{outcome}", Action.CLAIM_LINK, Verdict(outcome, LONG_LINK)
    for name, kind, refused in refusals():
        refusal = refused.refusal
        yield name, kind, Verdict(Outcome.REFUSED, refusal.wish, refusal.violations, refused.free)
        yield (
            f"{name}-others",
            kind,
            Verdict(Outcome.REFUSED, refusal.wish, refusal.violations, refused.free, near=False),
        )
    locked = Violation(Code.LICENCE_PMI, "5829047316"), Violation(Code.PLAN_LINK, LONG_LINK)
    yield "pmi-held-locked", Action.CLAIM_PMI, Verdict(Outcome.HELD, "5829047316", locked[:1])
    yield "link-held-locked", Action.CLAIM_LINK, Verdict(Outcome.HELD, LONG_LINK, locked[1:])


def suggested() -> Iterator[tuple[str, Action, Suggestions]]:
    numbers = tuple(f"58290473{place}" for place in range(10, 15))
    links = (*(f"blue.harbour.{place}" for place in range(4)), LONG_LINK)
    for noun, kind, free, wish in (
        ("pmi", Action.CLAIM_PMI, numbers, "0611"),
        ("pmi-far", Action.CLAIM_PMI, numbers, "0" * 5000),
        ("link", Action.CLAIM_LINK, links, "<!here> & co"),
        ("link-far", Action.CLAIM_LINK, links, "&" * 5000),
    ):
        yield f"{noun}-near", kind, Suggestions(wish, free, ())
        yield f"{noun}-near-and-others", kind, Suggestions(wish, free[:2], free[2:])
        yield f"{noun}-others", kind, Suggestions(wish, (), free)
        yield f"{noun}-no-wish", kind, Suggestions("", (), free)
        yield f"{noun}-no-wish-near", kind, Suggestions("", free, ())
        yield f"{noun}-nothing", kind, Suggestions(wish, (), ())


def histories() -> Iterator[tuple[str, Action, tuple[Entry, ...]]]:
    number, link = Entry("5829047316", State.LIVE, AT), Entry(LONG_LINK, State.LIVE, AT)
    held = tuple(Entry(f"58290473{place}", State.HELD, AT) for place in range(10, 70))
    ends = {State.HELD: UNTIL, State.LAPSED: AT, State.GONE: None}
    gone = tuple(Entry(f"blue.harbour.{state}", state, until or AT) for state, until in ends.items())
    yield "pmi-one", Action.CLAIM_PMI, (number,)
    yield "pmi-41", Action.CLAIM_PMI, (number, *held[:40])
    yield "pmi-61", Action.CLAIM_PMI, (number, *held)
    yield "link-none", Action.CLAIM_LINK, ()
    yield "link-each", Action.CLAIM_LINK, (link, *gone)
    yield "link-61", Action.CLAIM_LINK, (link, *gone * 20)


def failures() -> Iterator[tuple[str, BaseException]]:
    for name, _, refused in refusals():
        yield name, refused
    for standing in Standing:
        if standing is not Standing.MEMBER:
            yield f"person-{standing}", Declined(f"person.{standing}", user="U0BEN")
    yield "mention", Declined("person.mention", name="@<!channel> & co")
    yield "elsewhere", Declined("person.elsewhere")
    yield "not-installed", Declined("workspace.not_installed", url="https://rooms.example.com/slack/install")
    yield "no-link", Declined("link.none")
    became = (f"guest.was.{state}" for state in GuestState if state is not GuestState.WAITING)
    for code in ("guests.nobody", "guest.unknown", *became):
        yield code, Declined(code)
    yield "stale", Declined("failure.stale")
    yield "not-administrator", Declined("admin.only")
    yield "unconfirmed", Declined("admin.data.unconfirmed", word="Delete everything")
    yield "not-host", Declined(Code.MEETING_NOT_HOST)
    yield "over", Declined(Code.MEETING_OVER)
    for error in (
        ProviderUnavailable("timeout"),
        Busy(),
        Unavailable(),
        OutcomeUnknown(),
        ValueError("what nobody expected"),
    ):
        yield type(error).__name__, error


def settings_refusals() -> Iterator[tuple[str, SettingsRefused]]:
    codes = [code for code in Code if code.startswith("room.")]
    for code in codes:
        yield code, SettingsRefused((Violation(code, "Zo\u00eb <!channel> \u05d0" if "hosts" in code else ""),))
    yield "all", SettingsRefused(tuple(Violation(code, "x") for code in codes))
    yield "start", SettingsRefused((Violation(Code.ROOM_TOPIC_LONG),), "refused.start")


def policies() -> Iterator[tuple[str, Policy]]:
    yield "product", PRODUCT_POLICY
    yield "sign-in", Policy({}, sign_in=True)
    yield "no-pmis", Policy({}, sign_in=True, pmis_enabled=False)
    for stance in Stance:
        yield stance, Policy(dict.fromkeys(Option, stance), sign_in=True)


def choices() -> Iterator[tuple[str, Choice]]:
    yield "new", Choice(passcode="aB3@-_*x9K")
    yield "six-digits", Choice(passcode="004217", waiting_room=WaitingRoom.NOBODY)
    yield "six-digits-waiting", Choice("Q&A <!here> *bold*", "004217", WaitingRoom.OUTSIDE, {}, ("U0BEN",))
    full: dict[Option, bool] = dict.fromkeys(SWITCHES, True)
    ten = tuple(f"U0{letter}" for letter in "ABCDEFGHIJ")
    yield "full", Choice("\U0001f469\u200d\U0001f680" * 66, None, WaitingRoom.EVERYBODY, full, ten)
    yield (
        "said-no",
        Choice("\u05e4\u05d2\u05d9\u05e9\u05d4", "@-_*@-_*", None, {option: not on for option, on in full.items()}),
    )


def settings_seen() -> Iterator[tuple[str, Seen]]:
    """The settings of a room as they were chosen, under each policy."""
    for (of, policy), (name, choice) in product(policies(), choices()):
        yield f"{name}-{of}", Seen(_room(), settled(choice, policy), policy.locks, 3)


def _shared(t: Translator) -> dict[str, Message]:
    found = {f"share_question {reason}": share_question((reason,), 101, t) for reason in Reason}
    found["share_question of all"] = share_question(tuple(Reason), 1, t)
    found |= {f"share_answer {changed}": share_answer(Shared(changed), t) for changed in (True, False)}
    for name, room in rooms():
        for topic in ("", "Q&A <!channel> *bold*", "x" * 200):
            found[f"shared_card {name} {topic[:3]}"] = shared_card(SharedRoom(room, topic, "A" * 24), t, ADDRESSES)
    return found | {"share_cancelled": share_cancelled(t)}


def messages(t: Translator) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for name, room in rooms():
        for card in (pmi_card, link_card):
            found[f"{card.__name__} {name}"] = card(room, t, ADDRESSES, KEY)
        found[f"colleague_card {name}"] = colleague_card(room, t, ADDRESSES)
        found[f"room_card {name}"] = room_card(Glance(room, settled(Choice(passcode=""), PRODUCT_POLICY)), t, ADDRESSES)
    for name, seen in settings_seen():
        found[f"room_card {name}"] = room_card(Glance(seen.room, seen.settings), t, ADDRESSES)
        found[f"settings_reset {name}"] = settings_reset(SettingsSaved(seen, changed=True), t)
    found |= {f"failure {name}": errors.explain(error, t).message for name, error in settings_refusals()}
    found |= {f"pmi_saved {name}": pmi_saved(saved, t, ADDRESSES) for name, saved in saved_numbers()}
    found |= {f"link_saved {name}": link_saved(saved, t, ADDRESSES) for name, saved in saved_links()}
    found |= {f"verdict {name}": verdict_message(verdict, kind, t) for name, kind, verdict in verdicts()}
    found |= {f"suggestions {name}": lists.suggestions(free, kind, t) for name, kind, free in suggested()}
    found |= _started_cards(t) | meeting_messages(t, ADDRESSES) | _shared(t)
    for name, kind, entries in histories():
        found[f"history {name}"] = lists.history(History(entries, ()), kind, t)
        code = Code.LICENCE_PMI if kind is Action.CLAIM_PMI else Code.PLAN_LINK
        found[f"history {name} locked"] = lists.history(History(entries, (code,)), kind, t)
    found |= {f"failure {name}": errors.explain(error, t).message for name, error in failures()}
    found |= {f"late {command}": errors.unknown_outcome(t, command).message for command in ("/pmi", "/room settings")}
    found |= {"too late": errors.too_late(t).message, "slack silent": errors.slack_silent(t).message}
    for name, kind, refused in refusals():
        found[f"suggest {name}"] = refusal_message(refused, kind, t, "suggest.refused")
        others = Refused(refused.refusal, refused.free, near=False)
        found[f"failure {name} others"] = errors.explain(others, t).message
    found |= planned_messages(t)
    for name, unfurled in (
        ("number", number_unfurled("61755501423", t, ADDRESSES)),
        ("link", link_unfurled(LONG_LINK, t, ADDRESSES)),
    ):
        found[f"unfurled {name}"] = Message(name.title(), tuple(unfurled["blocks"]))
    found["welcome"] = welcome(t)
    found["passcode not shown"] = passcode_not_shown(t)
    found |= guest_messages(t)
    found["dialog not opened"] = _not_opened(Action.EDIT_PMI, t)
    for grammar in GRAMMARS:
        found[f"help {grammar.code}"] = help_message(grammar, t)
        for place, unknown in enumerate(("sett", "<!channel>", "`" * 50, "&" * 5000, "\u202e\u200b" * 50)):
            found[f"help {grammar.code} unknown-{place}"] = help_message(grammar, t, unknown=unknown)
        for place, line in enumerate(("582 904 7316", "https://<!channel>/my/x", "1" * 5000)):
            found[f"help {grammar.code} meant-{place}"] = help_message(grammar, t, unknown=line, line=line)
    return found


def _started_cards(t: Translator) -> dict[str, Message]:
    found: dict[str, Message] = {}
    glance = Glance(_room(), settled(Choice(passcode=""), PRODUCT_POLICY))
    for name, start in startables():
        found[f"room_card {name}"] = room_card(glance, t, ADDRESSES, start)
        for reader in ("U0ANNA", "U0BEN"):
            found[f"colleague_card {name} {reader}"] = colleague_card(_room(), t, ADDRESSES, start, reader)
    return found


def homes(t: Translator) -> dict[str, View]:
    seen = {f"home {name}": AtHome(room, Startable(KEY), AT) for name, room in rooms()}
    seen |= {f"home {name}": AtHome(_room(), start, AT) for name, start in startables()}
    settings = settled(Choice(passcode=""), PRODUCT_POLICY)
    found = {name: HomeSeen(at, settings, (), {}, AT) for name, at in seen.items()}
    for name, one in every_shown():
        whole = (Coming(one, occurrence()),) * 5
        found[f"home coming {name}"] = HomeSeen(
            AtHome(_room(), Startable(KEY), AT), settings, whole, {MEETING: KEY}, AT
        )
    found["home of an administrator"] = replace(
        HomeSeen(AtHome(_room(), Startable(KEY), AT), settings, (), {}, AT), workspace=SET
    )
    return {name: home_view(each, t, ADDRESSES) for name, each in found.items()}


def dialogs(t: Translator) -> dict[str, View]:
    found: dict[str, View] = {}
    for name, room in rooms():
        found[f"pmi_modal {name}"] = pmi_modal(room, t)
        found[f"link_modal {name}"] = link_modal(room, t)
    found |= {f"pmi_modal_saved {name}": pmi_modal_saved(saved, t, ADDRESSES) for name, saved in saved_numbers()}
    found |= {f"link_modal_saved {name}": link_modal_saved(saved, t, ADDRESSES) for name, saved in saved_links()}
    for name, seen in settings_seen():
        found[f"settings_modal {name}"] = settings_modal(seen, t)
        found[f"settings_modal regenerated {name}"] = with_new_passcode(settings_modal(seen, t), "23456789ab", t)
        for changed, elsewhere in product((True, False), repeat=2):
            saved = SettingsSaved(seen, changed=changed, elsewhere=elsewhere)
            found[f"settings_modal_saved {name} {changed} {elsewhere}"] = settings_modal_saved(saved, t)
    for name, kind, entries in histories():
        found[f"history {name}"] = lists.history_modal(History(entries, ()), kind, t)
    found |= meeting_dialogs(t, ADDRESSES)
    found |= planned_dialogs(t)
    found |= log_dialogs(t)
    found |= names_dialogs(t)
    found |= admin_member_dialogs(t)
    found["admin_modal"] = admin_modal(
        [
            Way(Action.ADMIN_MEMBERS, "admin.members.title", "admin.members.about"),
            Way(Action.ADMIN_LOG, "admin.log.title", "admin.log.about"),
            Way(Action.ADMIN_HOST, "admin.host.title", "admin.host.about"),
            Way(Action.ADMIN_NAMES, "admin.names.title", "admin.names.about"),
            Way(Action.ADMIN_OPTIONS, "admin.options", "admin.options.about"),
            Way(Action.ADMIN_ADDRESSES, "admin.addresses", "admin.addresses.about"),
            Way(Action.ADMIN_DATA, "admin.data.title", "admin.data.about"),
        ],
        t,
    )
    found |= host_dialogs(t)
    found["admin_data"] = purge_modal(t)
    found["admin_data-begun"] = purge_begun(t)
    found |= policy_dialogs(t)
    found["notice"] = notice_modal(t("failure.stale"), t)
    for name, kind, verdict in verdicts():
        judged = verdict_blocks(verdict, kind, t)
        if kind is Action.CLAIM_PMI:
            found[f"verdict {name}"] = with_replaced(pmi_modal(_room(), t), Block.PMI, Block.VERDICT, judged)
        else:
            found[f"verdict {name}"] = with_replaced(link_modal(_room(), t), Block.LINK, Block.VERDICT, judged)
    for name, error in failures():
        notice = [blocks.section(escape(errors.explain(error, t).plain), block_id=Block.NOTICE)]
        found[f"notice {name}"] = with_replaced(pmi_modal(_room(), t), "", Block.NOTICE, notice)
    return found
