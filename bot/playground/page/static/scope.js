// One interactive element in its place: what it holds, what it is called, what it tells. The elements are built on this.
import { idOf, same } from "./dom.js";
import { wordsOf } from "./mrkdwn.js";

/** The key under which `state.values` keeps what an element of this type holds, and where its first value is given. */
const KEPT = {
  plain_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  checkboxes: ["selected_options", "initial_options"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
};

/** An element, its block and the surface's context. `refresh` is set by whoever makes its node: false asks for a new one. */
export function newScope(block, element, context) {
  const id = idOf(context.idPrefix, block.block_id, element.action_id);
  return { block, element, context, id, described: [], invalid: false, labelId: null, node: null, refresh: () => false };
}

/** What the element holds: what Slack knows, else what it began with, else null. */
export function held(scope) {
  const [key, first] = KEPT[scope.element.type] ?? ["value", "initial_value"];
  const state = scope.context.values?.[scope.block.block_id]?.[scope.element.action_id];
  return (state === undefined ? scope.element[first] : state[key]) ?? null;
}

/** Tells what was chosen, after the element's own "are you sure"; false where the person thought better of it. */
export async function choose(scope, detail) {
  if (!(await confirmed(scope))) return false;
  scope.context.act("choose", scope.block, scope.element, detail);
  return true;
}

/** Asks the element's question, if it has one. */
export async function confirmed(scope, confirm = scope.element.confirm) {
  return confirm ? Boolean(await scope.context.confirm(confirm)) : true;
}

/** Whether the app wants to hear of this: `on_enter_pressed` or `on_character_entered`. */
export function hears(scope, trigger) {
  if (scope.block.type !== "input") return true;
  const triggers = scope.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return Boolean(scope.block.dispatch_action) && triggers.includes(trigger);
}

/** Whether the field must hold something before its dialog can be submitted. */
export function isRequired(scope) {
  return scope.block.type === "input" && !scope.block.optional;
}

/** The attributes of the one control that a label points at. */
export function controlAttributes(scope) {
  return {
    id: scope.id,
    "data-block-id": scope.block.block_id,
    "data-action-id": scope.element.action_id,
    "data-focus-on-load": Boolean(scope.element.focus_on_load),
    ...stateAttributes(scope),
  };
}

/** Those of its attributes that may change while it stays. */
export function stateAttributes(scope) {
  const spoken = scope.block.type === "input" ? null : nameOf(scope);
  return {
    "aria-describedby": scope.described.filter(Boolean).join(" ") || null,
    "aria-invalid": scope.invalid ? "true" : null,
    "aria-required": isRequired(scope) ? "true" : null,
    "aria-labelledby": spoken === null ? null : scope.labelId,
    "aria-label": scope.labelId ? null : spoken,
  };
}

/** What an element outside an input block is called. */
export function nameOf(scope) {
  const { element, context } = scope;
  return element.accessibility_label || wordsOf(element.placeholder, context) || KINDS[element.type] || "Choose";
}

const KINDS = {
  datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time", checkboxes: "Choices", radio_buttons: "Choices", overflow: "More actions",
};

/** The small box of what was told and has not been heard back yet, so that old news does not undo newer doings. */
export function newEcho(known) {
  let last = known;
  let told = [];
  return {
    tell(value) {
      told.push(value);
    },
    /** Whether this, from Slack, is news that the person did not make. */
    isNews(value) {
      if (same(value, last)) return false;
      last = value;
      const at = told.findLastIndex((one) => same(one, value));
      if (at < 0) told = [];
      else told = told.slice(at + 1);
      return at < 0;
    },
  };
}
