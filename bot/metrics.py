"""What is counted, for `GET /metrics`. Every label comes from a closed set: nothing that people type becomes one.

Each `Metrics` has its own registry, so that two apps in one process count apart.
"""

from collections.abc import Callable, Collection
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

OTHER = "other"
"""The label for a command that nobody declared."""

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
"""Seconds: fine up to the half second people should get, and the deadlines of 1.5, 2.5 and 3 seconds."""

LAG_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds: 0.2 is where a lag of the event loop is noted."""


class RequestKind(StrEnum):
    """How somebody turned to us."""

    COMMAND = "command"
    ACTION = "action"
    SUBMISSION = "submission"
    CLOSED = "closed"
    SHORTCUT = "shortcut"
    EVENT = "event"
    OTHER = "other"


class Outcome(StrEnum):
    """What came of a request."""

    DONE = "done"
    REFUSED = "refused"
    """By a rule, a plan or a licence: the person was told why."""
    BUSY = "busy"
    """Nothing was changed; the person was asked to try again."""
    UNKNOWN = "unknown"
    """Whether it was changed could not be known in time."""
    FAILED = "failed"
    """A defect: the person got an error id."""


class ClaimKind(StrEnum):
    """What is claimed."""

    PMI = "pmi"
    LINK = "link"


class DatabaseErrorKind(StrEnum):
    """What storage reports."""

    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    OUTCOME_UNKNOWN = "outcome_unknown"
    CONFLICT = "conflict"
    OTHER = "other"


class NoticeOutcome(StrEnum):
    """What came of telling somebody a result after the acknowledgement."""

    TOLD = "told"
    PUT_OFF = "put_off"
    GIVEN_UP = "given_up"


class PostingOutcome(StrEnum):
    """What came of posting a planned message, or of changing one."""

    POSTED = "posted"
    UPDATED = "updated"
    PUT_OFF = "put_off"
    GIVEN_UP = "given_up"
    LEFT = "left"
    """There was nothing to show any more, or it could not be changed any more."""


class Joining(StrEnum):
    """What came of somebody at a join page."""

    OPENED = "opened"
    WRONG = "wrong"
    """A passcode that is another, or an address that is nobody's."""
    KEY = "key"
    """A key that is none, or was taken back."""
    SLOW = "slow"
    """Nobody listened: there were too many requests or wrong tries."""
    CLOSED = "closed"
    """Cancelled, or over."""
    UNAVAILABLE = "unavailable"
    """The database, or the service that carries meetings, did not do what was asked."""


