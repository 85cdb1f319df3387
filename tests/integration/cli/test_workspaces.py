"""`python -m bot workspaces`: what operators see and set."""

import asyncio
from pathlib import Path

import pytest

from bot.chances import Chances
from bot.foundations import house_of
from bot.metrics import Metrics
from bot.rules import Licence, Plan
from bot.services.people import Actor
from bot.services.rooms import Rooms
from bot.settings import load_settings
from storage import schema
from storage.transactions import open_store
from tests.integration.cli.program import ENVIRON, call


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A folder of its own, and nothing set; the URL of the database that is made there."""
    monkeypatch.chdir(tmp_path)
    for name in (*ENVIRON, "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return "sqlite:///standing-room.db"


def first_contact(url: str, user: str = "U0ANNA") -> None:
    """Somebody of T0ACME uses Standing Room."""

    async def come() -> None:
        store = await open_store(url)
        try:
            settings = load_settings(ENVIRON | {"DATABASE_URL": url}, env_file=None)
            await Rooms(house_of(settings, store, Metrics(()), Chances())).own(Actor("T0ACME", user))
        finally:
            await store.close()

    asyncio.run(come())


def test_operators_set_and_see_plans_and_licences(environ: pytest.MonkeyPatch, database_url: str) -> None:
    empty = call("workspaces", "list").output
    first_contact(database_url)
    plan = call("workspaces", "plan", "T0ACME", "pro")
    licence = call("workspaces", "licence", "T0ACME", "U0ANNA", "basic")
    listed = call("workspaces", "list").output
    shown = call("workspaces", "show", "T0ACME").output
    call("workspaces", "plan", "T0ACME", "default")
    call("workspaces", "licence", "T0ACME", "U0ANNA", "default")
    shown_after = call("workspaces", "show", "T0ACME").output

    assert "No workspace has used Standing Room yet.\n" == empty
    assert "T0ACME has the plan pro now.\n" == plan.output
    assert "U0ANNA in T0ACME has the licence basic now.\n" == licence.output
    assert "T0ACME  pro  1 member\n" == listed
    assert shown.startswith("T0ACME  pro\n  U0ANNA  basic  ")
    assert shown_after.startswith("T0ACME  business (default)\n  U0ANNA  licensed  ")


@pytest.mark.parametrize("word", [*Plan, "default"])
def test_every_plan_can_be_set(word: str, folder: str) -> None:
    del folder
    assert 0 == call("workspaces", "plan", "T0ACME", word).exit_code


@pytest.mark.parametrize("word", [*Licence, "default"])
def test_every_licence_can_be_set(word: str, folder: str) -> None:
    schema.upgrade(folder)
    first_contact(folder)

    assert 0 == call("workspaces", "licence", "T0ACME", "U0ANNA", word).exit_code


def test_an_unknown_workspace_or_plan_is_said(environ: pytest.MonkeyPatch) -> None:
    unknown = call("workspaces", "show", "T0NOBODY")

    assert 1 == unknown.exit_code
    assert "No workspace T0NOBODY has used Standing Room yet." in unknown.output
    assert 2 == call("workspaces", "plan", "T0ACME", "golden").exit_code


def test_nothing_of_slack_needs_to_be_set(folder: str) -> None:
    del folder
    ended = [
        call("workspaces", "list"),
        call("workspaces", "plan", "T0ACME", "pro"),
        call("workspaces", "show", "T0ACME"),
    ]

    assert [0, 0, 0] == [each.exit_code for each in ended]
    assert "T0ACME  pro\n" == ended[2].output


@pytest.mark.parametrize("variable", ["DATABASE_URL", "DEFAULT_PLAN", "DEFAULT_LICENCE"])
def test_wrong_settings_that_matter_end_every_command_with_2(
    variable: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del folder
    monkeypatch.setenv(variable, "nonsense")
    ended = [
        call("workspaces", *words)
        for words in (
            ("list",),
            ("show", "T0ACME"),
            ("plan", "T0ACME", "pro"),
            ("licence", "T0ACME", "U0ANNA", "basic"),
        )
    ]

    assert [2, 2, 2, 2] == [each.exit_code for each in ended]
    assert all(each.output.startswith(f"{variable} must be") for each in ended)


def test_a_licence_is_given_to_nobody_who_was_never_here(environ: pytest.MonkeyPatch, database_url: str) -> None:
    del environ
    first_contact(database_url, "U0BEN")
    before = call("workspaces", "show", "T0ACME").output
    refused = call("workspaces", "licence", "T0ACME", "U0ANNA", "licensed")

    assert 1 == refused.exit_code
    assert refused.output.startswith("U0ANNA has not used Standing Room in T0ACME yet: a licence is given to members")
    assert before == call("workspaces", "show", "T0ACME").output


@pytest.mark.parametrize(
    "words",
    [
        *(("show", key) for key in ("acme", "t0acme", "U0ACME", "T0", "T0ACME\n", "T" + "0" * 32, "T0ÄCME")),
        ("plan", "a", "business"),
        ("licence", "acme", "U0ANNA", "licensed"),
        *(("licence", "T0ACME", user, "licensed") for user in ("anna", "u0anna", "T0ANNA", "U0", "U" + "0" * 32)),
    ],
)
def test_what_is_no_id_is_refused_and_kept_out_of_the_database(words: tuple[str, ...], folder: str) -> None:
    del folder
    refused = call("workspaces", *words)

    assert 2 == refused.exit_code
    assert "this is no id of a" in " ".join(refused.output.replace("│", " ").split())
    assert not Path("standing-room.db").exists()


def test_ids_of_organisations_and_of_their_members_are_ids(folder: str) -> None:
    del folder
    assert 0 == call("workspaces", "plan", "E0" + "9" * 30, "business").exit_code
    assert 1 == call("workspaces", "licence", "E0ORG", "W" + "0" * 31, "licensed").exit_code


def test_operators_export_erase_and_purge_and_see_it(environ: pytest.MonkeyPatch, database_url: str) -> None:
    first_contact(database_url)
    first_contact(database_url, "U0BEN")
    kept = call("workspaces", "export", "T0ACME", "U0BEN")
    nobody = call("workspaces", "export", "T0ACME", "U0ZOE")
    unsure = call("workspaces", "erase", "T0ACME", "U0BEN")
    erased = call("workspaces", "erase", "T0ACME", "U0BEN", "--yes")
    shown = call("workspaces", "show", "T0ACME").output
    purged = call("workspaces", "purge", "T0ACME", "--yes")
    listed = call("workspaces", "list").output
    erasures = call("workspaces", "erasures").output
    Path("erasures.jsonl").write_text(erasures, encoding="utf-8")
    again = call("workspaces", "erase-again", "erasures.jsonl")
    missing = call("workspaces", "erase-again", "nothing.jsonl")

    assert '"slack_user": "U0BEN"' in kept.output
    assert (1, 1, 1) == (nobody.exit_code, unsure.exit_code, missing.exit_code)
    assert "Nothing was changed." in unsure.output
    assert "U0BEN is erased in T0ACME." in erased.output
    assert "deleted-user#1" in shown
    assert "U0ANNA" in shown
    assert "T0ACME is purged" in purged.output
    assert "back since" in listed
    assert 3 == len(erasures.splitlines())
    assert "U0" not in erasures
    assert "Erased again: 0 workspaces, 0 members." in again.output
