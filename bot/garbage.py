"""What Python's garbage collector is told of a program that has started.

Modules, tables and texts stay for good, and every full collection would look at all of them while nobody is answered.
"""

import gc

YOUNG = 10_000
"""New objects before the youngest are looked at; a crowd's requests make 700, Python's own number, in one turn."""


def spare_what_stays() -> None:
    """Look at what was made from now on only, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
