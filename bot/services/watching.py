"""How long generations have stood still, as one process sees it."""

from collections.abc import Callable


class Watch:
    """By a monotonic clock, counted from when this process first saw a generation.

    A clock that jumps, here or elsewhere, neither steals a lease nor makes one stick.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._since: dict[str, tuple[int, float]] = {}
        self._seen: set[str] = set()

    def left(self, key: str, generation: int, rest_ms: int) -> float:
        """How many seconds it still rests; nothing or less where anybody may take it."""
        if rest_ms == 0:
            return 0.0
        now = self._monotonic()
        known, since = self._since.get(key, (0, now))
        if known != generation:
            since = now
        self._since[key] = (generation, since)
        self._seen.add(key)
        return rest_ms / 1000 - (now - since)

    def begun(self, key: str, generation: int, since: float) -> None:
        """A generation that this process made itself has stood since then."""
        self._since[key] = (generation, since)
        self._seen.add(key)

    def waited(self, key: str, seconds: float, since: float) -> None:
        """Somebody slept for so many seconds, which began then, whatever the clock says of it."""
        generation, begun = self._since.get(key, (0, 0.0))
        missing = seconds - (self._monotonic() - since)
        if missing > 0:
            self._since[key] = (generation, begun - missing)

    def forget(self) -> None:
        """Forget what was not seen since this was called last: it is gone."""
        self._since = {key: known for key, known in self._since.items() if key in self._seen}
        self._seen = set()
