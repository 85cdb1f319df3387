"""The command line: `python -m bot COMMAND`. What each command does stands in `bot.cli`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.ids import key_id, user_id, workspace_id
from bot.rules import Licence, Plan

app = typer.Typer(
    name="python -m bot",
    help="Standing Room: a meeting room in Slack that is permanently yours.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
workspaces = typer.Typer(help="What operators see and set of workspaces and their members.", no_args_is_help=True)
keys = typer.Typer(help="Keys for SECRET_KEY, and what is sealed under them.", no_args_is_help=True)
app.add_typer(workspaces, name="workspaces")
app.add_typer(keys, name="keys")

# Each command imports what it needs: the help is there at once, and a key is printed without loading Slack.

PlanOrDefault = Literal["basic", "pro", "business", "education", "enterprise", "default"]
LicenceOrDefault = Literal["basic", "licensed", "default"]

WorkspaceKey = Annotated[
    str,
    typer.Argument(help="The id of the workspace or Enterprise organisation, such as T0ACME.", callback=workspace_id),
]
UserId = Annotated[str, typer.Argument(help="The Slack id of the member, such as U0ANNA.", callback=user_id)]

KeyId = Annotated[
    str, typer.Argument(help="The id of the key, such as 1a2b3c4d, or none for what is not sealed.", callback=key_id)
]


@app.command()
def serve() -> None:
    """Run the app. An SQLite database is migrated first; a PostgreSQL one must be up to date."""
    from bot.cli.serve import serve as run  # noqa: PLC0415
    from bot.cli.settings import settings_or_exit  # noqa: PLC0415

    raise typer.Exit(run(settings_or_exit()))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.cli.database import migrate as run  # noqa: PLC0415
    from bot.cli.settings import database_url_or_exit  # noqa: PLC0415

    raise typer.Exit(run(database_url_or_exit()))


@app.command()
def playground(
    *,
    script: Annotated[
        Path | None, typer.Option(help="Play the lines of this file at the prompt.", exists=True, dir_okay=False)
    ] = None,
    terminal: Annotated[bool, typer.Option("--terminal", help="A prompt in place of the page.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the rooms until the next start with --keep.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="First forget what --keep has kept.")] = False,
    folder: Annotated[Path, typer.Option(help="Where --keep keeps the rooms.", file_okay=False)] = Path(".playground"),
    port: Annotated[int, typer.Option(help="The page's port on this machine; 0 takes any.", min=0, max=65535)] = 8123,
) -> None:
    """Try everything on this machine, with no Slack account: a page stands in for Slack."""
    from bot.cli.playground import play  # noqa: PLC0415
    from bot.cli.rooms_kept import Kept  # noqa: PLC0415

    shown = None if terminal or script is not None else port
    raise typer.Exit(play(Kept(folder, keep=keep, reset=reset), port=shown, script=script))


@app.command()
def doctor() -> None:
    """Check settings, token, scopes, manifest, database, keys and provider."""
    from bot.cli.doctor import examine  # noqa: PLC0415

    raise typer.Exit(examine())


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="The public address, for an install over HTTP.")] = None,
    socket: Annotated[bool, typer.Option("--socket", help="For an install in Socket Mode.")] = False,  # noqa: FBT002
) -> None:
    """Print the Slack app's manifest as JSON, to paste where Slack asks for it."""
    from bot.cli.manifest import print_manifest  # noqa: PLC0415
    from bot.foundations import slash_commands  # noqa: PLC0415

    raise typer.Exit(print_manifest(slash_commands(), url=url, socket=socket))


@keys.command("new")
def keys_new() -> None:
    """Print a new key."""
    from bot.cli.keys import print_new_key  # noqa: PLC0415

    raise typer.Exit(print_new_key())


@keys.command("rotate")
def keys_rotate() -> None:
    """Seal everything again under the first key of SECRET_KEY, while others serve."""
    from bot.cli.rotation import rotate  # noqa: PLC0415
    from bot.cli.settings import sealing_settings_or_exit  # noqa: PLC0415

    raise typer.Exit(rotate(sealing_settings_or_exit()))


@keys.command("forget")
def keys_forget(key: KeyId) -> None:
    """Delete what is sealed under a key that is lost; what can be opened stays."""
    from bot.cli.rotation import forget  # noqa: PLC0415
    from bot.cli.settings import sealing_settings_or_exit  # noqa: PLC0415

    raise typer.Exit(forget(sealing_settings_or_exit(), key))


