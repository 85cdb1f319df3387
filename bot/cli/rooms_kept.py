"""Where the playground's database and key are: in a folder that goes with it, or in one that stays."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.secrets import new_key

DATABASE = "playground.db"
KEY = "key"
_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEY)


class CannotKeep(Exception):  # noqa: N818 - says what is wrong
    """The folder cannot be used; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder in use. `fresh` says that nobody has a room in it yet."""

    folder: Path
    secret_key: str
    fresh: bool

    @property
    def database_url(self) -> str:
        """The SQLite file."""
        return f"sqlite:///{self.folder.absolute() / DATABASE}"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the options say: whether rooms are kept, where, and whether those of before are forgotten first."""

    folder: Path
    keep: bool = False
    reset: bool = False

    @contextmanager
    def place(self) -> Iterator[Place]:
        """The folder to use until the block ends.

        Raises:
            CannotKeep: it cannot be used.
        """
        if self.reset:
            self._forget()
        if self.keep:
            yield self._stays()
            return
        with tempfile.TemporaryDirectory(prefix="standing-room-") as folder:
            yield Place(Path(folder), new_key(), fresh=True)

    def _forget(self) -> None:
        try:
            for name in _FILES:
                (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise CannotKeep(f"{self.folder} cannot be emptied: {error.strerror}.") from None

    def _stays(self) -> Place:
        database, key = self.folder / DATABASE, self.folder / KEY
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = not database.exists()
            if not fresh and not key.exists():
                raise CannotKeep(f"{database} is there and its key is not: add --reset to begin anew.")
            if not key.exists():
                key.touch(mode=0o600)
                key.write_text(new_key(), encoding="utf-8")
            return Place(self.folder, key.read_text(encoding="utf-8").strip(), fresh=fresh)
        except (OSError, UnicodeDecodeError) as error:
            words = error.strerror if isinstance(error, OSError) else "its key is no text"
            raise CannotKeep(f"{self.folder} cannot be used: {words}.") from None
