// The stack of dialogs: the top one is shown, the rest of Slack waits. Everything in it comes from snapshots.

import { el } from "./nodes.js";
import { firstField, fieldOf, keepInside } from "./focus.js";
import { ModalView } from "./modal_view.js";

export class Modals {
  constructor(app, overlay, behind) {
    this.app = app;
    this.overlay = overlay;
    this.behind = behind;
    this.views = new Map();
    this.top = null;
    this.before = null;
    this.node = el("div", { class: "p-modal", role: "dialog", "aria-modal": "true", "aria-labelledby": "p-modal-title", id: "p-modal", "data-region": true, tabindex: "-1" });
    overlay.append(this.node);
    this.node.addEventListener("keydown", (event) => this.#keys(event));
    overlay.addEventListener("pointerdown", (event) => event.target === overlay && event.preventDefault());
  }

  // Beside the open panel the dialog is not the only thing that can be used.
  alone(alone) {
    this.node.setAttribute("aria-modal", String(alone));
  }

  get isOpen() {
    return this.top !== null;
  }

  update(state) {
    const view = state.modals.at(-1) ?? null;
    for (const [id, shown] of this.views) {
      if (state.modals.some((one) => one.id === id)) continue;
      this.views.delete(id);
      shown.node.remove();
    }
    if (!view) {
      if (this.top) this.#leave();
      return;
    }
    const opened = this.top === null;
    if (opened) this.#enter();
    const arrived = this.top !== view.id;
    const shown = this.views.get(view.id) ?? this.#make(view);
    this.top = view.id;
    const fresh = shown.update(state, view, state.modals.length);
    for (const one of this.views.values()) {
      one.node.hidden = one !== shown;
      one.title.id = one === shown ? "p-modal-title" : "";
    }
    if (arrived && !this.app.panel?.hasFocus) this.#focus(shown, view, fresh);
    else if (!this.node.contains(document.activeElement) && this.lostFocus()) shown.focusTitle();
  }

  // Whether what had the focus is gone, so that nobody would take it away from where it went.
  lostFocus() {
    return document.activeElement === document.body || document.activeElement === null;
  }

  async submit(shown) {
    if (shown.waiting) return;
    shown.wait(true);
    const before = shown.view.hash;
    const answer = await this.app.acts.submit(shown.view);
    shown.wait(false);
    if (this.top === shown.view.id && shown.view.hash !== before) this.app.announce(shown.words);
    if (answer.error && answer.status !== 409) shown.fail(answer.error);
    else if (answer.failure) shown.fail("", answer.failure);
    this.#focusFirstWrong(shown);
    if (this.top === shown.view.id && !this.node.contains(document.activeElement)) shown.focusTitle();
  }

  async close(shown, everything = false) {
    if (shown.closing) return;
    shown.closing = true;
    const answer = await this.app.acts.close(shown.view, everything);
    shown.closing = false;
    if (answer.error && answer.status !== 409) shown.fail(answer.error);
  }

  #make(view) {
    const shown = new ModalView(this.app, view, {
      submit: () => this.submit(shown),
      close: () => this.close(shown),
      closeAll: () => this.close(shown, true),
    });
    this.views.set(view.id, shown);
    this.node.append(shown.node);
    return shown;
  }

  #enter() {
    this.before = document.activeElement;
    this.overlay.hidden = false;
    this.behind.inert = true;
  }

  #leave() {
    this.top = null;
    const had = this.node.contains(document.activeElement) || this.lostFocus();
    this.overlay.hidden = true;
    this.behind.inert = false;
    if (!had) return;
    if (this.before?.isConnected && this.before !== document.body && !this.before.closest("[inert]")) this.before.focus();
    if (this.lostFocus()) this.app.pane.focus();
  }

  #focus(shown, view, fresh) {
    const wanted = view.blocks.find((block) => (block.element ?? block.accessory)?.focus_on_load);
    const field = fresh && wanted ? fieldOf(shown.body, wanted.block_id) : firstField(shown.body);
    if (this.#focusFirstWrong(shown)) return;
    if (field) field.focus();
    else shown.focusTitle();
  }

  #focusFirstWrong(shown) {
    const { errors, blocks } = shown.view;
    const wrong = blocks.find((block) => errors?.[block.block_id]);
    if (!wrong || this.top !== shown.view.id) return false;
    const field = fieldOf(shown.body, wrong.block_id);
    field?.focus();
    return Boolean(field);
  }

  #keys(event) {
    const shown = this.views.get(this.top);
    if (!shown || event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.close(shown);
    } else if (event.key === "Enter" && shown.submitsBy(event)) {
      event.preventDefault();
      this.submit(shown);
    } else if (event.key === "Tab") keepInside(this.node, event);
  }
}
