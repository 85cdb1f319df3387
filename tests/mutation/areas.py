"""Which code is mutated, and which tests ought to find it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Area:
    """Modules that answer for one thing, and the quickest set of tests that ought to find any mistake in them."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    """What pytest is given, in the order in which the tests are run: the first that fails ends a trial."""
    apart_from: tuple[str, ...] = ()
    """Tests that take too long for so many runs, or that no mistake here can concern."""
    that: str = "not postgresql"
    """Which of the tests, as pytest's `-k` has it: on SQLite alone, where both databases run the same code."""
    definitions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Where a module answers for other things too: the classes and functions of it that count."""


def _each(folder: str, names: str) -> tuple[str, ...]:
    return tuple(f"{folder}/{name}" for name in names.split())


AREAS: Sequence[Area] = (
    Area(
        "rules",
        _each(
            "bot/rules",
            "numbers.py links.py reading.py drawing.py entitlement.py common_names.py refusals.py showing.py "
            "link_suggestions.py options.py passcodes.py rooms.py topics.py",
        ),
        _each(
            "tests/unit/rules",
            "test_pmi_rules.py test_link_rules.py test_reading.py test_showing.py test_entitlement.py "
            "test_common_names.py test_link_suggestions.py test_drawing.py test_passcodes.py test_room_settings.py "
            "test_corpus.py test_rules_by_properties.py",
        ),
        apart_from=_each(
            "tests/unit/rules",
            "test_rules_by_properties.py::test_a_hundred_thousand_numbers_are_judged_as_the_plain_rules_judge_them",
        ),
    ),
    Area(
        "authorisation",
        _each("bot/handlers", "entrance.py authorisation.py asks.py directory.py"),
        (
            *_each(
                "tests/unit/handlers",
                "test_asks.py test_directory.py test_entrance.py test_authorisation.py test_shown.py",
            ),
            *_each("tests/e2e", "test_tenancy.py test_entrance.py test_events.py"),
        ),
        definitions={
            "bot/handlers/asks.py": frozenset(
                (
                    *("Ask", "passes_by", "read_command", "read_action", "read_submission"),
                    *("_actor", "_foreign", "_key", "_dict", "_text"),
                )
            )
        },
    ),
    Area(
        "claims",
        (
            *_each("storage", "numbers.py links.py claims.py unless_there.py any_of.py members.py"),
            *_each("bot/services", "once.py arrival.py"),
        ),
        (
            *_each("tests/integration/storage/statements", "test_links.py test_numbers.py test_members.py"),
            *_each(
                "tests/integration/services",
                "test_use_cases.py test_lost_races.py test_suggestions.py test_outbox.py test_at_once.py",
            ),
        ),
        that="not postgresql or test_members or test_the_log_of_16_changes",
    ),
    Area("crypto", ("storage/secrets.py",), ("tests/unit/storage/test_secrets.py",)),
    Area(
        "signature",
        _each("bot", "guard.py payload_shape.py clock_skew.py"),
        _each(
            "tests/unit/guard",
            "test_signature.py test_clock_skew.py test_body.py test_bolt_behind_the_guard.py",
        ),
        apart_from=_each(
            "tests/unit/guard",
            "test_bolt_behind_the_guard.py::test_no_spoiled_payload_makes_bolt_answer_5xx "
            "test_bolt_behind_the_guard.py::test_no_bytes_make_bolt_answer_5xx",
        ),
    ),
)
