"""Reads the settings for a command, or prints a line for each problem and ends with 2."""

import sys
from collections.abc import Callable
from typing import TypeVar

import typer

from bot.settings import (
    OperatorSettings,
    SealingSettings,
    Settings,
    SettingsProblems,
    load_database_url,
    load_operator_settings,
    load_sealing_settings,
    load_settings,
)

WRONG_SETTINGS = 2
"""The exit code where settings are wrong or missing."""

T = TypeVar("T")


def settings_or_exit() -> Settings:
    """The settings of this environment.

    Raises:
        typer.Exit: with 2, after a line for each problem on standard error.
    """
    return _or_exit(load_settings)


def operator_settings_or_exit() -> OperatorSettings:
    """The settings of the operators' commands, for which nothing of Slack needs to be set.

    Raises:
        typer.Exit: as above.
    """
    return _or_exit(load_operator_settings)


def sealing_settings_or_exit() -> SealingSettings:
    """The settings of the commands that open and seal.

    Raises:
        typer.Exit: as above.
    """
    return _or_exit(load_sealing_settings)


def database_url_or_exit() -> str:
    """The database's URL alone, for what needs nothing else.

    Raises:
        typer.Exit: as above.
    """
    return _or_exit(load_database_url).get_secret_value()


def _or_exit(load: Callable[[], T]) -> T:
    try:
        return load()
    except SettingsProblems as problems:
        for line in problems.problems:
            print(line, file=sys.stderr)
        raise typer.Exit(WRONG_SETTINGS) from None
