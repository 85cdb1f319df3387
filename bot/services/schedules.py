"""Scheduled meetings: schedule, change, cancel, answer, see what is coming."""

from collections.abc import Sequence

from bot.rules import Answer, ScheduleWish
from bot.services.house import House
from bot.services.people import Actor, Call
from bot.services.timetable import Cancelled, Changed, Coming, Counted, Reminded, Scheduled, Seen, Shown


class Schedules:
    """The use cases of scheduled meetings."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def schedule(self, call: Call, wish: ScheduleWish) -> Scheduled:
        """Schedule a meeting, with its invitations and reminders.

        Raises:
            ScheduleRefused: rules stand against it, each said. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def change(self, call: Call, meeting_id: str, wish: ScheduleWish, occurrence: str | None = None) -> Changed:
        """Make a meeting what is wished, or one occurrence of it, by its key: then topic, time and length alone count.

        Raises:
            ScheduleRefused: rules stand against it, or it is not the actor's. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def cancel(self, call: Call, meeting_id: str, occurrence: str | None = None) -> Cancelled:
        """Cancel a meeting, or one occurrence of it, by its key.

        Raises:
            ScheduleRefused: it is not the actor's, or not there. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def answer(self, call: Call, meeting_id: str, answer: Answer) -> Counted:
        """Keep what an invitee, or anybody who sees the channel's card, says to the whole series.

        Raises:
            ScheduleRefused: it is cancelled or over, or not for the actor. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def coming(self, actor: Actor, most: int) -> Sequence[Coming]:
        """The next of each meeting that the actor holds, is invited to or has accepted, the earliest first.

        Raises:
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def see(self, actor: Actor, meeting_id: str) -> Seen:
        """A meeting of the actor's, or one that they are invited to.

        Raises:
            ScheduleRefused: there is none for them.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def card(self, workspace: str, meeting_id: str, reader: str | None) -> Shown | None:
        """A meeting for the invitation in somebody's direct messages, or (None) in the channel's, with the key of it.

        None where there is nothing of it to be shown there any more: it is gone, or was taken back from there.

        Raises:
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def reminded(self, workspace: str, meeting_id: str, reader: str | None, detail: str) -> Reminded | None:
        """What the reminder of an occurrence says now; None where it has nothing to say (any more).

        `detail` is the posting's.

        Raises:
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError
