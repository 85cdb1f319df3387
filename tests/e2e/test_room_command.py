"""`/room`: the card and help. The dialog is in `test_room_settings`."""

from tests.e2e.reading import asks, dialog
from tests.e2e.stage import BASE, Stage


async def test_the_room_card_shows_both_addresses_and_opens_both_dialogs(stage: Stage) -> None:
    await asks(stage.anna, "/personal-link set Blue.Harbour")

    shown = await asks(stage.anna, "/room")

    pmi = await stage.pmi(stage.anna)
    assert f"Personal Meeting ID: {pmi[:3]} {pmi[3:6]} {pmi[6:]}" in shown
    assert f"<{BASE}/j/{pmi}>" in shown
    assert f"<{BASE}/my/Blue.Harbour>" in shown
    assert "Whether instant meetings use your PMI is not chosen yet." in shown
    assert "Business plan · Licensed user" in shown
    assert "Passcode set · Waiting room off" in shown
    for button, title in (
        ("Settings", "Room settings"),
        ("Edit PMI", "Personal Meeting ID"),
        ("Edit Personal Link", "Personal link"),
    ):
        await stage.anna.presses(button)
        assert title == dialog(stage.anna).title
        await stage.anna.closes()


async def test_the_room_card_follows_the_preference(stage: Stage) -> None:
    await stage.anna.types("/pmi edit")
    await stage.anna.ticks("instant", "yes")
    await stage.anna.submits()
    await stage.anna.closes()

    assert "Instant meetings use your PMI." in await asks(stage.anna, "/room")


async def test_help_comes_when_asked_for_and_for_whatever_is_not_understood(stage: Stage) -> None:
    for typed in ("help", "?", "begin"):
        shown = await asks(stage.anna, f"/room {typed}")

        assert "`/room help`" in shown, typed
        assert (typed == "begin") is ("none of this command's words" in shown)
    assert await stage.row(stage.anna) is None