@workspaces.command("list")
def workspaces_list() -> None:
    """Print a line for each workspace."""
    from bot.cli.settings import operator_settings_or_exit  # noqa: PLC0415
    from bot.cli.workspaces import list_workspaces  # noqa: PLC0415

    raise typer.Exit(list_workspaces(operator_settings_or_exit()))


@workspaces.command("show")
def workspaces_show(workspace: WorkspaceKey) -> None:
    """Print a workspace and a line for each member."""
    from bot.cli.settings import operator_settings_or_exit  # noqa: PLC0415
    from bot.cli.workspaces import show_workspace  # noqa: PLC0415

    raise typer.Exit(show_workspace(operator_settings_or_exit(), workspace))


@workspaces.command("plan")
def workspaces_plan(workspace: WorkspaceKey, plan: PlanOrDefault) -> None:
    """Set the plan of a workspace."""
    from bot.cli.settings import operator_settings_or_exit  # noqa: PLC0415
    from bot.cli.workspaces import set_plan  # noqa: PLC0415

    raise typer.Exit(set_plan(operator_settings_or_exit(), workspace, None if plan == "default" else Plan(plan)))


@workspaces.command("licence")
def workspaces_licence(workspace: WorkspaceKey, user: UserId, licence: LicenceOrDefault) -> None:
    """Set the licence of a member."""
    from bot.cli.settings import operator_settings_or_exit  # noqa: PLC0415
    from bot.cli.workspaces import set_licence  # noqa: PLC0415

    chosen = None if licence == "default" else Licence(licence)
    raise typer.Exit(set_licence(operator_settings_or_exit(), workspace, user, chosen))


@workspaces.command("verify")
def workspaces_verify(workspace: WorkspaceKey) -> None:
    """Check that the change log of a workspace is what it was when it was sealed."""
    from bot.cli.settings import sealing_settings_or_exit  # noqa: PLC0415
    from bot.cli.verifying import verify  # noqa: PLC0415

    raise typer.Exit(verify(sealing_settings_or_exit(), workspace))


Sure = Annotated[bool, typer.Option("--yes", help="Ask nothing.")]


@workspaces.command("purge")
def workspaces_purge(workspace: WorkspaceKey, *, yes: Sure = False) -> None:
    """Delete all that is personal or secret of a workspace, at once. There is no way back."""
    from bot.cli.erasing import purge  # noqa: PLC0415
    from bot.cli.settings import sealing_settings_or_exit  # noqa: PLC0415

    raise typer.Exit(purge(sealing_settings_or_exit(), workspace, is_sure=yes))


@workspaces.command("erase")
def workspaces_erase(workspace: WorkspaceKey, user: UserId, *, yes: Sure = False) -> None:
    """Delete all that is personal of one member. There is no way back."""
    from bot.cli.erasing import erase  # noqa: PLC0415
    from bot.cli.settings import sealing_settings_or_exit  # noqa: PLC0415

    raise typer.Exit(erase(sealing_settings_or_exit(), workspace, user, is_sure=yes))


@workspaces.command("export")
def workspaces_export(workspace: WorkspaceKey, user: UserId) -> None:
    """Print all that is kept about one member, as JSON."""
    from bot.cli.erasing import export  # noqa: PLC0415
    from bot.cli.settings import sealing_settings_or_exit  # noqa: PLC0415

    raise typer.Exit(export(sealing_settings_or_exit(), workspace, user))


@workspaces.command("erasures")
def workspaces_erasures() -> None:
    """Print a line for all that was erased, to be kept apart from backups."""
    from bot.cli.erasing import erasures  # noqa: PLC0415
    from bot.cli.settings import operator_settings_or_exit  # noqa: PLC0415

    raise typer.Exit(erasures(operator_settings_or_exit()))


@workspaces.command("erase-again")
def workspaces_erase_again(
    file: Annotated[Path, typer.Argument(help="What `workspaces erasures` printed last.")],
) -> None:
    """Erase again what a list names and a restored backup has brought back."""
    from bot.cli.erasing import again  # noqa: PLC0415
    from bot.cli.settings import sealing_settings_or_exit  # noqa: PLC0415

    raise typer.Exit(again(sealing_settings_or_exit(), file))


if __name__ == "__main__":
    app()
