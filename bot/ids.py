"""Every name that Slack and this app call things by: commands, events, callbacks, actions, blocks."""

from enum import StrEnum


class Command(StrEnum):
    """A slash command."""

    PMI = "/pmi"
    LINK = "/personal-link"
    ROOM = "/room"


class Event(StrEnum):
    """What Slack tells of by itself."""

    UNINSTALLED = "app_uninstalled"
    REVOKED = "tokens_revoked"
    HOME_OPENED = "app_home_opened"
    LINK_SHARED = "link_shared"


class Shortcut(StrEnum):
    """An entry in Slack's menus: the global one, or the one on a message."""

    START = "start_my_room"
    DISCUSS = "discuss_in_my_room"
    SCHEDULE = "schedule_a_meeting"


class Callback(StrEnum):
    """A dialog."""

    PMI = "pmi_modal"
    LINK = "link_modal"
    SETTINGS = "settings_modal"
    SCHEDULE = "schedule_modal"
    CANCEL_MEETING = "cancel_modal"
    ADMIN = "admin_modal"
    """What administrators can do. Nothing can be submitted in it. What lies behind begins with `admin_` too."""
    ADMIN_OPTIONS = "admin_options_modal"
    ADMIN_ADDRESSES = "admin_addresses_modal"
    NOTICE = "notice_modal"
    """Says something and asks nothing: nothing can be submitted in it."""


class Action(StrEnum):
    """A button or an input that reports what happens to it. Buttons beside each other add `:n`."""

    JOIN = "join"
    """Leads to a page: nothing is to be done about the click."""
    EDIT_PMI = "edit_pmi"
    EDIT_LINK = "edit_link"
    CLAIM_PMI = "claim_pmi"
    CLAIM_LINK = "claim_link"
    HISTORY_PMI = "history_pmi"
    HISTORY_LINK = "history_link"
    SUGGEST_PMI = "suggest_pmi"
    SUGGEST_LINK = "suggest_link"
    TYPED_PMI = "typed_pmi"
    TYPED_LINK = "typed_link"
    INSTANT = "instant"
    SETTINGS = "edit_settings"
    NEW_PASSCODE = "new_passcode"
    RESET_SETTINGS = "reset_settings"
    TOPIC = "topic"
    PASSCODE = "passcode"
    WAITING_ROOM = "waiting_room"
    OPTIONS = "options"
    HOSTS = "hosts"
    PMI_USE = "pmi_use"
    CALENDAR = "calendar"
    """Leads to a file: nothing is to be done about the click."""
    ANSWER = "answer"
    MEETING_MORE = "meeting_more"
    SCHEDULE = "schedule"
    REPEATS = "repeats"
    STARTS = "starts"
    MINUTES = "minutes"
    INVITEES = "invitees"
    CHANNEL = "channel"
    WHERE = "where"
    ENDS_COUNT = "ends_count"
    ENDS_UNTIL = "ends_until"
    REMINDER = "reminder"
    OPEN_QR = "open_qr"
    SHARE_ROOM = "share_room"
    SHARE_HERE = "share_room_here"
    SHARE_NOT = "share_room_not"
    ADMIT_GUEST = "admit_guest"
    ADMIT_GUESTS = "admit_guests"
    DENY_GUEST = "deny_guest"
    START_ROOM = "start_room"
    """A link that starts one's room, or leads to the meeting in it."""
    HOST_MEETING = "host_meeting"
    """A link that leads a host into a meeting."""
    START_ON_PMI = "start_on_pmi"
    START_ONE_OFF = "start_one_off"
    END_MEETING = "end_meeting"
    ADMIN = "admin"
    """Opens what administrators can do. Every action of theirs begins with `admin`."""
    ADMIN_OPTIONS = "admin_options"
    ADMIN_ADDRESSES = "admin_addresses"


class AdminField(StrEnum):
    """A field of a dialog of administrators: the name of its block and of the input in it."""

    POLICY_PASSCODE = "policy_passcode"
    POLICY_WAITING_ROOM = "policy_waiting_room"
    POLICY_MEMBERS_ONLY = "policy_members_only"
    POLICY_HOST_VIDEO = "policy_host_video"
    POLICY_PARTICIPANT_VIDEO = "policy_participant_video"
    POLICY_MUTE_ON_ENTRY = "policy_mute_on_entry"
    POLICY_JOIN_BEFORE_HOST = "policy_join_before_host"
    POLICY_PMI_FOR_INSTANT = "policy_pmi_for_instant"
    POLICY_PMI_FOR_SCHEDULED = "policy_pmi_for_scheduled"
    POLICY_PMIS = "policy_pmis"
    POLICY_CUSTOMISERS = "policy_customisers"
    POLICY_HOLD = "policy_hold"
    POLICY_LEADS_ON = "policy_leads_on"


class Block(StrEnum):
    """A block of a dialog that is read back or replaced. What begins with VERDICT is replaced as one types.

    So is what begins with ENDS, when another repetition is chosen.
    What begins with PASSCODE is replaced by another passcode, under a name of its own: Slack keeps what stands in a
    field whose name is the same.
    """

    PMI = "pmi"
    LINK = "link"
    INSTANT = "instant"
    VERDICT = "verdict"
    NOTICE = "notice"
    TOPIC = "topic"
    PASSCODE = "passcode"
    WAITING_ROOM = "waiting_room"
    OPTIONS = "options"
    HOSTS = "hosts"
    PMI_USE = "pmi_use"
    STARTS = "starts"
    MINUTES = "minutes"
    INVITEES = "invitees"
    CHANNEL = "channel"
    WHERE = "where"
    REPEATS = "repeats"
    ENDS = "ends"
    REMINDER = "reminder"
