// Select menus: where their options come from, and what is told of a choice. The widget itself is in combobox.js.
import { plainWords } from "./emoji.js";
import { newCombobox } from "./combobox.js";
import { choose, held, newEcho } from "./scope.js";

const TYPE = /^(multi_)?(static|external|users|conversations|channels)_select$/;
const SINGULAR = { static: "option", external: "option", users: "user", conversations: "conversation", channels: "channel" };
const ASKS = { static: "an option", external: "an option", users: "a person", conversations: "a conversation", channels: "a channel" };
const SEVERAL = { static: "options", external: "options", users: "people", conversations: "conversations", channels: "channels" };
// Slack asks an app for options once this many characters are typed, if the app does not say otherwise.
const QUERY_LENGTH = 3;

export const isMenu = (element) => TYPE.test(element.type);

/** A menu: one option or several, the app's own, or people and places of the workspace. */
export function renderMenu(scope) {
  const { type } = scope.element;
  const [, multi, source] = TYPE.exec(type);
  const several = Boolean(multi);
  const echo = newEcho(valuesOf(scope));
  const box = newCombobox(scope, {
    several,
    placeholder: () => plainWords(scope.element.placeholder) || `Select ${several ? SEVERAL[source] : ASKS[source]}`,
    groups: () => groupsOf(source, scope),
    ask: source === "external" ? (query) => asked(scope, query) : null,
    shortest: () => scope.element.min_query_length ?? QUERY_LENGTH,
    most: () => (several ? (scope.element.max_selected_items ?? Infinity) : 1),
    canBeEmpty: () => several || (scope.block.type === "input" && Boolean(scope.block.optional)),
    tell: async (options) => {
      const values = options.map((option) => option.value);
      echo.tell(values);
      const key = SINGULAR[source] + (several ? "s" : "");
      if (!(await choose(scope, { [key]: several ? values : (values[0] ?? null) }))) box.show(chosen(source, scope));
    },
  });
  scope.refresh = () => {
    if (scope.element.type !== type) return false;
    const values = valuesOf(scope);
    box.refresh(echo.isNews(values) ? chosen(source, scope) : null);
    return true;
  };
  box.show(chosen(source, scope));
  return box.node;
}

function groupsOf(source, scope) {
  if (source === "static") return grouped(scope.element);
  if (source === "users") return [{ options: people(scope.context) }];
  return [{ options: places(source, scope) }];
}

async function asked(scope, query) {
  const answer = (await scope.context.suggest(scope.block, scope.element, query)) ?? {};
  return grouped(answer);
}

function grouped(holder) {
  const groups = holder.option_groups?.length ? holder.option_groups : [{ options: holder.options ?? [] }];
  return groups.map((group) => ({ label: group.label && plainWords(group.label), options: (group.options ?? []).map(optionOf) }));
}

function optionOf(option) {
  return { value: option.value, label: plainWords(option.text), more: option.description ? plainWords(option.description) : "" };
}

function people(context) {
  const all = Object.entries(context.users ?? {}).filter(([, user]) => !user.deleted);
  return all.map(([id]) => personOf(id, context)).sort((one, other) => one.label.localeCompare(other.label));
}

function personOf(id, context) {
  const user = context.users?.[id];
  const label = user?.real_name || user?.name || id;
  const mine = id === (context.me?.id ?? context.me) ? "you" : "";
  const more = [user?.name && user.name !== label ? user.name : "", mine, user?.is_bot ? "app" : "", user?.outside ? "outside the workspace" : ""];
  return { value: id, label, more: more.filter(Boolean).join(" · ") };
}

function places(source, scope) {
  const { channels = [] } = scope.context;
  const filter = source === "channels" ? { include: ["public"] } : (scope.element.filter ?? {});
  const kinds = { channel: "public", private: "private", im: "im", mpim: "mpim" };
  const fits = (one) =>
    !one.archived &&
    (filter.include?.length ? filter.include.includes(kinds[one.kind]) : true) &&
    !(filter.exclude_external_shared_channels && one.shared);
  const found = channels.filter(fits).map((one) => placeOf(one.id, scope.context));
  const wantsPeople = source === "conversations" && (filter.include?.length ? filter.include.includes("im") : true);
  const without = (one) => !(filter.exclude_bot_users && scope.context.users?.[one.value]?.is_bot);
  return wantsPeople ? [...found, ...people(scope.context).filter(without)] : found;
}

function placeOf(id, context) {
  const known = (context.channels ?? []).find((one) => one.id === id);
  if (!known) return context.users?.[id] ? personOf(id, context) : { value: id, label: id, more: "" };
  const more = [known.kind === "private" ? "private" : "", known.shared ? "shared" : ""];
  return { value: id, label: known.kind === "im" ? known.name : `#${known.name}`, more: more.filter(Boolean).join(" · ") };
}

function chosen(source, scope) {
  const value = held(scope);
  const several = Array.isArray(value) ? value : value ? [value] : [];
  if (SINGULAR[source] === "option") return several.map(optionOf);
  return several.map((id) => (source === "users" ? personOf(id, scope.context) : placeOf(id, scope.context)));
}

function valuesOf(scope) {
  const value = held(scope);
  return (Array.isArray(value) ? value : value ? [value] : []).map((one) => one?.value ?? one);
}
