// One dialog of the stack: its title, its blocks, Slack's own words when the app failed, its buttons.

import { renderBlocks, updateBlocks } from "./blocks.js";
import { el, icon, iconButton, renew } from "./nodes.js";

const SINGLE_LINE = ["text", "email", "url", "number", "tel", "search"];

function wordsOf(text) {
  return typeof text === "string" ? text : text?.text ?? "";
}

// Slack tells the app of Enter in such a field, and submits nothing.
function tellsOfEnter(block) {
  if (!block?.dispatch_action) return false;
  return (block.element?.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes("on_enter_pressed");
}

export class ModalView {
  constructor(app, view, doing) {
    this.app = app;
    this.doing = doing;
    this.view = view;
    this.waiting = false;
    this.closing = false;
    this.hash = null;
    this.title = el("h2", { class: "p-modal__title", tabindex: "-1" });
    this.back = iconButton("back", "Back", { on: { click: doing.close }, hidden: true });
    this.head = el("div", { class: "p-modal__head" }, this.back, this.title,
      iconButton("close", "Close", { on: { click: doing.closeAll } }));
    this.blocks = el("div", { class: "p-modal__blocks" });
    this.trouble = el("div", { class: "p-modal__trouble", role: "alert" });
    this.body = el("div", { class: "p-modal__body" }, this.trouble, this.blocks);
    this.foot = el("div", { class: "p-modal__foot" });
    this.node = el("div", { class: "p-modal__view" }, this.head, this.body, this.foot);
    this.ownFailure = ["", ""];
  }

  // Shows the view as it is now; says whether it was not shown before.
  update(state, view, depth) {
    const first = this.hash === null;
    const context = this.app.contextFor("modal", { kind: "view", id: view.id }, view.values, view.errors, `v${view.id}`);
    this.view = view;
    if (this.hash !== view.hash) this.ownFailure = ["", ""];
    this.hash = view.hash;
    renew(this.title, wordsOf(view.title), () => [wordsOf(view.title)]);
    this.back.hidden = depth < 2;
    if (first) this.blocks.append(renderBlocks(view.blocks, context));
    else updateBlocks(this.blocks, view.blocks, context);
    this.#showFoot();
    this.#showTrouble();
    return first;
  }

  get words() {
    return this.blocks.innerText.replaceAll(/\s+/g, " ").trim().slice(0, 300);
  }

  focusTitle() {
    this.title.focus();
  }

  wait(waiting) {
    this.waiting = waiting;
    if (waiting) this.ownFailure = ["", ""];
    this.node.setAttribute("aria-busy", String(waiting));
    this.#showFoot();
    this.#showTrouble();
  }

  fail(words, slackWord = "") {
    this.ownFailure = [words, slackWord];
    this.#showTrouble();
  }

  // Enter submits from a field of one line, Ctrl or Command with Enter from any.
  submitsBy(event) {
    const { target } = event;
    if (!this.view.submit || event.shiftKey || event.altKey || event.repeat) return false;
    if (event.ctrlKey || event.metaKey) return true;
    if (!SINGLE_LINE.includes(target.type) || target.getAttribute("aria-expanded") === "true") return false;
    const id = target.closest("[data-block-id]")?.dataset.blockId;
    return !tellsOfEnter(this.view.blocks.find((block) => block.block_id === id));
  }

  #showFoot() {
    const { view, waiting } = this;
    const focused = this.foot.contains(document.activeElement) ? document.activeElement.dataset.does : "";
    const renewed = renew(this.foot, [view.submit, view.close, waiting], () => [
      el("button", { type: "button", class: "p-button", data: { does: "close" }, on: { click: this.doing.close } }, wordsOf(view.close) || "Close"),
      view.submit ? el("button", {
        type: "button", class: "p-button p-button--main", data: { does: "submit" }, "aria-disabled": String(waiting), on: { click: this.doing.submit },
      }, waiting ? el("span", { class: "p-spinner" }) : null, wordsOf(view.submit)) : null,
    ]);
    if (renewed && focused) this.foot.querySelector(`[data-does=${focused}]`)?.focus();
  }

  #showTrouble() {
    const [words, slackWord] = this.ownFailure;
    const said = this.waiting ? "" : words || this.view.failure;
    const detail = said && slackWord ? `What Slack calls it: ${slackWord}` : "";
    renew(this.trouble, [said, detail], () => (said
      ? [icon("warning"), el("div", null, el("p", null, said), detail ? el("p", { class: "p-modal__detail" }, detail) : null)]
      : []));
  }
}
