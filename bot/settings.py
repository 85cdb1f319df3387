"""The only reader of the environment: what the operator set, checked and typed, before anything else begins.

Every problem is found in one go and told in one line that names its variable; no value is ever repeated, because
a secret may stand in the wrong place. No defaults live anywhere else, and nothing is read twice.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot import setting_values as values
from bot.rules import Licence, Plan

Transport = Literal["http", "socket"]

HIDDEN_FROM_BOLT = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_VERIFICATION_TOKEN")
"""Bolt reads these from the environment by itself; the first two would turn on OAuth with files as its store."""

_MISSING = {
    "SECRET_KEY": "is missing: set it to what `python -m bot keys new` prints, and keep a copy.",
}
_PAIRS = (
    ("jitsi_app_id", "jitsi_app_secret", "a Jitsi server takes a token only with both"),
    ("slack_client_id", "slack_client_secret", "Slack lets people sign in only with both (Basic Information)"),
)
"""Settings that are nothing without each other, and why."""
_NO_WORKSPACE = (
    "SLACK_BOT_TOKEN is missing: set it to the Bot User OAuth Token, which begins with xoxb- (OAuth & Permissions of "
    "your Slack app), or set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, over HTTP, to have many workspaces install it."
)
_CLIENT = {"slack_client_id", "slack_client_secret"}
_NO_WAY_IN = (
    "SLACK_SIGNING_SECRET is missing: set it to the Signing Secret of your Slack app (Basic Information), "
    "or set SLACK_APP_TOKEN to use Socket Mode."
)


class SettingsProblems(Exception):  # noqa: N818 - it is all of them at once
    """The start is refused. One line for each problem, each beginning with the name of its variable."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class OperatorSettings(BaseSettings):
    """What the operators' commands go by, which speak to no Slack and seal nothing. Each field is as in `Settings`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False)

    database_url: Annotated[SecretStr, BeforeValidator(values.database_url)] = SecretStr("sqlite:///standing-room.db")
    """As the operator wrote it; it may hold a password."""
    default_plan: Annotated[Plan, BeforeValidator(values.one_of(tuple(Plan)))] = Plan.BASIC
    default_licence: Annotated[Licence, BeforeValidator(values.one_of(tuple(Licence)))] = Licence.BASIC

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given: `load_settings` does the reading, so that making settings by hand reads nothing."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


class SealingSettings(OperatorSettings):
    """What is needed to open and seal what the database keeps secret. Each field is as in `Settings`."""

    secret_key: Annotated[tuple[SecretStr, ...], BeforeValidator(values.secret_keys)]
    """At least one; the first seals, all open."""
    link_hold_days: Annotated[int, BeforeValidator(values.link_hold_days)] = 180


class Settings(SealingSettings):
    """What the operator set. Frozen; secrets show as stars. Each field is the variable of the same name in capitals."""

    slack_signing_secret: Annotated[SecretStr, BeforeValidator(values.signing_secret)] | None = None
    slack_bot_token: Annotated[SecretStr, BeforeValidator(values.bot_token)] | None = None
    """Without one, many workspaces install the app by OAuth; then there is a client id, and requests come over HTTP."""
    slack_app_token: Annotated[SecretStr, BeforeValidator(values.app_token)] | None = None
    slack_client_id: Annotated[str, BeforeValidator(values.client_id)] | None = None
    slack_client_secret: Annotated[SecretStr, BeforeValidator(values.client_secret)] | None = None
    """With the id, it lets people sign in with Slack on join pages; without the id there is none."""
    slack_api_url: Annotated[str, BeforeValidator(values.api_url)] = "https://slack.com/api/"
    """Ends with a slash."""
    public_url: Annotated[str, BeforeValidator(values.public_url)] = "http://localhost:3000"
    """Ends without a slash."""
    host: Annotated[str, BeforeValidator(values.host)] = "127.0.0.1"
    port: Annotated[int, BeforeValidator(values.port)] = 3000
    """0 means any free port."""
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(values.networks)] = ()
    """Those whose word for where a request comes from is taken."""
    vanity_hosts: Annotated[tuple[str, ...], BeforeValidator(values.vanity_hosts)] = ()
    """Hosts that workspaces may have in their addresses; a star stands for any one label. They must lead here."""
    log_level: Annotated[str, BeforeValidator(values.log_level)] = "INFO"
    purge_after_days: Annotated[int, BeforeValidator(values.purge_after_days)] = 30
    """After an uninstall."""
    share_confirm_members: Annotated[int, BeforeValidator(values.share_confirm_members)] = 100
    """Of a channel: where there are more, sharing a room is asked about."""
    jitsi_url: Annotated[str, BeforeValidator(values.jitsi_url)] = "https://meet.jit.si"
    """Ends without a slash."""
    jitsi_app_id: Annotated[str, BeforeValidator(values.jitsi_app_id)] | None = None
    jitsi_app_secret: Annotated[SecretStr, BeforeValidator(values.jitsi_app_secret)] | None = None
    """There is one exactly when there is an app id."""

    @property
    def transport(self) -> Transport:
        """Socket Mode when there is an app token, else HTTP."""
        return "http" if self.slack_app_token is None else "socket"

    @property
    def signs_in(self) -> bool:
        """Whether people can sign in with Slack on join pages."""
        return self.slack_client_id is not None and self.slack_client_secret is not None

    @property
    def is_for_many(self) -> bool:
        """Whether many workspaces install the app by OAuth."""
        return self.slack_bot_token is None

    def secrets(self) -> tuple[str, ...]:
        """Every text that may never be logged: tokens, secrets of apps, keys, the database's password."""
        tokens = [self.slack_bot_token, self.slack_signing_secret, self.slack_app_token, self.slack_client_secret]
        held = [*tokens, *self.secret_key, self.jitsi_app_secret]
        shown = [secret.get_secret_value() for secret in held if secret is not None]
        return (*shown, *values.passwords(self.database_url.get_secret_value()))


