"""How long a test takes its time: a short form in every run, a long form under `make soak` (`SOAK=1`)."""

import os

SOAK = os.environ.get("SOAK") == "1"


def short_or_long(short: int, long: int) -> int:
    """How often something is tried in this run."""
    return long if SOAK else short
