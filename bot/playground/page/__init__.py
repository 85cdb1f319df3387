"""The page in a browser: Slack as the app uses it, over the stand-in, for this machine only."""

from bot.playground.page.outside import Switch
from bot.playground.page.seats import Seat
from bot.playground.page.server import serve_page

__all__ = ["Seat", "Switch", "serve_page"]
