// Rich text blocks: sections, lists, quotations and preformatted text, as Slack's composer writes them.
import { el } from "./dom.js";
import { emojiSign } from "./emoji.js";
import { broadcastMention, channelMention, dateNode, linkTo, userMention } from "./entities.js";

const STYLES = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"], ["highlight", "mark"]];
const DEEPEST_INDENT = 8;

/** A rich text block's parts, in order. */
export function renderRichText(block, context) {
  return (block.elements ?? []).map((part) => partOf(part, context));
}

function partOf(part, context) {
  if (part.type === "rich_text_list") return listOf(part, context);
  const inner = (part.elements ?? []).map((one) => inlineOf(one, context));
  if (part.type === "rich_text_section") return el("div", { class: "b-rich", dir: "auto" }, ...inner);
  if (part.type === "rich_text_quote") return el("blockquote", { class: "b-quote", dir: "auto" }, ...inner);
  if (part.type === "rich_text_preformatted") return el("pre", { class: "b-pre", dir: "auto" }, ...inner);
  return el("div", { class: "b-unknown" }, `unknown rich text: ${part.type}`);
}

function listOf(part, context) {
  const indent = Math.min(Math.max(Number(part.indent) || 0, 0), DEEPEST_INDENT);
  const ordered = part.style === "ordered";
  const quoted = part.border ? " b-list-quoted" : "";
  const items = (part.elements ?? []).map((one) =>
    el("li", { dir: "auto" }, ...(one.elements ?? []).map((each) => inlineOf(each, context))),
  );
  const start = ordered && part.offset ? Number(part.offset) + 1 : null;
  return el(ordered ? "ol" : "ul", { class: `b-list b-indent-${indent} b-marks-${indent % 3}${quoted}`, start }, ...items);
}

function inlineOf(one, context) {
  let node = plainOf(one, context);
  for (const [style, tag] of STYLES) {
    if (one.style?.[style]) node = el(tag, tag === "code" ? { class: "b-code" } : {}, node);
  }
  return node;
}

function plainOf(one, context) {
  switch (one.type) {
    case "text": return document.createTextNode(one.text ?? "");
    case "link": return linkTo(String(one.url ?? ""), one.text || undefined);
    case "user": return userMention(one.user_id, undefined, context);
    case "channel": return channelMention(one.channel_id, undefined, context);
    case "usergroup": return broadcastMention("group");
    case "broadcast": return broadcastMention(one.range);
    case "emoji": return document.createTextNode(emojiOf(one));
    case "date": return dateNode(one.timestamp, String(one.format ?? ""), one.url, one.fallback, context);
    case "color": return colorOf(String(one.value ?? ""));
    case "team": return el("bdi", {}, one.team_id);
    default: return el("span", { class: "b-unknown" }, `unknown rich text: ${one.type}`);
  }
}

function emojiOf(one) {
  const codes = String(one.unicode ?? "").split("-").map((code) => Number.parseInt(code, 16));
  const known = emojiSign(one.name, one.skin_tone);
  if (known !== undefined) return known;
  return codes.every((code) => code > 0 && code <= 0x10ffff) ? String.fromCodePoint(...codes) : `:${one.name}:`;
}

function colorOf(value) {
  const sample = el("span", { class: "b-color-sample", "aria-hidden": "true" });
  if (/^#[0-9a-f]{3,8}$/i.test(value)) sample.style.backgroundColor = value;
  return el("span", { class: "b-color" }, sample, value);
}
