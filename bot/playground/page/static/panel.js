// Behind the curtain: every request in both directions, and the switches for faults.

import { CallRow } from "./call.js";
import { el, iconButton, renew } from "./nodes.js";
import { Faults } from "./faults.js";
import { keep, recall } from "./kept.js";

const KEY = "playground-panel";
const TABS = [["requests", "Requests"], ["faults", "Faults"]];

export class Panel {
  constructor(app, node) {
    this.app = app;
    this.node = node;
    this.rows = new Map();
    this.faults = new Faults(app);
    this.tab = "requests";
    this.tabs = el("div", { class: "p-tabs", role: "tablist", "aria-label": "Behind the curtain" });
    this.only = el("select", { class: "p-select", "aria-label": "Which requests", on: { change: () => this.#show() } },
      el("option", { value: "" }, "Both directions"),
      el("option", { value: "to_app" }, "Slack asks the app"),
      el("option", { value: "from_app" }, "The app asks Slack"));
    this.count = el("span", { class: "p-panel__count", role: "status" });
    this.list = el("ol", { class: "p-calls", role: "list" });
    this.empty = el("p", { class: "p-panel__empty" }, "Nothing yet. Type a command, and see here what Slack sends and what the app answers.");
    this.requests = el("div", { class: "p-panel__page", id: "p-panel-requests", role: "tabpanel", "aria-labelledby": "p-panel-tab-requests" },
      el("div", { class: "p-panel__filter" }, this.only, this.count), this.empty, this.list);
    this.faults.node.id = "p-panel-faults";
    node.append(
      el("div", { class: "p-panel__head" }, el("h2", null, "Behind the curtain"),
        iconButton("close", "Close the panel", { on: { click: () => this.toggle(false) } })),
      this.tabs, this.requests, this.faults.node);
    this.tabs.addEventListener("keydown", (event) => this.#keys(event));
    node.addEventListener("keydown", (event) => this.#escape(event));
    app.store.addEventListener("call", () => this.#soon());
    app.store.addEventListener("connection", () => app.store.connected && this.#soon());
    this.#showTab();
    if (recall("sessionStorage", KEY) === "open" && window.innerWidth >= 900) this.#setOpen(true);
  }

  toggle(open = this.node.hidden) {
    this.#setOpen(open);
    keep("sessionStorage", KEY, open ? "open" : "closed");
    if (open) this.tabs.querySelector("[aria-selected=true]").focus();
    else document.getElementById("p-curtain").focus();
  }

  get hasFocus() {
    return this.node.contains(document.activeElement);
  }

  #setOpen(open) {
    this.node.hidden = !open;
    this.app.modals.alone(!open);
    document.body.classList.toggle("p-curtain-open", open);
    document.getElementById("p-curtain")?.setAttribute("aria-expanded", String(open));
    if (open) this.#show();
  }

  // Several calls in a moment are drawn once.
  #soon() {
    this.faults.soon();
    if (this.node.hidden || this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = null;
      this.#show();
    });
  }

  #show() {
    const calls = [...this.app.store.calls.values()].filter((call) => !this.only.value || call.direction === this.only.value);
    calls.sort((one, other) => other.id - one.id);
    const kept = new Set(calls.map((call) => call.id));
    for (const [id, row] of this.rows) {
      if (kept.has(id)) continue;
      row.node.remove();
      this.rows.delete(id);
    }
    let at = this.list.firstElementChild;
    for (const call of calls) {
      const row = this.rows.get(call.id) ?? new CallRow(this.app, call);
      this.rows.set(call.id, row);
      row.update(call);
      if (row.node === at) at = at.nextElementSibling;
      else this.list.insertBefore(row.node, at);
    }
    this.empty.hidden = calls.length > 0;
    const words = calls.length === 1 ? "1 request" : `${calls.length} requests`;
    renew(this.count, words, () => [words]);
  }

  #showTab() {
    const focused = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(...TABS.map(([id, label]) => el("button", {
      type: "button", class: "p-tab", role: "tab", id: `p-panel-tab-${id}`, "aria-controls": `p-panel-${id}`,
      "aria-selected": String(this.tab === id), tabindex: this.tab === id ? "0" : "-1",
      on: { click: () => this.#choose(id) },
    }, label)));
    this.requests.hidden = this.tab !== "requests";
    this.faults.node.hidden = this.tab !== "faults";
    if (focused) this.tabs.querySelector("[aria-selected=true]").focus();
  }

  #choose(id) {
    this.tab = id;
    this.#showTab();
    if (id === "faults") this.faults.refresh();
  }

  #keys(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    this.#choose(this.tab === "requests" ? "faults" : "requests");
  }

  #escape(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.toggle(false);
  }
}
