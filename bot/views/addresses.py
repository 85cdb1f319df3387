"""The addresses that are handed out, below the public URL."""

from dataclasses import dataclass

from bot.views.mrkdwn import Mrkdwn


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where numbers and links lead. `base` has no slash at its end."""

    base: str

    def number(self, digits: str) -> str:
        """The URL of a meeting number."""
        return f"{self.base}/j/{digits}"

    def link(self, spelling: str) -> str:
        """The URL of a personal link."""
        return f"{self.base}/my/{spelling}"

    def qr_of_number(self, digits: str) -> str:
        """The URL of the page with the QR code of a meeting number's URL."""
        return f"{self.base}/qr/j/{digits}"

    def qr_of_link(self, spelling: str) -> str:
        """The URL of the page with the QR code of a personal link's URL."""
        return f"{self.base}/qr/my/{spelling}"

    def invitation(self, key: str) -> str:
        """The URL that opens a room or a meeting without its passcode."""
        return f"{self.base}/i/{key}"

    def start(self, key: str) -> str:
        """The URL by which one host starts a room or a meeting, or enters it."""
        return f"{self.base}/s/{key}"


def as_link(url: str) -> Mrkdwn:
    """The URL as text that can be clicked and read whole."""
    return Mrkdwn(f"<{url}>")
