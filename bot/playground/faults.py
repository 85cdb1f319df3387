"""Faults that the stand-in shows on request: what Slack's Web API does on a bad day."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import ClassVar


class FaultKind(StrEnum):
    """The ways in which an answer goes wrong."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    RESET = "reset"
    BROKEN_JSON = "broken_json"
    NOT_OK = "not_ok"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which an answer goes wrong; `NOT_OK("fatal_error")` is Slack's `ok: false`."""

    kind: FaultKind
    error: str = ""

    RATE_LIMITED: ClassVar["Fault"]
    SERVER_ERROR: ClassVar["Fault"]
    TIMEOUT: ClassVar["Fault"]
    RESET: ClassVar["Fault"]
    BROKEN_JSON: ClassVar["Fault"]

    @classmethod
    def NOT_OK(cls, error: str) -> "Fault":  # noqa: N802 - reads like its fellows
        """An answer with `ok: false` and this error."""
        return cls(FaultKind.NOT_OK, error)


Fault.RATE_LIMITED = Fault(FaultKind.RATE_LIMITED, "ratelimited")
Fault.SERVER_ERROR = Fault(FaultKind.SERVER_ERROR)
Fault.TIMEOUT = Fault(FaultKind.TIMEOUT)
Fault.RESET = Fault(FaultKind.RESET)
Fault.BROKEN_JSON = Fault(FaultKind.BROKEN_JSON)


@dataclass(slots=True)
class PlannedFault:
    """A fault, how often it still shows, and what `Retry-After` says then (nothing where it is None)."""

    fault: Fault
    times: int
    retry_after: int | str | None
    status: int
    id: int = 0
    endpoint: str = ""


class Faults:
    """Which endpoint fails next, and how. Response URLs go by the name `response_url`."""

    def __init__(self) -> None:
        self._planned: dict[str, list[PlannedFault]] = {}
        self._numbers = count(1)

    def set(
        self,
        endpoint: str,
        fault: Fault,
        *,
        times: int = 1,
        retry_after: int | str | None = 1,
        status: int = 500,
    ) -> PlannedFault:
        """The next `times` calls of the endpoint fail this way; faults set earlier come first.

        Args:
            endpoint: a method such as `views.open`, or `response_url`.
            fault: what happens.
            times: how many calls it happens to.
            retry_after: the `Retry-After` header of `RATE_LIMITED`, as it stands; None leaves it out.
            status: the HTTP status of `SERVER_ERROR`.
        """
        planned = PlannedFault(fault, times, retry_after, status, next(self._numbers), endpoint)
        self._planned.setdefault(endpoint, []).append(planned)
        return planned

    def waiting(self) -> list[PlannedFault]:
        """Every fault that has not shown as often as it shall."""
        return [planned for waiting in self._planned.values() for planned in waiting]

    def remove(self, fault_id: int) -> bool:
        """Forget the fault of this id; whether there was one."""
        for waiting in self._planned.values():
            for planned in waiting:
                if planned.id == fault_id:
                    waiting.remove(planned)
                    return True
        return False

    def clear(self) -> None:
        """Forget every fault that has not shown yet."""
        self._planned.clear()

    def next_for(self, endpoint: str) -> PlannedFault | None:
        """The fault that this call meets, counted off; None if it goes well."""
        waiting = self._planned.get(endpoint)
        if not waiting:
            return None
        planned = waiting[0]
        planned.times -= 1
        if planned.times <= 0:
            waiting.pop(0)
        return planned
