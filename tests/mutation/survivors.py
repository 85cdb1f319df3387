"""Mutants that may live, and why: nothing that anybody could see tells them from the original.

By module and by the line as it was and as the mutant has it, so that a line that changes is asked about again.
"""

from tests.mutation.trials import Trial


def reason_of(trial: Trial) -> str | None:
    """Why this mutant may live; None where nobody has said it."""
    return _BY_MUTANT.get((trial.mutant.module, trial.before, trial.after))


_REASONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "A set of the keys' ids is never larger than their list, so that unequal is smaller.": (
        (
            "storage/secrets.py",
            "if len({key.id for key in keys}) != len(keys):",
            "if len({key.id for key in keys}) < len(keys):",
        ),
    ),
    "What base 64 would pass over is not written again, and the line below refuses what is not written again alike.": (
        (
            "storage/secrets.py",
            'data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)',
            'data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=False)',
        ),
    ),
    "It is read only once something was told, and telling sets it.": (
        ("bot/clock_skew.py", "self._told = 0.0", "self._told = -1.0"),
        ("bot/clock_skew.py", "self._told = 0.0", "self._told = 1.0"),
    ),
    "The guard asks only about requests that are more than 300 s off, never about one between -1 s and 1 s.": (
        (
            "bot/clock_skew.py",
            "if ahead < 0 or signed_at > self._newest:",
            "if ahead < 1 or signed_at > self._newest:",
        ),
        (
            "bot/clock_skew.py",
            "if ahead < 0 or signed_at > self._newest:",
            "if ahead < -1 or signed_at > self._newest:",
        ),
        (
            "bot/clock_skew.py",
            "if ahead < 0 or signed_at > self._newest:",
            "if ahead <= 0 or signed_at > self._newest:",
        ),
        *(
            (
                "bot/clock_skew.py",
                'seconds, side = abs(round(self._ahead)), "ahead of" if self._ahead > 0 else "behind"',
                f'seconds, side = abs(round(self._ahead)), "ahead of" if self._ahead {other} else "behind"',
            )
            for other in ("> -1", "> 1", ">= 0")
        ),
    ),
    "`payload` is among the fields here, so that there is one at least.": (
        ("bot/guard.py", "if len(fields) > 1:", "if len(fields) != 1:"),
    ),
    "A body whose length is not told counts as none or as a byte, neither of which is a mebibyte.": (
        (
            "bot/guard.py",
            "if (request.content_length or 0) > MOST_BYTES:",
            "if (request.content_length or 1) > MOST_BYTES:",
        ),
        (
            "bot/guard.py",
            "if (request.content_length or 0) > MOST_BYTES:",
            "if (request.content_length or -1) > MOST_BYTES:",
        ),
    ),
    "The first of one value is the last.": (
        (
            "bot/guard.py",
            'return values[0] if len(values) == 1 else ""',
            'return values[-1] if len(values) == 1 else ""',
        ),
    ),
    "The figure is a choice: four or six seconds are as good, and the test makes it short.": (
        ("bot/guard.py", "BODY_SECONDS = 5.0", "BODY_SECONDS = 6.0"),
        ("bot/guard.py", "BODY_SECONDS = 5.0", "BODY_SECONDS = 4.0"),
    ),
    "The figure is a choice: one person more or fewer is remembered.": tuple(
        (f"bot/handlers/{module}.py", f"{name} = 10_000", f"{name} = {other}")
        for module, name in (("entrance", "MOST_MET"), ("directory", "MOST_KEPT"))
        for other in ("10001", "9999")
    ),
    "There are never more fields by name than pairs.": (
        (
            "bot/guard.py",
            'if len(fields) < len(pairs) or text.startswith("{"):',
            'if len(fields) != len(pairs) or text.startswith("{"):',
        ),
    ),
    "The two flags are different bits.": (("bot/guard.py", "re.ASCII | re.IGNORECASE,", "re.ASCII ^ re.IGNORECASE,"),),
    "No list has fewer than no elements.": (
        (
            "bot/payload_shape.py",
            "def _list_of(check: Check, *, least: int = 0, most: int | None = None) -> Check:",
            "def _list_of(check: Check, *, least: int = -1, most: int | None = None) -> Check:",
        ),
    ),
    "Nobody asks for so many numbers that those come up of which nearly every digit differs.": (
        (
            "bot/rules/drawing.py",
            "distances = range(nearest, len(start) + 1)",
            "distances = range(nearest, len(start) - 1)",
        ),
        (
            "bot/rules/drawing.py",
            "distances = range(nearest, len(start) + 1)",
            "distances = range(nearest, len(start) + 0)",
        ),
    ),
    "Counting repeats only spares a search that finds nothing: with more searches the answer is the same.": (
        (
            "bot/rules/numbers.py",
            "repeats = len(digits) - len(set(digits))",
            "repeats = len(digits) * len(set(digits))",
        ),
        (
            "bot/rules/numbers.py",
            "repeats = len(digits) - len(set(digits))",
            "repeats = len(digits) + len(set(digits))",
        ),
        *(
            ("bot/rules/numbers.py", f"(Code.{code}, {rule}, {least}),", f"(Code.{code}, {rule}, {least - 1}),")
            for code, rule, least in (
                ("PMI_FIRST_DIGIT", "starts_with_0_or_1", 0),
                ("PMI_PREFIX", "starts_like_a_toll_free_number", 0),
                ("PMI_REPEATED_GROUP", "repeats_a_group", 6),
                ("PMI_SAME_DIGIT_GROUPS", "has_three_groups_of_one_digit", 6),
                ("PMI_SAME_DIGIT", "has_one_digit_8_times", 7),
                ("PMI_RUN", "has_one_digit_5_times_running", 4),
                ("PMI_SEQUENCE", "has_the_sequence_123456", 0),
            )
        ),
    ),
    "How many keys a statement has places for only decides how many statements are needed: the rows are the same.": (
        ("storage/any_of.py", "most = _LENGTHS[-1]", "most = _LENGTHS[- 2]"),
        ("storage/any_of.py", "most = _LENGTHS[-1]", "most = _LENGTHS[- 0]"),
        ("storage/any_of.py", "most = _LENGTHS[-1]", "most = _LENGTHS[~1]"),
        *(
            ("storage/any_of.py", "_LENGTHS = (1, 3, 12)", f"_LENGTHS = {other}")
            for other in ("(2, 3, 12)", "(0, 3, 12)", "(1, 4, 12)", "(1, 2, 12)", "(1, 3, 13)", "(1, 3, 11)")
        ),
    ),
    "Ten digits are grouped by the loop below as they are here, only slower.": (
        ("bot/rules/showing.py", "_THREE_THREE_FOUR = 10", "_THREE_THREE_FOUR = 9"),
    ),
}
_BY_MUTANT = {
    (module, before, after): reason for reason, mutants in _REASONS.items() for module, before, after in mutants
}
