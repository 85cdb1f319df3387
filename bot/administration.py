"""What administrators do, put together: the areas behind `/room admin`, and the files that they can take with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.handlers.admin import AdminHandlers
from bot.handlers.admin_data import DataPart
from bot.handlers.admin_host import HostHandlers, host_part
from bot.handlers.admin_log import LogHandlers
from bot.handlers.admin_members import MembersPart
from bot.handlers.admin_names import NamesHandlers
from bot.handlers.admin_policy import PolicyHandlers
from bot.handlers.administrators import Administrators
from bot.handlers.front import Front
from bot.handlers.rooms import RoomHandlers
from bot.services.admin_files import FileKind, FileSource
from bot.services.change_log import ChangeLog
from bot.services.house import House
from bot.services.policies import Policies
from bot.services.purging import Purges
from bot.services.reserved_names import ReservedNames


@dataclass(frozen=True, slots=True)
class Administered:
    """What was put together, for whoever connects it."""

    handlers: AdminHandlers
    files: Mapping[FileKind, FileSource]


def administration(
    *,
    house: House,
    administrators: Administrators,
    rooms: RoomHandlers,
    front: Front,
    membership: MembersPart,
    purges: Purges,
    removing: Callable[[str], None],
) -> Administered:
    """Put it together. `removing` is called with the key of a workspace that is to be purged."""
    log = LogHandlers(house, ChangeLog(house), rooms, front)
    parts = (
        membership.part,
        log.part(),
        host_part(HostHandlers(rooms.where.hosts, front, rooms.where.addresses)),
        NamesHandlers(ReservedNames(house), front).part(),
        *PolicyHandlers(Policies(house), front).parts,
        DataPart(purges, front, removing).part(),
    )
    return Administered(
        handlers=AdminHandlers(administrators, rooms, front, parts),
        files={FileKind.LOG: log.log.rows, FileKind.MEMBERS: membership.administration.file},
    )
