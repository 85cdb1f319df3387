"""The corpus of bad and good input: what it says of numbers and links holds for the rules."""

import json
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from bot.rules import PMI, PersonalLink, load_common_names, parse_link, parse_pmi


class Row(TypedDict):
    category: str
    field: str
    value: str
    accept: NotRequired[str]
    refuse: NotRequired[list[str]]


ROWS: list[Row] = json.loads((Path(__file__).parents[2] / "corpus" / "pmi_and_link.json").read_text(encoding="ascii"))
NAMES = load_common_names()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['category']}-{index}" for index, row in enumerate(ROWS)])
def test_the_rules_judge_the_corpus(row: Row) -> None:
    parsed = parse_pmi(row["value"]) if row["field"] == "pmi" else parse_link(row["value"], NAMES)

    if isinstance(parsed, PMI):
        assert row.get("accept") == parsed.digits
    elif isinstance(parsed, PersonalLink):
        assert row.get("accept") == parsed.key
    else:
        assert row.get("refuse") == list(parsed.codes)


def test_the_corpus_covers_numbers_and_links_in_every_category() -> None:
    assert [str(number) for number in range(1, 10)] == sorted({row["category"].split()[0] for row in ROWS})
    assert {"pmi", "link"} == {row["field"] for row in ROWS}
    assert all(("accept" in row) != ("refuse" in row) for row in ROWS)
