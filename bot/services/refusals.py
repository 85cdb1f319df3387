"""The ways in which a use case says no."""

from bot.rules import Refusal, Violation


class Refused(Exception):  # noqa: N818  a refusal is an answer, not an error
    """Rules, plan, licence or another holder stand against a wish.

    `free` are free ones to have instead: near the wish, or any others where `near` is false.
    """

    def __init__(self, refusal: Refusal, free: tuple[str, ...] = (), *, near: bool = True) -> None:
        super().__init__(" ".join(refusal.codes))
        self.refusal = refusal
        self.free = free
        self.near = near


class Declined(Exception):  # noqa: N818  a refusal is an answer, not an error
    """Something other than a wish for a number or a link cannot be done; the code names the text that says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class SettingsRefused(Exception):  # noqa: N818  a refusal is an answer, not an error
    """Rules, policy or the security floor stand against settings of a room, or rules against a topic.

    `head` names the text before the reasons.
    """

    def __init__(self, violations: tuple[Violation, ...], head: str = "refused.settings") -> None:
        super().__init__(" ".join(violation.code for violation in violations))
        self.violations = violations
        self.head = head


class HostRefused(Exception):  # noqa: N818  a refusal is an answer, not an error
    """A workspace cannot have this host in its addresses."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__(" ".join(violation.code for violation in violations))
        self.violations = violations


class ScheduleRefused(Exception):  # noqa: N818  a refusal is an answer, not an error
    """Rules stand against a wish for a scheduled meeting; or it is another's, cancelled, over or not there."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__(" ".join(violation.code for violation in violations))
        self.violations = violations
