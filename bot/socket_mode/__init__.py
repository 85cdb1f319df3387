"""Socket Mode: Slack's requests over connections that this process opens, so that no public address is needed.

`connection` is one WebSocket, `upkeep` sees to it that there always is one. The SDK's own client is not used: it waits
five minutes for a handshake that nobody answers, answers on another connection than it was asked on, and has no
connection at all while it changes from one to the next.
"""

from bot.socket_mode.connection import Headers
from bot.socket_mode.upkeep import AppTokenRefused, SocketMode

__all__ = ["AppTokenRefused", "Headers", "SocketMode"]
