"""Promises: what the documents say, the code does; and what the code has, the documents name. Fast, no network."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
import yaml
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Text

from bot import __main__ as command_line
from bot.foundations import slash_commands
from bot.grammar import GRAMMARS
from bot.ids import Action, Callback, Command, Event, Shortcut
from bot.manifest import OPTIONAL_SCOPES, SCOPES, manifest
from bot.rules import Code
from bot.settings import Settings
from bot.texts import load_texts
from storage import schema
from storage.sealed_columns import SEALED
from storage.tables import Table

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
SETTINGS = tomllib.loads(PYPROJECT)
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
MOST_LINES = 300
PACKAGES = ("bot", "storage")


def ours() -> list[Path]:
    """The project's own files: those that git keeps or would keep, but for what others wrote."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file() and Path(name).suffix not in (".mo", ".png")]


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


def commands_of(group: typer.Typer, before: str = "") -> list[str]:
    """Every `python -m bot` command, such as `workspaces list`."""
    own = [
        f"{before}{command.name or getattr(command.callback, '__name__', '')}" for command in group.registered_commands
    ]
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        own += commands_of(inner.typer_instance, f"{before}{inner.name} ")
    return own


# The Slack app


def test_the_manifest_is_the_rendering_of_the_code() -> None:
    assert manifest(slash_commands()) == MANIFEST


def test_commands_are_the_same_in_ids_grammar_and_manifest() -> None:
    in_manifest = [entry["command"] for entry in MANIFEST["features"]["slash_commands"]]

    assert list(Command) == [grammar.command for grammar in GRAMMARS] == in_manifest


def test_no_event_is_subscribed_and_no_scope_asked_for_without_a_feature() -> None:
    assert {"commands", "chat:write", "im:write", "users:read"} == set(SCOPES)
    assert {"links:read", "links:write", "channels:read", "groups:read"} == set(OPTIONAL_SCOPES)
    assert ["app_uninstalled", "tokens_revoked", "app_home_opened", "link_shared", "user_change"] == MANIFEST[
        "settings"
    ]["event_subscriptions"]["bot_events"]


def test_events_are_the_same_in_ids_and_readme(readme: str) -> None:
    assert list(Event) == MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    for event in Event:
        assert f"| `{event}`" in readme


def test_every_id_of_a_button_or_dialog_is_registered() -> None:
    source = (ROOT / "bot/handlers/__init__.py").read_text("utf-8")
    registered = set(
        re.findall(
            r"\b(?:(?:action|view|command|shortcut)\(|board\.actions\[)((?:Action|Callback|Command|Shortcut)\.[A-Z_]+)",
            source,
        )
    )
    areas = "".join(path.read_text("utf-8") for path in sorted((ROOT / "bot/handlers").glob("admin*.py")))
    registered |= set(re.findall(r"\b(?:board\.actions\[|)((?:Action|Callback)\.ADMIN[A-Z_]*)(?:\] =|: )", areas))
    ids = {f"{kind.__name__}.{one.name}" for kind in (Command, Callback, Action, Shortcut) for one in kind}

    # A field is read with the dialog that it stands in, and a notice can only be closed: neither reports anything.
    fields = {"INSTANT", "TOPIC", "PASSCODE", "WAITING_ROOM", "OPTIONS", "HOSTS", "PMI_USE"}
    fields |= {"STARTS", "MINUTES", "INVITEES", "CHANNEL", "WHERE", "ENDS_COUNT", "ENDS_UNTIL", "REMINDER"}
    assert ids - registered == {"Callback.NOTICE", "Callback.ADMIN", *(f"Action.{name}" for name in fields)}


@pytest.mark.parametrize("code", Code)
def test_every_rule_has_a_text(code: Code) -> None:
    t = load_texts().for_locale(None)

    assert (
        t.many(code, 7)
        if code in (Code.PMI_LENGTH, Code.LINK_TOO_SHORT, Code.LINK_TOO_LONG)
        else t(code, marked="x", piece="x")
    )


# README


@pytest.mark.parametrize("command", Command)
def test_the_readme_names_every_subcommand_beside_its_command(command: Command, readme: str) -> None:
    words = [each.word for grammar in GRAMMARS if grammar.command is command for each in grammar.subcommands]
    beside = "\n".join(line for line in readme.splitlines() if f"`{command}" in line)

    assert beside
    assert [] == [word for word in words if not re.search(rf"`(?:{command} )?{word}\b", beside)]


@pytest.mark.parametrize("setting", [name.upper() for name in Settings.model_fields])
def test_the_readme_names_every_setting(setting: str, readme: str) -> None:
    assert f"`{setting}`" in readme


@pytest.mark.parametrize("command", commands_of(command_line.app))
def test_the_readme_names_every_command_of_the_program(command: str, readme: str) -> None:
    assert f"python -m bot {command}" in readme


def test_the_readme_names_no_setting_that_there_is_not(readme: str) -> None:
    known = {name.upper() for name in Settings.model_fields}
    looks_like_one = set(re.findall(r"`((?:SLACK|DATABASE|PUBLIC|DEFAULT|SECRET|LINK|LOG|JITSI)_[A-Z_]+)`", readme))

    assert looks_like_one <= known


def test_the_readme_names_no_command_of_the_program_that_there_is_not(readme: str) -> None:
    known = commands_of(command_line.app)
    shown = re.findall(r"python -m bot ([a-z]+(?: [a-z]+)?)", readme)

    assert [] == [words for words in shown if words not in known and words.split()[0] not in known]


