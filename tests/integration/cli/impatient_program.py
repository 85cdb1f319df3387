"""`python -m bot`, in a hurry: what takes it five minutes takes a second."""

from bot.__main__ import app
from bot.socket_mode import upkeep

if __name__ == "__main__":
    upkeep.LOST_SECONDS = 1.0
    upkeep.BEAT_SECONDS = 0.2
    app()
