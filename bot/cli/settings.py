"""Reads the settings for a command, or prints a line for each problem and ends with 2."""

import sys

import typer

from bot.settings import Settings, SettingsProblems, load_database_url, load_settings

WRONG_SETTINGS = 2
"""The exit code where settings are wrong or missing."""


def settings_or_exit() -> Settings:
    """The settings of this environment.

    Raises:
        typer.Exit: with 2, after a line for each problem on standard error.
    """
    try:
        return load_settings()
    except SettingsProblems as problems:
        for line in problems.problems:
            print(line, file=sys.stderr)
        raise typer.Exit(WRONG_SETTINGS) from None


def database_url_or_exit() -> str:
    """The database's URL alone, for what needs no Slack.

    Raises:
        typer.Exit: as above.
    """
    try:
        return load_database_url().get_secret_value()
    except SettingsProblems as problems:
        for line in problems.problems:
            print(line, file=sys.stderr)
        raise typer.Exit(WRONG_SETTINGS) from None
