"""`/pmi` and its subcommands, as typed and as answered."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rules import PMI, parse_pmi
from tests.e2e.reading import ALSO_FREE, FREE, asks, choices, chooses, digits
from tests.e2e.stage import BASE, Stage

HELP = "`/pmi check 555 111 2222`"


async def test_the_card_shows_number_address_link_and_plan(stage: Stage) -> None:
    shown = await asks(stage.anna, "/pmi")

    pmi = await stage.pmi(stage.anna)
    assert isinstance(parse_pmi(pmi), PMI)
    assert f"{pmi[:3]} {pmi[3:6]} {pmi[6:]}" in shown
    assert f"<{BASE}/j/{pmi}>" in shown
    assert "none yet" in shown
    assert "Business plan · Licensed user" in shown
    await asks(stage.anna, "/personal-link set Blue.Harbour")
    assert f"<{BASE}/my/Blue.Harbour>" in await asks(stage.anna, "/pmi")


async def test_help_comes_when_asked_for_and_when_a_word_is_unknown(stage: Stage) -> None:
    for typed in ("help", "HELP", "?", "”help“", "help me please"):
        shown = await asks(stage.anna, f"/pmi {typed}")

        assert HELP in shown, typed
        assert "none of this command's words" not in shown, typed
    for typed, word in (("frobnicate 5", "frobnicate"), ("5829047316", "5829047316"), ("sett 1", "sett")):
        shown = await asks(stage.anna, f"/pmi {typed}")

        assert HELP in shown, typed
        assert f"`{word}` is none of this command's words" in shown


async def test_a_number_is_understood_however_it_is_written(stage: Stage) -> None:
    ways = (
        "set 582 904 7316",
        "SET 582-904-7316",
        "Set 5829047316 ",
        "set 582\u00a0904\u00a07316",
        "set\u00a0582\u2011904\u20117316",
        "set “582 904 7316”",
        "“set” 582 904 7316",
        "\u200bset 582\u202f904\u202f7316\u200b",
        "set https://rooms.example.com/j/5829047316",
        "set https://us02.zoom.example/j/5829047316?pwd=abc",
    )
    for way in ways:
        await asks(stage.anna, f"/pmi set {ALSO_FREE}")

        assert f"now {FREE}*" in await asks(stage.anna, f"/pmi {way}"), way
        assert digits(FREE) == await stage.pmi(stage.anna)


async def test_a_saved_number_is_kept_and_the_same_again_changes_nothing(stage: Stage) -> None:
    (before,) = await stage.are_known(stage.anna)

    saved = await asks(stage.anna, f"/pmi set {FREE}")
    again = await asks(stage.anna, f"/pmi set {FREE}")

    assert f"*Saved. Your Personal Meeting ID is now {FREE}*" in saved
    assert f"<{BASE}/j/{digits(FREE)}>" in saved
    assert f"{before[:3]} {before[3:6]} {before[6:]} stays held for you" in saved
    assert "There was nothing to change" in again
    assert ["pmi.assigned", "pmi.changed"] == await stage.actions(stage.anna)


async def test_a_taken_number_is_taken_wherever_its_holder_is(stage: Stage) -> None:
    await asks(stage.ben, f"/pmi set {FREE}")
    mine = await asks(stage.anna, "/pmi")

    refused = await asks(stage.anna, f"/pmi set {FREE}")

    assert f"*{FREE}* cannot be your PMI. Nothing was changed." in refused
    assert "It is taken." in refused
    assert "U0BEN" not in refused
    assert "Ben" not in refused
    assert mine == await asks(stage.anna, "/pmi")


async def test_the_old_number_is_held_for_good_and_taken_back_by_set_or_button(stage: Stage) -> None:
    (first,) = await stage.are_known(stage.anna)
    await asks(stage.anna, f"/pmi set {FREE}")

    assert "It is taken." in await asks(stage.ben, f"/pmi set {first}")
    assert "held for you" in await asks(stage.anna, f"/pmi check {first}")
    history = await asks(stage.anna, "/pmi history")
    assert history.index(FREE) < history.index(f"{first[:3]} {first[3:6]} {first[6:]}")
    assert [first] == choices(stage.anna.private_messages[-1])
    await stage.anna.presses("Take Back")
    await stage.until_told(stage.anna, "Saved")
    assert first == await stage.pmi(stage.anna)
    assert "It is taken." in await asks(stage.ben, f"/pmi set {FREE}")
    assert f"now {FREE}*" in await asks(stage.anna, f"/pmi set {FREE}")
    assert ["pmi.assigned", "pmi.changed", "pmi.taken_back", "pmi.taken_back"] == await stage.actions(stage.anna)


async def test_a_refusal_names_every_rule_with_its_digits_and_offers_free_numbers(stage: Stage) -> None:
    table = {
        "555 111 2222": ["*555 111 222* 2"],
        "99999 22222": ["*999 99* 222 22", "*999 992 222 2*", "999 99*"],
        "1358024679": ["*1* 358 024 679"],
        "800 555 0199": ["*800* 555 0199"],
        "247 247 247 9": ["*247 247 247* 9"],
        "912 345 6000": ["9 *123 456* 000"],
    }
    for wish, marks in table.items():
        refused = await asks(stage.anna, f"/pmi set {wish}")

        assert any(mark in refused for mark in marks), refused
        offered = choices(stage.anna.private_messages[-1])
        assert 3 == len(offered), refused
        assert all(isinstance(parse_pmi(each), PMI) for each in offered)
    assert "has 10 or 11 digits; this has 3" in await asks(stage.anna, "/pmi set 234")
    assert "Type the 10 or 11 digits" in await asks(stage.anna, "/pmi set")
    assert "0 to 9 only" in await asks(stage.anna, "/pmi set 58290473l6")


async def test_one_click_on_an_offered_number_claims_it_and_shows_it_saved_in_place(stage: Stage) -> None:
    await asks(stage.anna, "/pmi set 555 111 2222")
    message = stage.anna.private_messages[-1]
    offered = choices(message)

    await chooses(stage.anna, offered[1])
    await stage.slack.until(lambda: "Saved" in message.shown)

    assert offered[1] == await stage.pmi(stage.anna)
    assert not choices(message)
    assert stage.anna.private_messages[-1] is message


async def test_check_says_how_a_number_stands_and_changes_nothing(stage: Stage) -> None:
    await asks(stage.ben, f"/pmi set {ALSO_FREE}")
    (mine,) = await stage.are_known(stage.anna)
    logged = await stage.log(stage.anna)

    assert f"*{FREE}* is free." in await asks(stage.anna, f"/pmi check {FREE}")
    assert [digits(FREE)] == choices(stage.anna.private_messages[-1])
    assert "is your PMI" in await asks(stage.anna, f"/pmi check {mine}")
    assert "It is taken." in await asks(stage.anna, f"/pmi check {ALSO_FREE}")
    assert 3 == len(choices(stage.anna.private_messages[-1]))
    assert "*555 111 222* 2" in await asks(stage.anna, "/pmi check 555 111 2222")
    assert "Type the 10 or 11 digits" in await asks(stage.anna, "/pmi check")
    assert logged == await stage.log(stage.anna)


async def test_check_of_any_text_is_answered_in_words(stage: Stage) -> None:
    texts: list[str] = []

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    for at, text in enumerate(texts):
        exchange = await stage.anna.types(f"{'/pmi' if at % 2 else '/personal-link'} check {text}")

        assert 200 == exchange.status, text
        assert exchange.ok, (text, exchange.failure)
    assert not stage.anna.troubles
    assert await stage.row(stage.anna) is None


async def test_suggestions_are_free_pass_the_rules_and_hold_the_digits(stage: Stage) -> None:
    for typed, piece in (("0611", "0611"), ("", ""), ("06-11", "0611"), ("2036 1755 501", "20361755501")):
        shown = await asks(stage.anna, f"/pmi suggest {typed}")

        offered = choices(stage.anna.private_messages[-1])
        assert 5 == len(offered), shown
        assert all(isinstance(parse_pmi(each), PMI) and piece in each for each in offered[: 5 if len(piece) < 9 else 1])
    shown = await asks(stage.anna, "/pmi suggest 00000")
    assert "No free number that passes the rules holds 000 00" in shown
    assert 5 == len(choices(stage.anna.private_messages[-1]))
    assert "0 to 9 only" in await asks(stage.anna, "/pmi suggest abc")


async def test_a_suggestion_is_claimed_by_one_click_and_others_are_shown_on_request(stage: Stage) -> None:
    await asks(stage.anna, "/pmi suggest 0611")
    message = stage.anna.private_messages[-1]
    first = choices(message)

    await stage.anna.presses("Show Others", on=message)
    await stage.slack.until(lambda: choices(message) != first)
    others = choices(message)
    await chooses(stage.anna, others[2])
    await stage.slack.until(lambda: "Saved" in message.shown)

    assert all("0611" in each for each in others)
    assert others[2] == await stage.pmi(stage.anna)
    await asks(stage.ben, "/pmi suggest 0611")
    assert others[2] not in choices(stage.ben.private_messages[-1])


async def test_two_people_who_ask_for_the_same_digits_get_different_numbers(stage: Stage) -> None:
    offered: list[str] = []
    for person in (stage.anna, stage.ben, stage.carla):
        await asks(person, "/pmi suggest 0611")
        offered += choices(person.private_messages[-1])

    assert len(offered) == len(set(offered))


@pytest.mark.parametrize("command", ["/pmi", "/personal-link", "/room"])
async def test_a_colleague_is_shown_by_mention_and_nothing_private_with_it(stage: Stage, command: str) -> None:
    await asks(stage.ben, "/personal-link set blue.harbour")
    pmi = await stage.pmi(stage.ben)

    for typed in ("<@U0BEN>", "<@U0BEN|ben>", "<@U0BEN|ben> please"):
        await stage.sends(stage.anna, command, typed)
        shown = stage.anna.private_messages[-1].shown

        assert "The room of <@U0BEN>" in shown
        assert f"<{BASE}/j/{pmi}>" in shown
        assert f"<{BASE}/my/blue.harbour>" in shown
        assert not re.search("plan|Licensed|Edit|History|held|Passcode", shown)
    assert shown == await asks(stage.anna, f"{command} @Ben")
    assert await asks(stage.anna, command) == await asks(stage.anna, f"{command} @anna")
    refused = await asks(stage.anna, f"{command} @bobby")
    assert "@bobby" in refused
    assert "pick the colleague from Slack's list" in refused
