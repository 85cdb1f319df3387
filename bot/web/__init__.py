"""What browsers and monitors see: join pages, health, metrics, and the headers on everything. It knows no Slack."""

from bot.web.door import add_join_pages
from bot.web.health import Check
from bot.web.routes import add_routes

__all__ = ["Check", "add_join_pages", "add_routes"]
