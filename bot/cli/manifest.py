"""`python -m bot manifest`: prints what to paste where Slack asks for an app's manifest."""

import json
import sys
from collections.abc import Sequence

from pydantic_core import PydanticCustomError

from bot.manifest import EVENTS_PATH, CommandEntry, manifest
from bot.setting_values import public_url


def print_manifest(commands: Sequence[CommandEntry], *, url: str | None, socket: bool) -> int:
    """Prints the manifest as JSON, which Slack takes as well as YAML. The exit code: 2 when the address will not do.

    Args:
        commands: What the app answers to.
        url: The public address over HTTP, with or without the path that Slack calls.
        socket: Whether the install is in Socket Mode, which has no address.
    """
    if (url is None) is not socket:
        print("Say where Slack reaches the app with --url https://..., or --socket for Socket Mode.", file=sys.stderr)
        return 2
    try:
        address = None if url is None else public_url(url.strip()).removesuffix(EVENTS_PATH)
    except PydanticCustomError as error:
        print(f"--url {error.message()}", file=sys.stderr)
        return 2
    if address is not None and not address.lower().startswith("https://"):
        print("--url must begin with https://, since Slack sends requests nowhere else.", file=sys.stderr)
        return 2
    print(json.dumps(manifest(commands, address, socket=socket), indent=2, ensure_ascii=False))
    return 0
