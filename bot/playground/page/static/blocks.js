// Slack's blocks as DOM: a pure function of blocks and context, and the bringing up to date that spares what is being typed.
import { arrange, el, idOf, icon, same } from "./dom.js";
import { isGroup, refreshElement, renderElement, renderImage, renderUnknown } from "./elements.js";
import { linkTo } from "./entities.js";
import { renderMarkdown } from "./markdown.js";
import { renderMrkdwn, renderPlain, renderText } from "./mrkdwn.js";
import { renderRichText } from "./rich_text.js";
import { newScope } from "./scope.js";

export { renderMrkdwn, renderPlain };

const ROUND = "M10 1.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4Z";
const BANG = "M10 2 18.7 17.5H1.3L10 2Zm-.8 5.5.3 5h1l.3-5H9.2Zm.8 6.3a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.800Z";
const TICK = `${ROUND}m-1.3 11.9L5.2 10.2l1.3-1.3 2.2 2.2 4.8-4.8 1.3 1.3-6.1 6.1Z`;
const LETTER = `${ROUND}m-.9 3.7h1.8v1.8H9.1V5.5Zm0 3.3h1.8v5.7H9.1V8.8Z`;
const SIGNS = { warning: BANG, error: BANG, success: TICK };
const LEVELS = { info: "Information", warning: "Warning", error: "Error", success: "Success" };

// What each node shows, to compare with what it is to show next.
const entries = new WeakMap();

/** The blocks as nodes. Pure: the same blocks and context give the same nodes. */
export function renderBlocks(blocks, context) {
  const shown = document.createDocumentFragment();
  shown.append(...listed(blocks).map((block) => newEntry(block, context).node));
  return shown;
}

/** Brings what `renderBlocks` put into `container` up to date; focus, caret and what is being typed stay. */
export function updateBlocks(container, blocks, context) {
  const before = [...container.children].map((node) => entries.get(node)).filter(Boolean);
  const focus = focusWithin(container);
  const nodes = listed(blocks).map((block) => {
    const at = before.findIndex((one) => one.block.block_id === block.block_id && one.block.type === block.type);
    const [entry] = at < 0 ? [] : before.splice(at, 1);
    return entry && refreshed(entry, block, context) ? entry.node : newEntry(block, context).node;
  });
  arrange(container, nodes);
  bringBack(container, focus);
}

function newEntry(block, context) {
  const node = el("div", { class: `b-block b-block-${LIVE[block.type] || STILL[block.type] ? block.type : "other"}`, "data-block-id": block.block_id });
  const entry = { block, context, node, scopes: [], still: null };
  if (LIVE[block.type]) LIVE[block.type](entry);
  else fill(node, stillOf(block, context));
  entries.set(node, entry);
  return entry;
}

// A block with nothing to use in it is drawn again and put in only where it differs, so that dates and names keep up.
function refreshed(entry, block, context) {
  const unchanged = same(entry.block, block);
  Object.assign(entry, { block, context });
  if (LIVE[block.type]) LIVE[block.type](entry);
  else if (!unchanged || !PICTURED.has(block.type)) fill(entry.node, stillOf(block, context));
  return true;
}

function fill(node, children) {
  const now = [...node.childNodes];
  if (now.length === children.length && now.every((child, at) => child.isEqualNode(children[at]))) return;
  node.replaceChildren(...children);
}

const stillOf = (block, context) => (STILL[block.type] ?? unknown)(block, context);
const unknown = (block) => [renderUnknown(`unknown block: ${block.type}`)];

const PICTURED = new Set(["image", "context"]);
const STILL = {
  header: (block) => [el("h3", { dir: "auto" }, renderPlain(block.text))],
  divider: () => [el("hr")],
  context: (block, context) => listed(block.elements).map((one) =>
    one.type === "image" ? renderImage(one, "b-context-image") : el("div", { class: "b-text", dir: "auto" }, renderText(one, context))),
  image: (block) => [
    block.title ? el("div", { class: "b-image-title", dir: "auto" }, renderPlain(block.title)) : null,
    renderImage(block, "b-picture"),
  ].filter(Boolean),
  rich_text: (block, context) => renderRichText(block, context),
  markdown: (block) => [el("div", { class: "b-text b-markdown", dir: "auto" }, renderMarkdown(String(block.text ?? "")))],
  alert: (block, context) => [alertOf(block, context)],
  call: (block) => [callOf(block)],
};

function alertOf(block, context) {
  const level = block.level in LEVELS ? block.level : "default";
  const sign = icon(SIGNS[level] ?? LETTER, level);
  const said = level === "default" ? null : el("span", { class: "b-unseen" }, `${LEVELS[level]}: `);
  const role = level === "error" || level === "warning" ? "alert" : "status";
  return el("div", { class: `b-alert-box b-alert-${level}`, role }, sign, el("div", { class: "b-text", dir: "auto" }, said, renderText(block.text, context)));
}

