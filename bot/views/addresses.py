"""The addresses that are handed out, below the public URL."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.views.mrkdwn import Mrkdwn


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where numbers and links lead. `base` has no slash at its end."""

    base: str

    def at(self, host: str | None) -> "Addresses":
        """The same addresses on another host, with all else as it is; None for this very one."""
        if host is None:
            return self
        parts = urlsplit(self.base)
        port = "" if parts.port is None else f":{parts.port}"
        return Addresses(f"{parts.scheme}://{host}{port}{parts.path}")

    def number(self, digits: str) -> str:
        """The URL of a meeting number."""
        return f"{self.base}/j/{digits}"

    def link(self, spelling: str) -> str:
        """The URL of a personal link."""
        return f"{self.base}/my/{spelling}"

    def invitation(self, key: str) -> str:
        """The URL that lets whoever has it in without a passcode."""
        return f"{self.base}/i/{key}"

    def calendar(self, key: str) -> str:
        """The URL of a meeting's calendar file, by the same key."""
        return f"{self.base}/i/{key}.ics"

    def start(self, key: str) -> str:
        """The URL that starts a room or a meeting, for its host alone."""
        return f"{self.base}/s/{key}"

    def admin_file(self, key: str) -> str:
        """The URL of a file for one administrator alone."""
        return f"{self.base}/admin/{key}.csv"

    def qr_of_number(self, digits: str) -> str:
        """The URL of the page with the QR code of a meeting number's URL."""
        return f"{self.base}/qr/j/{digits}"

    def qr_of_link(self, spelling: str) -> str:
        """The URL of the page with the QR code of a personal link's URL."""
        return f"{self.base}/qr/my/{spelling}"


def as_link(url: str) -> Mrkdwn:
    """The URL as text that can be clicked and read whole."""
    return Mrkdwn(f"<{url}>")
