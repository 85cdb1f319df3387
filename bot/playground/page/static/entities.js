// What stands between < and > in Slack's texts: people, channels, broadcasts, dates and links.
import { dateWords } from "./dates.js";
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";

// A link leads only where one of these begins it: no script, no data, nothing of this page's own.
const SAFE = /^(?:https?:\/\/[^\s]|mailto:[^\s]|tel:[^\s])/i;
const BROADCASTS = new Set(["here", "channel", "everyone"]);
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Whether a link may lead to this address. */
export function isSafe(url) {
  return typeof url === "string" && SAFE.test(url) && !/[\u0000-\u001F\u007F]/.test(url);
}

/** The text with Slack's three entities as the characters that they stand for. */
export function unescaped(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** A link that opens in a tab of its own; the words alone where the address is not safe to follow. */
export function linkTo(url, words) {
  const shown = words ?? url.replace(/^(?:mailto|tel):/i, "");
  if (!isSafe(url)) return el("bdi", {}, shown);
  return el("a", { href: url, class: "b-link", target: "_blank", rel: "noopener noreferrer" }, el("bdi", {}, shown));
}

/** Somebody by the name that people see; `label` where nobody of this id is known. */
export function userMention(id, label, context) {
  const known = context.users?.[id];
  const mine = id === (context.me?.id ?? context.me) ? " b-mention-me" : "";
  return mention(`@${known?.name || known?.real_name || label || "unknown"}`, `b-mention b-mention-user${mine}`);
}

/** A channel by its name. */
export function channelMention(id, label, context) {
  const known = (context.channels ?? []).find((one) => one.id === id);
  const name = known?.name || label;
  return mention(known?.kind === "im" ? name : `#${name || "unknown-channel"}`, "b-mention b-mention-channel");
}

/** A call to everybody in a channel, or to a group. */
export function broadcastMention(range) {
  return mention(`@${range}`, "b-mention b-mention-broadcast");
}

/** A moment in the reader's zone, a link if there is an address; the fallback where it cannot be said. */
export function dateNode(seconds, format, url, fallback, context) {
  const words = dateWords(seconds, format, context) ?? fallback ?? "";
  if (url && isSafe(url)) return linkTo(url, words);
  const moment = new Date(Number(seconds) * 1000);
  return el("time", { datetime: Number.isNaN(moment.getTime()) ? null : moment.toISOString() }, words);
}

/** What `<inner>` means; null where it means nothing, and is to be shown as it stands. */
export function entityNode(inner, context) {
  const bar = inner.indexOf("|");
  const what = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : unescaped(inner.slice(bar + 1));
  if (/^@[UW][A-Z0-9]+$/.test(what)) return userMention(what.slice(1), label, context);
  if (/^#[CGD][A-Z0-9]+$/.test(what)) return channelMention(what.slice(1), label, context);
  if (what.startsWith("!")) return commandNode(what.slice(1), label, context);
  const url = unescaped(what);
  return isSafe(url) ? linkTo(url, label ? withEmoji(label) : undefined) : null;
}

function commandNode(command, label, context) {
  if (BROADCASTS.has(command)) return broadcastMention(command);
  if (/^subteam\^S[A-Z0-9]+$/.test(command)) return mention(`@${(label ?? "group").replace(/^@/, "")}`, "b-mention b-mention-group");
  const date = /^date\^(-?\d+)\^([^^]*)(?:\^(.+))?$/.exec(command);
  if (date) return dateNode(date[1], unescaped(date[2]), date[3] && unescaped(date[3]), label, context);
  return label === undefined ? null : el("bdi", {}, label);
}

function mention(words, classes) {
  return el("span", { class: classes }, el("bdi", {}, words));
}
