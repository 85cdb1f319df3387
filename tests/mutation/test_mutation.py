"""One mutant of each area is found, by the way on which all of them are tried."""

import pytest

from tests.mutation.areas import AREAS
from tests.mutation.mutants import Mutant, mutants_in
from tests.mutation.trials import ROOT, nothing_done, try_all

BY_NAME = {area.name: area for area in AREAS}
FIXED = (
    ("rules", "bot/rules/numbers.py", "digits.count(digit) >= 8", "core/ReplaceComparisonOperator_GtE_Gt"),
    (
        "authorisation",
        "bot/handlers/authorisation.py",
        "self.home.team == other.team",
        "core/ReplaceComparisonOperator_Eq_NotEq",
    ),
    ("claims", "storage/links.py", "held_until <= sa.bindparam", "core/ReplaceComparisonOperator_LtE_Lt"),
    ("crypto", "storage/secrets.py", "if _written(data) != text", "core/AddNot"),
    ("signature", "bot/guard.py", "> FRESH_SECONDS", "core/ReplaceComparisonOperator_Gt_GtE"),
)


def mutant(area: str, module: str, code: str, operator: str) -> Mutant:
    """The one mutant that this operator makes of the one line with this code."""
    (line,) = (at for at, text in enumerate((ROOT / module).read_text("utf-8").splitlines(), 1) if code in text)
    found = mutants_in(BY_NAME[area], module, ROOT)
    (one,) = (each for each in found if (line, operator) == (each.line, each.operator))
    return one


@pytest.mark.row("R58")
def test_a_mistake_in_each_area_is_found_and_none_where_there_is_none() -> None:
    """Seen red: TODO."""
    mutants = [nothing_done(BY_NAME["crypto"]), *(mutant(*each) for each in FIXED)]

    outcomes = {str(trial.mutant): trial.outcome for trial in try_all(AREAS, mutants)}

    assert ["survived", *["killed"] * len(FIXED)] == list(outcomes.values()), outcomes
    assert len(mutants) == len(outcomes)