@pytest.mark.parametrize("target", ["run", "test", "check"])
def test_what_the_readme_says_can_be_made(target: str) -> None:
    assert re.search(rf"^{target}:.*## \S", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


# The database


def test_the_schema_has_one_head_and_every_step_can_be_undone() -> None:
    script = ScriptDirectory(str(ROOT / "storage/migrations"))

    assert [schema.head()] == script.get_heads()
    for step in script.walk_revisions():
        assert callable(step.module.upgrade)
        assert callable(step.module.downgrade)


def test_migrations_make_the_tables(make_database: Callable[..., str]) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": Table.metadata, "render_as_batch": True}
        )
        return list(compare_metadata(context, Table.metadata))

    assert [] == schema.on_connection(make_database("sqlite"), differences)


def sealed_places() -> Iterator[tuple[str, str]]:
    """The table and the column of every place in the code that something is sealed for, as they are written there."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named_parts: dict[str, ast.expr] = {}
            if isinstance(node, ast.Dict):
                keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
                named_parts = {str(key): value for key, value in zip(keys, node.values, strict=True)}
            elif isinstance(node, ast.Call):
                named_parts = {str(keyword.arg): keyword.value for keyword in node.keywords}
            table, column = named_parts.get("table"), named_parts.get("column")
            if isinstance(table, ast.Constant) and isinstance(column, ast.Constant):
                yield str(table.value), str(column.value)


CARRIED = {
    ("start_link", "key"),
    ("way_cookie", "value"),
    ("sign_in", "member"),
    ("sign_in", "ticket"),
    ("admin_file", "key"),
    ("sign_in", "handover"),
}
"""Sealed for no column: an address or a cookie carries it, and after a rotation another one is handed out."""


def test_every_column_whose_values_are_sealed_is_sealed_again_when_keys_are_rotated() -> None:
    registered = {(each.value.table.name, each.value.name) for each in SEALED}

    assert registered == set(sealed_places()) - CARRIED
    for each in SEALED:
        assert each.value.table is each.workspace.table is each.key.table
        assert [each.key] == list(each.value.table.primary_key)
        assert isinstance(each.value.type, Text)


# The house


def test_every_arrow_points_down() -> None:
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("folder", sorted({named(path.parent) for path in modules()} - {"storage/migrations/versions"}))
def test_every_folder_of_code_is_a_package_so_that_the_contracts_see_it(folder: str) -> None:
    assert (ROOT / folder / "__init__.py").is_file()


@pytest.mark.parametrize("path", modules(), ids=named)
def test_a_module_says_what_lives_in_it_and_is_short(path: Path) -> None:
    source = path.read_text("utf-8")

    assert source.lstrip().startswith(('"""', "# ruff: noqa"))
    assert len(source.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", modules(), ids=named)
def test_no_module_has_a_name_that_says_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "core", "base", "manager", "misc"}


@pytest.mark.parametrize("path", modules(), ids=named)
def test_nothing_is_left_for_later(path: Path) -> None:
    assert not re.search(r"\b(?:TODO|FIXME|XXX|type: ignore)\b", path.read_text("utf-8"))


def test_the_top_level_holds_what_it_should_and_nothing_else() -> None:
    allowed = {"bot", "storage", "tests", "pyproject.toml", "manifest.yml", "README.md", "CHANGELOG.md"}
    insisted_on = {"Makefile", "LICENSE", ".ci", ".github", ".gitignore", ".dockerignore", ".gitattributes"}
    found = {path.relative_to(ROOT).parts[0] for path in ours()}

    assert set() == found - allowed - insisted_on


def test_pins_carry_hashes_and_no_addresses() -> None:
    for path in sorted((ROOT / ".ci").glob("*.txt")):
        pins = path.read_text("utf-8")

        assert "://" not in pins
        assert not re.findall(r"^--", pins, re.MULTILINE)
        assert len(re.findall(r"^[a-z0-9][^\n]*==", pins, re.MULTILINE)) == len(
            re.findall(r"==[^\n]* \\\n    --hash=sha256:[0-9a-f]{64}", pins)
        )


# Tools and dependencies


def test_every_dependency_says_what_it_is_for() -> None:
    declared = SETTINGS["project"]["dependencies"] + SETTINGS["dependency-groups"]["dev"]
    explained = re.findall(r'^    "([^"]+)", +# \S', PYPROJECT, re.MULTILINE)

    assert declared == [name for name in explained if name in declared]


def test_every_check_that_is_switched_off_says_why() -> None:
    ignored = SETTINGS["tool"]["ruff"]["lint"]["ignore"]
    for each in SETTINGS["tool"]["ruff"]["lint"]["per-file-ignores"].values():
        ignored += each
    section = PYPROJECT[PYPROJECT.index("[tool.ruff.lint]") :]
    unexplained = [
        code for code in ignored if not re.search(rf'^.*"{code}".*\] *# \S|^.*"{code}".*, *# \S', section, re.MULTILINE)
    ]

    assert [] == unexplained


def test_every_dependency_is_pinned_with_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / ".ci" / name).read_text("utf-8")
        pinned = re.findall(r"^[A-Za-z0-9_.-]+(?:\[[a-z,]+\])?==", text, re.MULTILINE)

        assert len(pinned) > 10
        assert text.count("==") >= len(pinned)
        for entry in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
            assert "--hash=sha256:" in entry
