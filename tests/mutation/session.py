"""What earlier runs found, so that a run that was interrupted goes on, and one after new tests tries what lived."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.survivors import reason_of
from tests.mutation.trials import Trial


class Session:
    """Trials in a file, a line each; without a file, of this run alone."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._trials: dict[Mutant, Trial] = {}
        self._lived: set[Mutant] = set()
        for trial in _kept(path):
            self._remember(trial)

    def keep(self, trial: Trial) -> None:
        """Remember a trial, whatever became of the same mutant before."""
        self._remember(trial)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(trial)) + "\n")

    def of(self, mutant: Mutant) -> Trial:
        """What became of a mutant that was tried."""
        return self._trials[mutant]

    def lived_once(self, mutant: Mutant) -> bool:
        """Whether it lived before it was found."""
        return mutant in self._lived and self._trials[mutant].found

    def is_settled(self, mutant: Mutant) -> bool:
        """Whether it was tried, and either found or known to live for a reason."""
        trial = self._trials.get(mutant)
        return trial is not None and (trial.found or reason_of(trial) is not None)

    def _remember(self, trial: Trial) -> None:
        self._trials[trial.mutant] = trial
        if not trial.found:
            self._lived.add(trial.mutant)


def _kept(path: Path | None) -> Iterator[Trial]:
    if path is None or not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        fields = json.loads(line)
        yield Trial(**fields | {"mutant": Mutant(**fields["mutant"])})
