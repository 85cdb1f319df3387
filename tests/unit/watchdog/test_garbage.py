"""What a program that has started spares the garbage collector."""

import subprocess
import sys

_PROGRAM = """
import gc
from bot.garbage import YOUNG, spare_what_stays
before = gc.get_freeze_count()
spare_what_stays()
print(before, gc.get_freeze_count() > 1000, gc.isenabled(), gc.get_threshold()[0] == YOUNG)
"""


def test_what_was_there_at_the_start_is_not_looked_at_again() -> None:
    """Seen red: without `gc.freeze` nothing was spared."""
    told = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True).stdout

    assert "0 True True True" == told.strip()
