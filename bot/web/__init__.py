"""What browsers and monitors see: join pages, health, metrics, and the headers on everything. It knows no Slack."""

from bot.web.health import Check
from bot.web.routes import add_routes

__all__ = ["Check", "add_routes"]
