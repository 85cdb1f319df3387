"""Web API methods that open, push, update and publish views."""

from collections.abc import Mapping

from bot.playground.asked import Asked, Method, invalid
from bot.playground.modals import STACK_LIMIT, OpenView, find_view
from bot.playground.payloads import view_object
from bot.playground.state import Json, Member
from bot.playground.validate import Surface, view_problems
from bot.playground.world import Refused


def open_view(asked: Asked) -> Json:
    """`views.open`: a dialog in exchange for a trigger. It takes the place of any stack that is open."""
    view = _valid_view(asked, Surface.MODAL)
    trigger = asked.world.usable_trigger(asked.text("trigger_id"), asked.workspaces)
    _free_external_id(asked, view)
    trigger.used = True
    return _shown(asked.world.open_view(trigger.member, view), trigger.member)


def push_view(asked: Asked) -> Json:
    """`views.push`: a dialog upon another, in exchange for a trigger that arose in that other."""
    view = _valid_view(asked, Surface.MODAL)
    trigger = asked.world.usable_trigger(asked.text("trigger_id"), asked.workspaces)
    modals = trigger.member.modals
    if trigger.from_view is None or find_view(modals, view_id=trigger.from_view) is None:
        raise Refused("not_found")
    if len(modals) >= STACK_LIMIT:
        raise Refused("push_limit_reached")
    _free_external_id(asked, view)
    trigger.used = True
    return _shown(asked.world.open_view(trigger.member, view, under=modals[-1]), trigger.member)


def update_view(asked: Asked) -> Json:
    """`views.update`: by view id or external id, with a hash that must still be right if it is given."""
    view_id, external_id = asked.text("view_id"), asked.text("external_id")
    if not view_id and not external_id:
        raise invalid("[ERROR] missing required field: view_id or external_id")
    if view_id and external_id:
        raise invalid("[ERROR] Cannot provide both `view_id` and `external_id`")
    view = _valid_view(asked, Surface.MODAL)
    found = asked.world.view_anywhere(asked.workspaces, view_id, external_id)
    if found is None or found.type != "modal":
        raise Refused("not_found")
    if asked.text("hash") and asked.text("hash") != found.hash:
        raise Refused("hash_conflict")
    _free_external_id(asked, view, but=found)
    asked.world.views.replace(found, view)
    asked.world.changed()
    return _shown(found, _holder(asked, found))


def publish_view(asked: Asked) -> Json:
    """`views.publish`: a member's Home tab."""
    user = asked.text("user_id")
    view = _valid_view(asked, Surface.HOME)
    if not asked.world.manifest.home_tab:
        raise Refused("not_enabled")
    member = next((one.members[user] for one in asked.workspaces if user in one.members), None)
    if member is None:
        raise invalid("invalid `user_id`")
    if asked.text("hash") and (member.home is None or asked.text("hash") != member.home.hash):
        raise Refused("hash_conflict")
    _free_external_id(asked, view, but=member.home)
    if member.home is None:
        member.home = asked.world.views.make(view, member.workspace.id)
    else:
        asked.world.views.replace(member.home, view)
    asked.world.changed()
    return _shown(member.home, member)


def _valid_view(asked: Asked, surface: Surface) -> Json:
    view = asked.structured("view")
    problems = view_problems(view, surface)
    if problems or not isinstance(view, dict):
        raise Refused(problems.error, **problems.beside)
    return view


def _free_external_id(asked: Asked, view: Json, but: OpenView | None = None) -> None:
    external_id = view.get("external_id")
    holder = asked.world.view_anywhere(asked.workspaces, "", external_id) if external_id else None
    if holder is not None and holder is not but:
        raise Refused("duplicate_external_id")


def _holder(asked: Asked, view: OpenView) -> Member:
    everybody = (member for workspace in asked.workspaces for member in workspace.members.values())
    return next(member for member in everybody if view in member.modals)


def _shown(view: OpenView, member: Member) -> Json:
    return {"view": view_object(view, member.workspace)}


VIEW_METHODS: Mapping[str, Method] = {
    "views.open": Method(open_view, ("trigger_id", "view")),
    "views.push": Method(push_view, ("trigger_id", "view")),
    "views.update": Method(update_view, ("view",)),
    "views.publish": Method(publish_view, ("user_id", "view")),
}
