"""Ids as operators type them, Slack's and those of keys, looked at before anything is done with them."""

import re

import typer

_WORKSPACE = re.compile(r"\A[TE][A-Z0-9]{2,31}\Z")
_KEY = re.compile(r"\A(?:[0-9a-f]{8}|none)\Z")
_USER = re.compile(r"\A[UW][A-Z0-9]{2,31}\Z")


def workspace_id(text: str) -> str:
    """The id of a workspace or an Enterprise organisation.

    Raises:
        typer.BadParameter: it cannot be one; typer ends with 2.
    """
    if not _WORKSPACE.match(text):
        raise typer.BadParameter(
            "this is no id of a workspace or organisation: it is T or E and then capitals and digits, as T0ACME; "
            "the address of your Slack in a browser shows it."
        )
    return text


def user_id(text: str) -> str:
    """The id of a person.

    Raises:
        typer.BadParameter: it cannot be one; typer ends with 2.
    """
    if not _USER.match(text):
        raise typer.BadParameter(
            "this is no id of a person: it is U or W and then capitals and digits, as U0ANNA; "
            "a profile in Slack offers it as Copy member ID."
        )
    return text


def key_id(text: str) -> str:
    """The id of a key, or `none` for what is not sealed.

    Raises:
        typer.BadParameter: it cannot be one; typer ends with 2.
    """
    if not _KEY.match(text):
        # Not repeated, as typer would: it may be the key itself.
        raise typer.BadParameter("this is no id of a key: 8 digits from 0 to f, as `python -m bot doctor` shows them.")
    return text
