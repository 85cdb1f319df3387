"""Who one can be on the page, and where such a person finds what they act on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.playground.blocks import Placed, placed
from bot.playground.finding import NotThere
from bot.playground.modals import OpenView, find_view
from bot.playground.page.fields import Fields, Unfit
from bot.playground.state import Channel, Member, Message


@dataclass(frozen=True, slots=True)
class Seat:
    """A member whom one can be; `note` says in a few words what makes them worth trying."""

    member: Member
    note: str = ""

    @property
    def key(self) -> str:
        """The workspace and the member, such as `T0ACME/U0ANNA`."""
        return f"{self.member.workspace.id}/{self.member.id}"


class Seats:
    """Everybody whom one can be, by key."""

    def __init__(self, seats: Sequence[Seat]) -> None:
        self.by_key: Mapping[str, Seat] = {seat.key: seat for seat in seats}

    def __getitem__(self, key: str) -> Seat:
        if key not in self.by_key:
            raise NotThere(f"nobody here is {key!r}")
        return self.by_key[key]

    def first(self) -> Seat:
        """Who one is to begin with."""
        return next(iter(self.by_key.values()))


def shown_channels(member: Member) -> list[Channel]:
    """The channels that a member sees: their own, those that anybody may join, the app's direct messages."""
    workspace = member.workspace
    own = workspace.direct_messages_with(member.id)
    open_to_all = member.role != "guest" and not member.outside
    return [
        channel
        for channel in workspace.channels.values()
        if channel is own
        or (not channel.is_im and (member.id in channel.members or (open_to_all and not channel.private)))
    ]


def own_channel(member: Member, channel_id: str) -> Channel:
    """A channel that this member is in.

    Raises:
        NotThere: there is none of this id.
    """
    channel = next((one for one in shown_channels(member) if one.id == channel_id), None)
    if channel is None or member.id not in channel.members:
        raise NotThere(f"you are in no channel {channel_id!r}")
    return channel


def message_at(member: Member, channel_id: str, ts: str) -> Message:
    """A message before this member's eyes.

    Raises:
        NotThere: it is gone, or somebody else's.
    """
    channel = own_channel(member, channel_id)
    private = (one for one in member.private_messages if one.channel is channel and one.ts == ts and not one.deleted)
    message = channel.message(ts) or next(private, None)
    if message is None:
        raise NotThere("this message is no longer here")
    return message


def dialog_called(member: Member, view_id: str) -> OpenView:
    """The dialog of this id, which is the one on top.

    Raises:
        NotThere: it was closed, or another lies upon it.
    """
    view = find_view(member.modals, view_id=view_id)
    if view is None:
        raise NotThere("this dialog is no longer open")
    if view is not member.modals[-1]:
        raise NotThere("another dialog lies upon this one")
    return view


def place_of(member: Member, fields: Fields) -> Message | OpenView:
    """The message or view that a place names.

    Raises:
        NotThere: it is gone.
    """
    place = fields.within("place")
    match place.text("kind"):
        case "message":
            return message_at(member, place.text("channel"), place.text("ts"))
        case "view":
            return dialog_called(member, place.text("id"))
        case "home":
            if member.home is None:
                raise NotThere("the app has published no Home")
            return member.home
        case kind:
            raise Unfit(f"place.kind cannot be {kind!r}")


def element_at(place: Message | OpenView, fields: Fields) -> Placed:
    """The element that somebody uses.

    Raises:
        NotThere: it is no longer there.
    """
    block_id, action_id = fields.text("block_id"), fields.text("action_id")
    for one in placed(place.blocks):
        if one.block_id == block_id and one.action_id == action_id:
            return one
    raise NotThere("this is no longer here; it has just changed")
