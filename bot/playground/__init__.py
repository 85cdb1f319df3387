"""A stand-in for Slack: workspaces, people, views and the Web API on this machine. Knows Slack, and not this app."""

from bot.playground.delivery import Exchange
from bot.playground.faults import Fault
from bot.playground.finding import NotThere
from bot.playground.log import Call
from bot.playground.modals import OpenView
from bot.playground.people import Person
from bot.playground.standin import StandIn
from bot.playground.state import Channel, Member, Message, TokenState, Workspace
from bot.playground.terminal import run_terminal

__all__ = [
    "Call",
    "Channel",
    "Exchange",
    "Fault",
    "Member",
    "Message",
    "NotThere",
    "OpenView",
    "Person",
    "StandIn",
    "TokenState",
    "Workspace",
    "run_terminal",
]
