"""Every Web API method of the stand-in, by its name."""

from collections.abc import Mapping

from bot.playground.asked import Asked, Method, named_well
from bot.playground.methods_chat import CHAT_METHODS
from bot.playground.methods_people import PEOPLE_METHODS
from bot.playground.methods_views import VIEW_METHODS

METHODS: Mapping[str, Method] = {**PEOPLE_METHODS, **CHAT_METHODS, **VIEW_METHODS}

WITHOUT_JSON = frozenset(name for name, method in METHODS.items() if method.reads)
"""Methods that read: Slack takes their arguments from the address or a form, and ignores a body in JSON."""

__all__ = ["METHODS", "WITHOUT_JSON", "Asked", "named_well"]