function callOf(block) {
  const call = block.call?.v1 ?? {};
  const people = listed(call.active_participants).length;
  const going = people ? `${people} in the call` : call.display_id ? `Meeting ID: ${call.display_id}` : "A call";
  const about = call.date_end ? "This call has ended" : going;
  const join = call.join_url && !call.date_end ? linkTo(call.join_url, "Join") : null;
  join?.classList.add("b-button", "b-button-primary");
  const name = el("strong", {}, el("bdi", {}, call.name || "Call"));
  return el("div", { class: "b-call-box" }, el("div", { class: "b-call-words" }, name, el("span", {}, about)), join);
}

const LIVE = { section, actions, input };

function section(entry) {
  const { block, context, node } = entry;
  const textId = idOf(context.idPrefix, block.block_id, "words");
  const words = el("div", { class: "b-section-words" });
  if (block.text) words.append(el("div", { class: "b-text", dir: "auto", id: textId }, renderText(block.text, context)));
  if (block.fields?.length) {
    words.append(el("div", { class: "b-fields" }, ...block.fields.map((one) => el("div", { class: "b-text", dir: "auto" }, renderText(one, context)))));
  }
  const standing = node.firstElementChild;
  if (standing) fill(standing, [...words.childNodes]);
  else node.append(words);
  const accessories = elementNodes(entry, block.accessory ? [block.accessory] : [], (scope) => (scope.labelId = block.text ? textId : null));
  const holder = node.children[1] ?? node.appendChild(el("div", { class: "b-accessory" }));
  arrange(holder, accessories);
  holder.hidden = accessories.length === 0;
}

function actions(entry) {
  arrange(entry.node, elementNodes(entry, listed(entry.block.elements), () => {}));
}

function input(entry) {
  const { block, context, node } = entry;
  const id = idOf(context.idPrefix, block.block_id, block.element?.action_id);
  const [labelId, errorId, hintId] = ["label", "error", "hint"].map((part) => `${id}--${part}`);
  const error = context.errors?.[block.block_id];
  const hint = block.hint ? el("div", { class: "b-hint", id: hintId, dir: "auto" }, renderPlain(block.hint)) : null;
  const nodes = elementNodes(entry, [block.element ?? { type: "nothing" }], (scope) => {
    Object.assign(scope, { labelId, invalid: Boolean(error), described: [error && errorId, block.hint && hintId] });
  });
  const tag = isGroup(block.element ?? {}) ? "span" : "label";
  const optional = block.optional ? el("span", { class: "b-optional" }, " (optional)") : null;
  const label = el(tag, { class: "b-label", id: labelId, for: tag === "label" ? id : null, dir: "auto" }, renderPlain(block.label), optional);
  const trouble = error ? el("div", { class: "b-error", id: errorId, role: "alert", dir: "auto" }, icon(BANG, "error"), el("span", {}, error)) : null;
  const standing = [...node.children];
  const settled = [label, trouble, hint].filter(Boolean).map((one) => standing.find((old) => old.isEqualNode(one)) ?? one);
  const after = settled.slice(1);
  arrange(node, [settled[0], ...nodes, ...after]);
  node.classList.toggle("b-input-wrong", Boolean(error));
}

// The nodes of a block's elements: those with the same type and action id stay, and are brought up to date.
function elementNodes(entry, elements, prepare) {
  const before = entry.scopes;
  entry.scopes = [];
  return elements.map((element) => {
    const at = before.findIndex((one) => one.element.type === element.type && one.element.action_id === element.action_id);
    const scope = at < 0 ? newScope(entry.block, element, entry.context) : before.splice(at, 1)[0];
    prepare(scope);
    entry.scopes.push(scope);
    return at < 0 ? renderElement(scope) : refreshElement(scope, entry.block, element, entry.context);
  });
}

function focusWithin(container) {
  const node = document.activeElement;
  if (!node || !container.contains(node)) return null;
  const { blockId, actionId } = node.dataset;
  const caret = typeof node.selectionStart === "number" ? [node.selectionStart, node.selectionEnd] : null;
  return { node, id: node.id, blockId, actionId, caret };
}

// Where what had the focus is gone, the one that took its place has it.
function bringBack(container, focus) {
  if (focus === null || container.contains(document.activeElement)) return;
  const all = [...container.querySelectorAll("[data-action-id]")];
  const heir = focus.node.isConnected ? focus.node
    : (all.find((one) => one.id === focus.id) ?? all.find((one) => one.dataset.blockId === focus.blockId && one.dataset.actionId === focus.actionId));
  heir?.focus({ preventScroll: true });
  if (heir && focus.caret && typeof heir.selectionStart === "number") heir.setSelectionRange(...focus.caret);
}

function listed(value) {
  return Array.isArray(value) ? value.filter((one) => one && typeof one === "object") : [];
}
