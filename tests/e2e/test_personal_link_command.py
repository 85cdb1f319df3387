"""`/personal-link` and its subcommands, as typed and as answered."""

from bot.rules import PersonalLink, load_common_names, parse_link
from tests.e2e.conftest import TimedStage
from tests.e2e.reading import asks, choices, chooses
from tests.e2e.stage import BASE, Stage
from tests.e2e.timing import DAY

LINK = "Blue.Harbour"
NAMES = load_common_names()


async def test_a_link_is_shown_as_it_was_spelled_with_its_address(stage: Stage) -> None:
    assert "none yet" in await asks(stage.anna, "/personal-link")
    saved = await asks(stage.anna, f"/personal-link set {LINK}")

    assert f"*Saved. Your personal link is now {LINK}*" in saved
    assert f"<{BASE}/my/{LINK}>" in saved
    assert f"*Personal link: {LINK}*\n<{BASE}/my/{LINK}>" in await asks(stage.anna, "/personal-link")
    assert "There was nothing to change" in await asks(stage.anna, f"/personal-link set {LINK}")
    assert ["pmi.assigned", "link.set"] == await stage.actions(stage.anna)


async def test_the_key_decides_whose_a_link_is(stage: Stage) -> None:
    await asks(stage.ben, f"/personal-link set {LINK}")

    for spelling in (LINK, "blue.harbour", "BLUE.HARBOUR.", "blue.harbour..", f"{BASE}/my/blue.harbour"):
        assert "It is taken." in await asks(stage.anna, f"/personal-link set {spelling}"), spelling
        offered = choices(stage.anna.private_messages[-1])
        assert 3 == len(offered), spelling
        assert all(isinstance(parse_link(each, NAMES), PersonalLink) for each in offered)
    assert "*Saved." in await asks(stage.ben, "/personal-link set BLUE.harbour")
    assert "BLUE.harbour" == await stage.link(stage.ben)
    assert ["pmi.assigned", "link.set", "link.changed"] == await stage.actions(stage.ben)


async def test_a_link_is_understood_however_it_is_written(stage: Stage) -> None:
    ways = (
        "set blue.harbour",
        "SET  blue.harbour ",
        "set\u00a0blue.harbour\u200b",
        "set “blue.harbour”",
        "set https://rooms.example.com/my/blue.harbour",
        "set https://rooms.example.com/my/blue.harbour?x=1",
    )
    for way in ways:
        await stage.anna.types("/personal-link remove")

        assert "*Saved. Your personal link is now blue.harbour*" in await asks(stage.anna, f"/personal-link {way}"), way
    # Slack makes an address of a word that ends like one.
    assert "*Saved. Your personal link is now anna.blue*" in await asks(stage.anna, "/personal-link set anna.blue")


async def test_an_address_that_ends_a_sentence_is_understood(stage: Stage) -> None:
    # Slack leaves the period outside: <https://rooms.example.com/my/blue.harbour>.
    assert "*blue.harbour* is free" in await asks(stage.anna, f"/personal-link check {BASE}/my/blue.harbour.")
    assert "*582 904 7316* is free" in await asks(stage.anna, f"/pmi check {BASE}/j/5829047316.")


async def test_names_words_and_other_shapes_are_refused_with_what_to_change(stage: Stage) -> None:
    table = {
        "jennifer": "common name or a reserved word on its own",
        "Smith": "common name",
        "a.d.m.i.n": "common name or a reserved word",
        "abcd": "5 characters or more; this has 4",
        "a" * 41: "40 characters at most; this has 41",
        "1harbour": "starts with a letter",
        "blue_harbour": "blue[_]harbour",
        "ſmith.lee": "[ſ]mith.lee",
        "İstanbul": "[İ]stanbul",
        "": "Type the personal link",
    }
    for wish, words in table.items():
        refused = await asks(stage.anna, f"/personal-link set {wish}")

        assert words in refused, (wish, refused)
    assert await stage.link(stage.anna) is None
    for wish in ("jennifer.smith", "johnson.lee", "abcd.", "a" * 40):
        assert "*Saved." in await asks(stage.anna, f"/personal-link set {wish}"), wish


async def test_one_click_on_an_offered_link_claims_it_and_shows_it_saved_in_place(stage: Stage) -> None:
    await asks(stage.anna, "/personal-link set jennifer")
    message = stage.anna.private_messages[-1]
    offered = choices(message)

    await chooses(stage.anna, offered[0])
    await stage.slack.until(lambda: "Saved" in message.shown)

    assert offered[0] == await stage.link(stage.anna)
    assert not choices(message)