S = TypeVar("S", bound=OperatorSettings)


def load_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """The settings from the environment and, beneath it, from `.env`. A blank value counts as a missing one.

    Raises:
        SettingsProblems: with every problem at once.
    """
    given = _read(environ, env_file)
    problems: list[str] = []
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(given)
    except ValidationError as failure:
        problems += _lines(failure)
    if "slack_signing_secret" not in given and "slack_app_token" not in given:
        problems.append(_NO_WAY_IN)
    if "slack_bot_token" not in given and ("slack_app_token" in given or not _CLIENT & given.keys()):
        problems.append(_NO_WORKSPACE)
    problems += [*_left_alone(given, problems)]
    if settings is None or problems:
        raise SettingsProblems(tuple(sorted(problems)))
    return settings


def load_operator_settings(
    environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> OperatorSettings:
    """The settings of the operators' commands, from the same places; all of them have defaults.

    Raises:
        SettingsProblems: with every problem at once; what is wrong with other settings is none.
    """
    return _load_some(OperatorSettings, environ, env_file)


def load_sealing_settings(
    environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> SealingSettings:
    """The settings of the commands that open and seal, from the same places. Raises as `load_operator_settings`."""
    return _load_some(SealingSettings, environ, env_file)


def load_database_url(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> SecretStr:
    """`DATABASE_URL` alone, for what needs nothing else: migrating.

    Raises:
        SettingsProblems: it cannot be a database's address.
    """
    url = _read(environ, env_file).get("database_url")
    if url is None:
        default: SecretStr = Settings.model_fields["database_url"].default
        return default
    try:
        return SecretStr(values.database_url(url))
    except PydanticCustomError as error:
        raise SettingsProblems((_line("DATABASE_URL", error.type, error.message()),)) from None


@contextmanager
def hidden_from_bolt() -> Iterator[None]:
    """Takes what Bolt would read by itself out of the environment while its app is made."""
    hidden = {name: os.environ.pop(name) for name in HIDDEN_FROM_BOLT if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _load_some(kind: type[S], environ: Mapping[str, str] | None, env_file: Path | None) -> S:
    given = _read(environ, env_file)
    try:
        return kind.model_validate({name: text for name, text in given.items() if name in kind.model_fields})
    except ValidationError as failure:
        raise SettingsProblems(tuple(sorted(_lines(failure)))) from None


def _read(environ: Mapping[str, str] | None, env_file: Path | None) -> dict[str, str]:
    """What is set, by field name, without blanks and the white space around; the environment before the file."""
    try:
        file = DotEnvSettingsSource(Settings, env_file=env_file, case_sensitive=True).env_vars
    except (OSError, UnicodeDecodeError):
        raise SettingsProblems(
            (f"{env_file} cannot be read: make it a UTF-8 text file that this user may read.",)
        ) from None
    layers: tuple[Mapping[str, str | None], ...] = (file, os.environ if environ is None else environ)
    known = {name.upper(): name for name in Settings.model_fields}
    return {
        known[variable]: text.strip()
        for layer in layers
        for variable, text in layer.items()
        if variable in known and text is not None and text.strip()
    }


def _left_alone(given: Mapping[str, str], problems: Sequence[str]) -> Iterator[str]:
    """A line for each setting that is missing beside its other half, where that has no problem of its own."""
    wrong = {line.split()[0].lower() for line in problems}
    for one, other, why in _PAIRS:
        for missing, there in ((one, other), (other, one)):
            if there in given and missing not in given and there not in wrong:
                yield f"{missing.upper()} is missing: {there.upper()} is set, and {why}."


def _lines(failure: ValidationError) -> list[str]:
    return [_line(str(error["loc"][0]).upper(), error["type"], error["msg"]) for error in failure.errors()]


def _line(variable: str, kind: str, message: str) -> str:
    return f"{variable} {_MISSING[variable] if kind == 'missing' else message}"
