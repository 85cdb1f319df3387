"""What the operator may set, and what is said about what will not do."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.rules import Licence, Plan
from bot.settings import (
    HIDDEN_FROM_BOLT,
    Settings,
    SettingsProblems,
    hidden_from_bolt,
    load_database_url,
    load_operator_settings,
    load_settings,
)

KEY = "first-key-first-key-first-key-first-key"
OTHER_KEY = "other-key-other-key-other-key-other-key"
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1234-canary-bot",
    "SLACK_SIGNING_SECRET": "canary-signing-secret",
    "SECRET_KEY": KEY,
}
CLIENT = {"SLACK_CLIENT_ID": "2141029472.691202649728", "SLACK_CLIENT_SECRET": "canary-client-secret"}


def load(**changes: str) -> Settings:
    return load_settings({**SECRETS, **changes}, env_file=None)


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsProblems) as caught:
        load_settings(environ, env_file=None)
    return caught.value.problems


def test_three_secrets_are_enough_and_the_rest_has_defaults() -> None:
    settings = load()

    assert "http" == settings.transport
    assert "https://slack.com/api/" == settings.slack_api_url
    assert "sqlite:///standing-room.db" == settings.database_url.get_secret_value()
    assert "http://localhost:3000" == settings.public_url
    assert ("127.0.0.1", 3000) == (settings.host, settings.port)
    assert (Plan.BASIC, Licence.BASIC) == (settings.default_plan, settings.default_licence)
    assert ("INFO", 180) == (settings.log_level, settings.link_hold_days)
    assert ("https://meet.jit.si", None, None) == (
        settings.jitsi_url,
        settings.jitsi_app_id,
        settings.jitsi_app_secret,
    )


def test_an_app_token_means_socket_mode_and_needs_no_signing_secret() -> None:
    settings = load_settings(
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1-A", "SECRET_KEY": KEY}, env_file=None
    )

    assert "socket" == settings.transport
    assert settings.slack_signing_secret is None


def test_nothing_set_is_told_in_one_line_for_each_missing_variable() -> None:
    told = problems({})

    assert ["SECRET_KEY", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"] == [line.split()[0] for line in told]
    assert "python -m bot keys new" in told[0]
    assert "SLACK_APP_TOKEN" in told[2]


@pytest.mark.parametrize("blank", ["", "  ", "\t\n"])
def test_a_blank_value_counts_as_a_missing_one(blank: str) -> None:
    told = problems({**SECRETS, "SLACK_SIGNING_SECRET": blank})

    assert 1 == len(told)
    assert told[0].startswith("SLACK_SIGNING_SECRET is missing")
    assert 3000 == load(PORT=blank).port


WRONG = {
    "SLACK_BOT_TOKEN": ["xoxp-canary", "canary", "xoxb-a canary"],
    "SLACK_SIGNING_SECRET": ["xoxb-canary", "xapp-canary", "a canary"],
    "SLACK_APP_TOKEN": ["xoxb-canary", "xapp-a canary"],
    "SLACK_CLIENT_ID": ["canary", "1234", "xoxb-canary", "1.2 3.4", "1.٢"],
    "SLACK_CLIENT_SECRET": ["xoxb-canary", "xapp-canary", "a canary", "1234.5678"],
    "SLACK_API_URL": ["ftp://canary", "canary", "https://"],
    "DATABASE_URL": [
        "mysql://u:canary@h/d",
        "canary",
        "sqlite://canary",
        "sqlite:///",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?canary",
        "sqlite:///file:canary?mode=memory&uri=true",
        "postgresql://u:canary@h",
        "postgresql://h:x/canary",
        "postgresql://[canary/d",
    ],
    "PUBLIC_URL": [
        "canary.example",
        "ftp://canary.example",
        "https://u:canary@host",
        "https://u@canary",
        "https://host/?canary",
        "https://host/#canary",
        "https://ho st/canary",
        "https://host:x/canary",
        "https://host:99999/canary",
    ],
    "HOST": ["http://canary", "a canary", "canary/24"],
    "PORT": ["65536", "-1", "3000.0", "canary", "٣٠٠٠", "0x10", "9" * 5000],
    "DEFAULT_PLAN": ["canary", "Basic", "BUSINESS"],
    "DEFAULT_LICENCE": ["canary", "pro"],
    "SECRET_KEY": ["canary", f"{KEY},canary", f"{KEY},,{OTHER_KEY}", f"{KEY},", f"{KEY},{KEY}"],
    "LOG_LEVEL": ["canary", "10"],
    "PURGE_AFTER_DAYS": ["-1", "366", "1.5", "canary"],
    "LINK_HOLD_DAYS": ["0", "-1", "3651", "1.5", "canary"],
    "JITSI_URL": [
        "canary.example",
        "ftp://canary.example",
        "http://canary.example",
        "http://10.0.0.7/canary",
        "http://localhost.canary.example",
        "http://127.0.0.1.canary.example",
        "https://u:canary@host",
        "https://u@canary",
        "https://host/?canary",
        "https://host/#canary",
        "https://ho st/canary",
        "https://host:x/canary",
        "https://host/canary/ü",
        "https://canary-ü.example",
        "https://host/canary/%zz",
        "https://host/<canary>",
        "https://",
    ],
    "JITSI_APP_ID": ["a canary", "canary-ü"],
    "JITSI_APP_SECRET": ["canary", "canary-" * 4, f"a canary {KEY}", f"canary-ü-{KEY}"],
}


@pytest.mark.parametrize(("variable", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_named_by_its_variable_and_never_repeated(variable: str, value: str) -> None:
    client = CLIENT if variable in CLIENT else {}
    told = problems({**SECRETS, **client, variable: value})

    assert 1 == len(told)
    assert told[0].startswith(f"{variable} ")
    assert "canary" not in told[0]
    assert "\n" not in told[0]


def test_every_problem_is_told_at_once() -> None:
    told = problems({variable: values[0] for variable, values in WRONG.items()})

    assert sorted(WRONG) == [line.split()[0] for line in told]


def test_the_exception_holds_one_line_for_each_problem() -> None:
    with pytest.raises(SettingsProblems) as caught:
        load_settings({}, env_file=None)

    assert list(caught.value.problems) == str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://rooms.example", "https://rooms.example"),
        ("https://rooms.example/", "https://rooms.example"),
        ("https://rooms.example/meet//", "https://rooms.example/meet"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_the_public_address_ends_without_a_slash_and_slacks_with_one(given: str, kept: str) -> None:
    assert kept == load(PUBLIC_URL=given).public_url
    assert kept + "/" == load(SLACK_API_URL=given).slack_api_url


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://meet.example", "https://meet.example"),
        ("https://meet.example:8443/sub/path//", "https://meet.example:8443/sub/path"),
        ("https://xn--mnchen-3ya.example/r%C3%A4ume/", "https://xn--mnchen-3ya.example/r%C3%A4ume"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://jitsi.localhost/x", "http://jitsi.localhost/x"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_jitsi_server_is_reached_over_https_or_on_this_machine(given: str, kept: str) -> None:
    assert kept == load(JITSI_URL=given).jitsi_url


def test_the_two_settings_for_jitsis_tokens_belong_together() -> None:
    both = load(JITSI_APP_ID="rooms", JITSI_APP_SECRET=OTHER_KEY)

    assert "rooms" == both.jitsi_app_id
    assert both.jitsi_app_secret is not None
    assert OTHER_KEY == both.jitsi_app_secret.get_secret_value()
    (told,) = problems({**SECRETS, "JITSI_APP_ID": "canary"})
    assert told.startswith("JITSI_APP_SECRET is missing: JITSI_APP_ID is set")
    (told,) = problems({**SECRETS, "JITSI_APP_SECRET": OTHER_KEY, "JITSI_APP_ID": " "})
    assert told.startswith("JITSI_APP_ID is missing: JITSI_APP_SECRET is set")
    assert OTHER_KEY not in told


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///rooms.db",
        "sqlite:////var/lib/rooms.db",
        "postgres://u:p@h/d",
        "postgresql://h/d",
        "postgresql:///d?host=/run",
    ],
)
def test_each_kind_of_database_address_is_kept_as_written(url: str) -> None:
    assert url == load(DATABASE_URL=url).database_url.get_secret_value()


def test_port_0_asks_for_any_free_port() -> None:
    assert 0 == load(PORT="0").port


def test_the_log_level_is_taken_in_any_case() -> None:
    assert "DEBUG" == load(LOG_LEVEL="debug").log_level


def test_several_keys_are_kept_in_their_order() -> None:
    settings = load(SECRET_KEY=f" {KEY} , {OTHER_KEY} ")

    assert [KEY, OTHER_KEY] == [key.get_secret_value() for key in settings.secret_key]


def test_no_secret_shows() -> None:
    settings = load(
        SLACK_APP_TOKEN="xapp-canary-app",
        **CLIENT,
        DATABASE_URL="postgresql://u:canary%20pw@h/d?password=canaryquery",
        SECRET_KEY=f"{KEY},{OTHER_KEY}",
        JITSI_APP_ID="rooms",
        JITSI_APP_SECRET=f"canary-{OTHER_KEY}",
    )
    shown = repr(settings) + str(settings) + settings.model_dump_json() + repr(settings.model_dump())

    assert "canary" not in shown
    assert KEY not in shown
    held = (
        *("xoxb-1234-canary-bot", "canary-signing-secret", "xapp-canary-app", "canary-client-secret", KEY, OTHER_KEY),
        f"canary-{OTHER_KEY}",
    )
    assert (*held, "canary%20pw", "canary pw", "canaryquery") == settings.secrets()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load().port = 1


def test_the_environment_stands_above_the_file_and_blank_lets_the_file_through(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        'SLACK_BOT_TOKEN="xoxb-file"\nSLACK_SIGNING_SECRET=file\nPORT=4000\nHOST=192.0.2.1\nUNKNOWN=x\n', "utf-8"
    )

    settings = load_settings({"PORT": "5000", "HOST": " ", "SECRET_KEY": KEY, "PATH": "/bin"}, env_file=file)

    assert settings.slack_bot_token is not None
    assert "xoxb-file" == settings.slack_bot_token.get_secret_value()
    assert ("192.0.2.1", 5000) == (settings.host, settings.port)


def test_a_file_that_is_no_text_is_a_problem_and_one_that_is_missing_is_none(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"SECRET_KEY=\xff\xfe\n")
    with pytest.raises(SettingsProblems, match="UTF-8"):
        load_settings(SECRETS, env_file=file)

    assert 3000 == load_settings(SECRETS, env_file=tmp_path / "none").port


def test_by_default_the_process_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {**SECRETS, "PORT": "4321"}.items():
        monkeypatch.setenv(name, value)

    assert 4321 == load_settings().port


def test_settings_made_by_hand_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError):
        Settings.model_validate({})


def test_the_database_address_can_be_had_alone() -> None:
    assert "sqlite:///standing-room.db" == load_database_url({}, None).get_secret_value()
    assert "postgres://h/d" == load_database_url({"DATABASE_URL": "postgres://h/d"}, None).get_secret_value()
    with pytest.raises(SettingsProblems) as caught:
        load_database_url({"DATABASE_URL": "canary"}, None)
    assert caught.value.problems[0].startswith("DATABASE_URL must be")


def test_operators_need_nothing_but_what_has_defaults() -> None:
    settings = load_operator_settings({}, None)

    assert "sqlite:///standing-room.db" == settings.database_url.get_secret_value()
    assert (Plan.BASIC, Licence.BASIC) == (settings.default_plan, settings.default_licence)


def test_operators_are_told_of_their_own_settings_only() -> None:
    wrong = {name: values[0] for name, values in WRONG.items()}
    with pytest.raises(SettingsProblems) as caught:
        load_operator_settings(wrong, None)

    assert ["DATABASE_URL", "DEFAULT_LICENCE", "DEFAULT_PLAN"] == [line.split()[0] for line in caught.value.problems]
    assert "canary" not in str(caught.value)


def test_bolt_is_kept_from_reading_the_environment_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in HIDDEN_FROM_BOLT[:2]:
        monkeypatch.setenv(name, "x")

    with hidden_from_bolt():
        assert not set(HIDDEN_FROM_BOLT) & set(os.environ)

    assert "x" == os.environ["SLACK_CLIENT_ID"]
    assert "SLACK_VERIFICATION_TOKEN" not in os.environ


def test_without_a_bot_token_a_client_lets_many_workspaces_install_it_over_http() -> None:
    many = {"SLACK_SIGNING_SECRET": "signing", "SECRET_KEY": KEY, **CLIENT}

    assert load_settings(many, env_file=None).is_for_many
    assert not load_settings(many | {"SLACK_BOT_TOKEN": "xoxb-1"}, env_file=None).is_for_many
    [told] = problems(many | {"SLACK_APP_TOKEN": "xapp-1-A"})
    assert told.startswith("SLACK_BOT_TOKEN is missing: ")


def test_a_client_of_slacks_lets_people_sign_in() -> None:
    assert load(**CLIENT).signs_in
    assert not load().signs_in


@pytest.mark.parametrize("there", CLIENT)
def test_half_a_client_is_told_in_one_line_that_names_what_is_missing(there: str) -> None:
    missing = next(name for name in CLIENT if name != there)
    told = problems({**SECRETS, there: CLIENT[there]})

    assert 1 == len(told)
    assert told[0].startswith(f"{missing} is missing: {there} is set")
    assert "canary" not in told[0]
