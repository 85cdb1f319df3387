"""What whoever has added the app to a workspace reads first."""

from bot.texts import Translator
from bot.views import blocks
from bot.views.message import Message
from bot.views.mrkdwn import code, say

STEPS = ("/pmi", "/room settings", "/room")
"""What is typed at each step."""


def welcome(t: Translator) -> Message:
    """What to do first, and that nothing else is needed."""
    steps = [say(t, f"welcome.step.{number}", command=code(typed)) for number, typed in enumerate(STEPS, 1)]
    head = say(t, "welcome.text")
    return Message(t("welcome.title"), (blocks.header(t("welcome.title")), *map(blocks.section, (head, *steps))))