class Metrics:
    """The counters of one app. `commands` are the commands that get a label of their own, as "/pmi set"."""

    def __init__(self, commands: Collection[str]) -> None:
        self.registry = CollectorRegistry()
        self._commands = frozenset(commands)
        self._requests = Counter(
            "standing_room_requests",
            "Requests from Slack that were answered.",
            ("kind", "command", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "standing_room_request_seconds",
            "Time from a request to its answer.",
            ("command",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        # By their labels, since finding a counter by them costs more than counting.
        self._counted: dict[tuple[RequestKind, str, Outcome], tuple[Counter, Histogram]] = {}
        self._claims = Counter(
            "standing_room_claims",
            "Claims of a number or a link that reached the database.",
            ("kind", "result"),
            registry=self.registry,
        )
        self._database_errors = Counter(
            "standing_room_database_errors", "Failures of the database.", ("kind",), registry=self.registry
        )
        self._guard_refusals = Counter(
            "standing_room_guard_refusals", "Requests refused at the door.", ("reason",), registry=self.registry
        )
        self._socket_connections = Gauge(
            "standing_room_socket_connections", "Open Socket Mode connections.", registry=self.registry
        )
        self._notices = Counter(
            "standing_room_notices",
            "Tries to tell a result after its acknowledgement.",
            ("outcome",),
            registry=self.registry,
        )
        self._outbox_waiting = Gauge(
            "standing_room_outbox_waiting", "Results that are still to be told.", registry=self.registry
        )
        self._outbox_oldest = Gauge(
            "standing_room_outbox_oldest_seconds", "For how long the oldest of them has waited.", registry=self.registry
        )
        self._postings = Counter(
            "standing_room_postings", "Tries to post or change a planned message.", ("outcome",), registry=self.registry
        )
        self._postings_due = Gauge(
            "standing_room_postings_due", "Planned messages that are to be posted or changed.", registry=self.registry
        )
        self._postings_oldest = Gauge(
            "standing_room_postings_oldest_seconds",
            "For how long the oldest of them has been due.",
            registry=self.registry,
        )
        self._lag = Histogram(
            "standing_room_event_loop_lag_seconds",
            "How late the event loop came to what was due.",
            buckets=LAG_BUCKETS,
            registry=self.registry,
        )
        self._sign_ins = Counter(
            "standing_room_sign_ins", "Sign-ins on join pages that ended.", ("outcome",), registry=self.registry
        )
        self._installs = Counter(
            "standing_room_installs", "Installs by OAuth that ended.", ("outcome",), registry=self.registry
        )
        self._installations_ended = Counter(
            "standing_room_installations_ended",
            "Installations whose tokens this process deleted.",
            ("reason",),
            registry=self.registry,
        )
        self._joining = Counter(
            "standing_room_joining", "What came of people at join pages.", ("outcome",), registry=self.registry
        )
        self._guessing = Counter(
            "standing_room_guessing",
            "Times at which so many found no way in that somebody seems to be guessing.",
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def request(self, kind: RequestKind, command: str, outcome: Outcome, seconds: float) -> None:
        """Counts one answered request; a command that was not declared counts as "other"."""
        label = command if command in self._commands else OTHER
        counted = self._counted.get((kind, label, outcome))
        if counted is None:
            counted = self._requests.labels(kind, label, outcome), self._seconds.labels(label)
            self._counted[kind, label, outcome] = counted
        requests, observed = counted
        requests.inc()
        observed.observe(seconds)

    def claim(self, kind: ClaimKind | str, won: bool) -> None:  # noqa: FBT001 - the shape that services call back with
        """Counts a claim by its result."""
        self._claims.labels(ClaimKind(kind), "won" if won else "lost").inc()

    def database_error(self, kind: str) -> None:
        """Counts a failure of the database by the word storage has for it."""
        known = kind in set(DatabaseErrorKind)
        self._database_errors.labels(DatabaseErrorKind(kind) if known else DatabaseErrorKind.OTHER).inc()

    def guard_refusal(self, reason: StrEnum) -> None:
        """Counts a request refused at the door."""
        self._guard_refusals.labels(reason).inc()

    def notice(self, outcome: NoticeOutcome) -> None:
        """Counts a try to tell somebody a result."""
        self._notices.labels(outcome).inc()

    def outbox(self, waiting: int, oldest_seconds: float) -> None:
        """Notes what the last look at the outbox found."""
        self._outbox_waiting.set(waiting)
        self._outbox_oldest.set(oldest_seconds)

    def posting(self, outcome: PostingOutcome) -> None:
        """Counts a try to post or change a planned message."""
        self._postings.labels(outcome).inc()

    def postings(self, due: int, oldest_seconds: float) -> None:
        """Notes what the last look at the planned messages found."""
        self._postings_due.set(due)
        self._postings_oldest.set(oldest_seconds)

    def joining(self, outcome: Joining) -> None:
        """Counts what came of somebody at a join page."""
        self._joining.labels(outcome).inc()

    def guessing(self) -> None:
        """Counts that somebody seems to be guessing."""
        self._guessing.inc()

    def loop_lag(self, seconds: float) -> None:
        """Counts how late the event loop came to what was due."""
        self._lag.observe(seconds)

    def sign_in(self, outcome: str) -> None:
        """Counts a sign-in by how it ended."""
        self._sign_ins.labels(outcome).inc()

    def install(self, outcome: str) -> None:
        """Counts an install by how it ended."""
        self._installs.labels(outcome).inc()

    def installation_ended(self, reason: str) -> None:
        """Counts an installation that is dead, by what ended it."""
        self._installations_ended.labels(reason).inc()

    def watch_socket(self, connections: Callable[[], int]) -> None:
        """Asks for the number of open Socket Mode connections whenever the metrics are read."""
        self._socket_connections.set_function(connections)