async def test_check_says_how_a_link_stands_and_changes_nothing(stage: Stage) -> None:
    await asks(stage.ben, "/personal-link set ben.harbour")
    await asks(stage.anna, f"/personal-link set {LINK}")
    await asks(stage.anna, "/personal-link set red.harbour")
    logged = await stage.log(stage.anna)

    assert "*green.harbour* is free." in await asks(stage.anna, "/personal-link check green.harbour")
    assert ["green.harbour"] == choices(stage.anna.private_messages[-1])
    assert "is your personal link" in await asks(stage.anna, "/personal-link check Red.Harbour")
    assert "held for you" in await asks(stage.anna, f"/personal-link check {LINK}")
    assert "It is taken." in await asks(stage.anna, "/personal-link check Ben.Harbour")
    assert "common name" in await asks(stage.anna, "/personal-link check jennifer")
    assert "Type the personal link" in await asks(stage.anna, "/personal-link check")
    assert logged == await stage.log(stage.anna)


async def test_suggestions_come_from_a_word_or_ones_own_name(stage: Stage) -> None:
    await asks(stage.anna, "/personal-link suggest")
    own = choices(stage.anna.private_messages[-1])
    shown = await asks(stage.anna, "/personal-link suggest harbour")
    near = choices(stage.anna.private_messages[-1])

    assert 5 == len(own)
    assert any("larsson" in each for each in own)
    assert "like harbour" in shown
    assert 5 == len(near)
    assert any("harbour" in each for each in near)
    assert all(isinstance(parse_link(each, NAMES), PersonalLink) for each in own + near)
    shown = await asks(stage.anna, "/personal-link suggest harbour.com")
    assert "like harbour.com:" in shown
    message = stage.anna.private_messages[-1]
    claimed = choices(message)[0]
    await chooses(stage.anna, claimed)
    await stage.slack.until(lambda: "Saved" in message.shown)
    assert claimed == await stage.link(stage.anna)


async def test_a_link_that_is_removed_is_held_180_days_for_its_former_holder(clocked: TimedStage) -> None:
    stage, clock = clocked.stage, clocked.clock
    await asks(stage.anna, f"/personal-link set {LINK}")
    removed = await asks(stage.anna, "/personal-link remove")
    assert "*Removed. You have no personal link now.*" in removed
    assert "held for you until" in removed
    assert "no personal link to remove" in await asks(stage.anna, "/personal-link remove")

    clock.passes(179 * DAY)
    assert "It is taken." in await asks(stage.ben, "/personal-link set blue.harbour")
    assert "held for you" in await asks(stage.anna, "/personal-link check blue.harbour")
    assert "*Saved." in await asks(stage.anna, "/personal-link set blue.harbour")
    assert "*Removed." in await asks(stage.anna, "/personal-link remove")
    clock.passes(179 * DAY)
    assert "It is taken." in await asks(stage.ben, "/personal-link set blue.harbour")
    clock.passes(2 * DAY)
    assert "is free" in await asks(stage.ben, "/personal-link check blue.harbour")
    assert "*Saved." in await asks(stage.ben, "/personal-link set blue.harbour")
    assert "It is taken." in await asks(stage.anna, "/personal-link set blue.harbour")
    history = await asks(stage.anna, "/personal-link history")
    assert "no longer yours" in history
    assert not choices(stage.anna.private_messages[-1])
    expected = ["pmi.assigned", "link.set", "link.removed", "link.taken_back", "link.removed"]
    assert expected == await stage.actions(stage.anna)


async def test_a_link_that_was_changed_is_held_and_taken_back_from_the_history(clocked: TimedStage) -> None:
    stage = clocked.stage
    assert "not had a personal link yet" in await asks(stage.anna, "/personal-link history")
    await asks(stage.anna, f"/personal-link set {LINK}")
    await asks(stage.anna, "/personal-link set red.harbour")
    assert "It is taken." in await asks(stage.ben, f"/personal-link set {LINK}")

    history = await asks(stage.anna, "/personal-link history")
    assert history.index("red.harbour") < history.index(LINK)
    assert [LINK] == choices(stage.anna.private_messages[-1])
    await stage.anna.presses("Take Back")
    await stage.until_told(stage.anna, "Saved")

    assert LINK == await stage.link(stage.anna)
    clocked.clock.passes(181 * DAY)
    assert "red.harbour*: free for anybody" in await asks(stage.anna, "/personal-link history")
    assert ["red.harbour"] == choices(stage.anna.private_messages[-1])
