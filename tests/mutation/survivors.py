"""Mutants that may live, and why: nothing that anybody could see tells them from the original.

By module and by the line as it was and as the mutant has it, so that a line that changes is asked about again.
"""

from tests.mutation.trials import Trial


def reason_of(trial: Trial) -> str | None:
    """Why this mutant may live; None where nobody has said it."""
    return _MAY_LIVE.get((trial.mutant.module, trial.before, trial.after))


_MAY_LIVE: dict[tuple[str, str, str], str] = {}
