"""`python -m bot`, in a hurry: what takes it five minutes takes two seconds."""

from bot.__main__ import app
from bot.socket_mode import upkeep

if __name__ == "__main__":
    upkeep.LOST_SECONDS = 2.0
    upkeep.BEAT_SECONDS = 0.2
    app()
