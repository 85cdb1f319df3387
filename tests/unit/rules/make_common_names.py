"""Makes bot/rules/data/common_names.txt from the tables of the `names` package. Run it to write the file anew."""

from importlib.resources import files
from pathlib import Path

GIVEN_NAMES_TO = 85.0
SURNAMES_TO = 50.0
"""Percent of the people counted who bear the names that are taken, most frequent first."""

FILE = Path(__file__).parents[3] / "bot" / "rules" / "data" / "common_names.txt"

HEADER = f"""\
# Common names: no whole personal link may be one of these.
# Source: US Census Bureau, names from the 1990 Census (dist.female.first, dist.male.first, dist.all.last),
#   as shipped by the Python package "names" 0.3.0.
# Licence: a work of the United States government, in the public domain.
# Threshold: the most frequent names until they cover {GIVEN_NAMES_TO:.0f} % of women and of men (given names)
#   and {SURNAMES_TO:.0f} % of all people (surnames).
# Made by tests/unit/rules/make_common_names.py. Lower-case, without periods, sorted, each once.
"""


def names_down_to(table: str, percent: float) -> set[str]:
    rows = (line.split() for line in files("names").joinpath(table).read_text(encoding="ascii").splitlines())
    return {name.lower() for name, _, cumulative, _ in rows if float(cumulative) <= percent}


def common_names() -> str:
    names = (
        names_down_to("dist.female.first", GIVEN_NAMES_TO)
        | names_down_to("dist.male.first", GIVEN_NAMES_TO)
        | names_down_to("dist.all.last", SURNAMES_TO)
    )
    return HEADER + "".join(f"{name}\n" for name in sorted(names))


if __name__ == "__main__":
    FILE.write_text(common_names(), encoding="utf-8")
