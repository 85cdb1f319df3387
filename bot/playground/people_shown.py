"""Members and channels as the Web API and events show them. Builds dictionaries, asks nobody."""

from bot.playground.state import Channel, Json, Member, Role

UPDATED = 1_700_000_000
"""When members and channels were last changed, as far as anybody is told."""


def user_object(member: Member, *, with_locale: bool) -> Json:
    """A member as `users.info` shows one. Deactivated members have no roles, as in Slack."""
    active = not member.deleted
    shown: Json = {
        "id": member.id,
        "team_id": member.team_id,
        "name": member.username,
        "deleted": member.deleted,
        "color": "9f69e7",
        "real_name": member.real_name,
        "profile": {
            "title": "",
            "phone": "",
            "skype": "",
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "",
            "real_name": member.real_name,
            "real_name_normalized": member.real_name,
            "display_name": member.display_name,
            "display_name_normalized": member.display_name,
            "team": member.team_id,
        },
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": UPDATED,
    }
    if active:
        shown |= {
            "tz": member.tz,
            "tz_label": member.tz_label,
            "tz_offset": member.tz_offset,
            "is_admin": member.role in {Role.ADMIN, Role.OWNER},
            "is_owner": member.role is Role.OWNER,
            "is_primary_owner": member.role is Role.OWNER,
            "is_restricted": member.role is Role.GUEST,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE",
        }
    if member.outside:
        shown["is_stranger"] = True
    if with_locale and active:
        shown["locale"] = member.locale
    workspace = member.workspace
    if workspace.enterprise_id and not member.outside:
        shown["enterprise_user"] = {
            "id": member.id,
            "enterprise_id": workspace.enterprise_id,
            "enterprise_name": workspace.enterprise_name or workspace.enterprise_id,
            "is_admin": False,
            "is_owner": False,
            "teams": [workspace.id],
        }
    return shown


def conversation_object(channel: Channel, now: float) -> Json:
    """A channel as `conversations.info` shows one."""
    shown: Json = {
        "id": channel.id,
        "created": int(now),
        "updated": int(now) * 1000,
        "is_archived": channel.archived,
        "is_im": channel.is_im,
        "is_org_shared": False,
        "context_team_id": channel.workspace.id,
    }
    if channel.is_im:
        person = next(one for one in channel.members if one != channel.workspace.bot_user_id)
        return shown | {"user": person, "is_user_deleted": channel.workspace.members[person].deleted, "priority": 0}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_mpim": False,
        "is_private": channel.private,
        "is_general": channel.name == "general",
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_pending_ext_shared": False,
        "unlinked": 0,
        "creator": channel.members[0] if channel.members else channel.workspace.bot_user_id,
        "parent_conversation": None,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": [channel.workspace.id],
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "is_member": channel.workspace.bot_user_id in channel.members,
    }
