"""The dialogs "Plan and licences": the workspace's terms, the licences of people, and a list that is pasted."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import Action, AdminField, Callback
from bot.rules import Licence, Plan
from bot.services.administration import LicencesSaved, TermsSaved, TermsWish, WorkspaceSeen
from bot.services.licence_lists import DEFAULT, LICENCES, Bad, ranges
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import BlockDict, View
from bot.views.form import held, shown_input, typed
from bot.views.mrkdwn import Mrkdwn, mention, say

MOST_PEOPLE = 100
MOST_TYPED = 3000
MOST_NAMED = 20
"""People who are named after a change; the others are counted."""
MOST_SAID = 1800
"""Characters beneath a field."""
PLANS: Mapping[str, Plan | None] = {DEFAULT: None, **{each.value: each for each in Plan}}


def members_modal(seen: WorkspaceSeen, file_url: str, t: Translator) -> View:
    """Plan and default licence, and the ways to the licences of members."""
    ways = [
        blocks.button(t("admin.members.people"), Action.ADMIN_LICENCES),
        blocks.button(t("admin.members.list"), Action.ADMIN_LICENCE_LIST),
        blocks.link_button(t("admin.members.file"), Action.ADMIN_MEMBERS_FILE, file_url),
    ]
    plans = {name: _named_plan(plan, seen, t) for name, plan in PLANS.items()}
    return blocks.modal(
        Callback.ADMIN_MEMBERS,
        title=t("admin.members.title"),
        close=t("modal.done"),
        submit=blocks.plain(t("modal.save")),
        blocks=[
            _select(AdminField.PLAN, "admin.members.plan", plans, seen.plan or DEFAULT, t),
            _select(
                AdminField.DEFAULT_LICENCE,
                "admin.members.licence",
                _licences(seen.default_licence, t),
                seen.licence or DEFAULT,
                t,
            ),
            blocks.context(say(t, "admin.members.kept")),
            {"type": "divider"},
            blocks.section(Mrkdwn(t.many("admin.members.count", seen.members))),
            blocks.actions(ways),
            blocks.context(say(t, "admin.members.file.lasts")),
        ],
    )


def read_members_modal(view: Mapping[str, Any]) -> TermsWish:
    """What was asked for in a submitted dialog. A field that was left as it was shown says nothing."""
    plan, licence = _chosen(view, AdminField.PLAN), _chosen(view, AdminField.DEFAULT_LICENCE)
    return TermsWish(
        plan=(PLANS[plan],) if plan is not None and plan in PLANS else (),
        licence=(LICENCES[licence],) if licence is not None and licence in LICENCES else (),
    )


def members_modal_saved(saved: TermsSaved, t: Translator) -> View:
    """The dialog after Save: what is another thing now, and what that means. Nothing more is saved in it."""
    lines = [say(t, "admin.members.saved" if saved.changed else "admin.members.saved.same")]
    if saved.plan:
        lines.append(say(t, "admin.members.saved.plan", plan=t(f"plan.name.{saved.seen.plan_now}")))
    if saved.licence:
        lines.append(say(t, "admin.members.saved.licence", licence=t(f"licence.name.{saved.seen.licence_now}")))
    return blocks.modal(
        Callback.ADMIN_MEMBERS,
        title=t("admin.members.title"),
        close=t("modal.done"),
        blocks=[
            blocks.section(Mrkdwn("\n".join(lines))),
            *([blocks.context(say(t, "admin.members.kept"))] if saved.changed else []),
        ],
    )


def licences_modal(seen: WorkspaceSeen, t: Translator) -> View:
    """Some people, and the licence that they are to have."""
    people = {
        "type": "multi_users_select",
        "action_id": AdminField.LICENCE_PEOPLE,
        "placeholder": blocks.plain(t("admin.licences.people.placeholder")),
        "max_selected_items": MOST_PEOPLE,
    }
    return blocks.modal(
        Callback.ADMIN_LICENCES,
        title=t("admin.licences.title"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        blocks=[
            _input(AdminField.LICENCE_PEOPLE, "admin.licences.people", people, t),
            _select(AdminField.LICENCE, "admin.licences.licence", _licences(seen.licence_now, t), None, t),
            blocks.context(say(t, "admin.members.kept")),
        ],
    )


def read_licences_modal(view: Mapping[str, Any]) -> Mapping[str, Licence | None]:
    """The licence for each of the people; nobody where the dialog did not say which."""
    state = held(view, AdminField.LICENCE_PEOPLE, AdminField.LICENCE_PEOPLE, "selected_users")
    users = state[0] if state is not None and isinstance(state[0], list) else []
    licence = _selected(view, AdminField.LICENCE)
    if licence is None or licence not in LICENCES:
        return {}
    return {user: LICENCES[licence] for user in users[:MOST_PEOPLE] if isinstance(user, str)}


def licence_list_modal(t: Translator) -> View:
    """A field for a list."""
    text = {
        "type": "plain_text_input",
        "action_id": AdminField.LICENCE_LIST,
        "multiline": True,
        "max_length": MOST_TYPED,
        "placeholder": blocks.plain(t("admin.list.placeholder")),
    }
    hint = {"hint": blocks.plain(t("admin.list.hint"))}
    return blocks.modal(
        Callback.ADMIN_LICENCE_LIST,
        title=t("admin.list.title"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        blocks=[
            _input(AdminField.LICENCE_LIST, "admin.list.label", text, t) | hint,
            blocks.context(say(t, "admin.members.kept")),
        ],
    )


def read_licence_list_modal(view: Mapping[str, Any]) -> str:
    """What was pasted."""
    return typed(view, AdminField.LICENCE_LIST, AdminField.LICENCE_LIST) or ""


def licences_saved(callback: Callback, saved: LicencesSaved, t: Translator) -> View:
    """The dialog after Save: whose licence is another now."""
    if not saved.changed:
        lines = [say(t, "admin.licences.same")]
    else:
        named = ", ".join(mention(user) for user in saved.changed[:MOST_NAMED])
        more = len(saved.changed) - MOST_NAMED
        lines = [Mrkdwn(t.many("admin.licences.saved", len(saved.changed))), Mrkdwn(named)]
        if more > 0:
            lines.append(Mrkdwn(t.many("admin.licences.more", more)))
        lines.append(say(t, "admin.members.kept"))
    return blocks.modal(
        callback,
        title=t("admin.licences.title"),
        close=t("modal.done"),
        blocks=[blocks.section(Mrkdwn("\n".join(lines)))],
    )


def people_away(names: Sequence[str], count: int, t: Translator) -> str:
    """Who of the people has no room, as plain text beneath the field."""
    shown = ", ".join(names) if len(names) == count else t("admin.licences.away.more", names=", ".join(names))
    return t("admin.licences.away", names=shown)


def lines_wrong(bad: Mapping[Bad, Sequence[int]], t: Translator) -> str:
    """Every line of a list that is wrong, by what is wrong with it; what to do where there is no line at all."""
    if not bad:
        return t("admin.list.empty")
    said = [t(f"admin.list.bad.{why}", lines=ranges(numbers)) for why, numbers in bad.items()]
    text = " ".join([*said, t("admin.list.nothing")])
    return text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}..."


def _named_plan(plan: Plan | None, seen: WorkspaceSeen, t: Translator) -> str:
    name = t(f"plan.name.{plan or seen.default_plan}")
    return name if plan is not None else t("admin.members.default", name=name)


def _licences(default: Licence, t: Translator) -> Mapping[str, str]:
    """The names of what can be chosen; `default` is what it stands for."""
    named = {name: t(f"licence.name.{licence or default}") for name, licence in LICENCES.items()}
    return named | {DEFAULT: t("admin.members.default", name=named[DEFAULT])}


def _select(field: AdminField, label: str, names: Mapping[str, str], chosen: str | None, t: Translator) -> BlockDict:
    options = {name: {"text": blocks.plain(shown), "value": name} for name, shown in names.items()}
    element: BlockDict = {"type": "static_select", "action_id": field, "options": list(options.values())}
    return _input(field, label, element | ({} if chosen is None else {"initial_option": options[chosen]}), t)


def _input(field: AdminField, label: str, element: BlockDict, t: Translator) -> BlockDict:
    return {"type": "input", "block_id": field, "label": blocks.plain(t(label)), "element": element}


def _chosen(view: Mapping[str, Any], field: AdminField) -> str | None:
    """What was chosen in a select that shows something; None where it was left as it was."""
    shown, now = shown_input(view, field), _selected(view, field)
    before = None if shown is None else _value(shown[1].get("initial_option"))
    return None if shown is None or now == before else now


def _selected(view: Mapping[str, Any], field: AdminField) -> str | None:
    state = held(view, field, field, "selected_option")
    return None if state is None else _value(state[0])


def _value(option: Any) -> str | None:
    value = option.get("value") if isinstance(option, dict) else None
    return value if isinstance(value, str) else None
