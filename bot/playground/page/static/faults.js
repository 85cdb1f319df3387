// Switches for faults: what Slack's Web API does on a bad day, and what the program around the playground offers.

import { el, iconButton, renew } from "./nodes.js";

const WORDS = {
  rate_limited: "429, too many requests",
  server_error: "500, server error",
  timeout: "never answers",
  reset: "breaks the connection",
  broken_json: "answers broken JSON",
  not_ok: "answers ok: false",
};
const FIRST = "views.open";
const PAUSE = 150;

function faultWords(fault) {
  const times = fault.times === 1 ? "once" : `${fault.times} times`;
  const word = fault.kind === "not_ok" && fault.error ? `answers ${fault.error}` : WORDS[fault.kind] ?? fault.kind;
  return `${fault.endpoint}: ${word} (${times})`;
}

export class Faults {
  constructor(app) {
    this.app = app;
    this.known = null;
    this.switches = el("div", { class: "p-faults__switches" });
    this.endpoint = el("select", { class: "p-select", id: "p-fault-endpoint" });
    this.kind = el("select", { class: "p-select", id: "p-fault-kind", on: { change: () => this.#arrange() } });
    this.times = el("input", { class: "p-input", id: "p-fault-times", type: "number", min: "1", max: "1000", value: "1" });
    this.retry = el("input", { class: "p-input", id: "p-fault-retry", type: "number", min: "0", max: "600", value: "1" });
    this.error = el("input", { class: "p-input", id: "p-fault-error", type: "text", value: "fatal_error", spellcheck: "false", maxlength: "80" });
    this.said = el("p", { class: "p-faults__said", role: "alert" });
    this.list = el("ul", { class: "p-faults__list", role: "list" });
    this.retryField = this.#field("Retry-After, in seconds", this.retry);
    this.errorField = this.#field("Slack’s error", this.error);
    this.form = el("form", { class: "p-faults__form", on: { submit: (event) => this.#set(event) } },
      this.#field("What fails", this.endpoint), this.#field("How", this.kind), this.#field("How often", this.times),
      this.retryField, this.errorField,
      el("button", { type: "submit", class: "p-button p-button--main p-button--small" }, "Switch on"), this.said);
    this.node = el("div", { class: "p-panel__page p-faults", role: "tabpanel", "aria-labelledby": "p-panel-tab-faults" },
      el("p", { class: "p-faults__lead" }, "See what people see when things go wrong. Each switch stays on until it has shown or is switched off."),
      this.switches, el("h3", null, "Slack’s Web API"), this.form, this.list);
    app.store.addEventListener("state", () => this.soon());
    this.refresh();
  }

  soon() {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.refresh();
    }, PAUSE);
  }

  async refresh() {
    const { body, error } = await this.app.api.faults();
    if (error) return;
    this.known = body;
    this.#show();
  }

  #show() {
    const { set, kinds, endpoints, outside } = this.known;
    renew(this.endpoint, endpoints, () => endpoints.map((name) => el("option", { value: name, selected: name === FIRST }, name)));
    renew(this.kind, kinds, () => kinds.map((kind) => el("option", { value: kind }, WORDS[kind] ?? kind)));
    const focused = this.switches.contains(document.activeElement) ? document.activeElement.id : "";
    renew(this.switches, outside, () => outside.map((one) => this.#switch(one)));
    if (focused) document.getElementById(focused)?.focus();
    renew(this.list, set, () => set.map((fault) => el("li", null, el("span", null, faultWords(fault)),
      iconButton("close", `Switch off: ${faultWords(fault)}`, { on: { click: () => this.#clear(fault.id) } }))));
    const on = [...set.map(faultWords), ...outside.filter((one) => one.on).map((one) => one.label.toLowerCase())];
    this.app.strips.faults(on, () => this.#clearAll());
    this.#arrange();
  }

  #switch(one) {
    const id = `p-outside-${one.name}`;
    return el("div", { class: "p-switch" },
      el("button", {
        type: "button", class: "p-switch__button", id, role: "switch", "aria-checked": String(one.on), "aria-labelledby": `${id}-label`,
        on: { click: () => this.#ask(this.app.api.setFault({ outside: one.name, on: !one.on })) },
      }),
      el("label", { id: `${id}-label`, for: id }, one.label));
  }

  #field(label, input) {
    return el("div", { class: "p-field" }, el("label", { for: input.id }, label), input);
  }

  #arrange() {
    this.retryField.hidden = this.kind.value !== "rate_limited";
    this.errorField.hidden = this.kind.value !== "not_ok";
  }

  #set(event) {
    event.preventDefault();
    const fault = { endpoint: this.endpoint.value, kind: this.kind.value, times: Number(this.times.value) || 1 };
    if (fault.kind === "rate_limited") fault.retry_after = Number(this.retry.value) || 0;
    if (fault.kind === "not_ok") fault.error = this.error.value.trim() || "fatal_error";
    this.#ask(this.app.api.setFault(fault));
  }

  #clear(id) {
    return this.#ask(this.app.api.clearFaults(id));
  }

  async #clearAll() {
    const on = this.known.outside.filter((one) => one.on);
    await Promise.all([this.app.api.clearFaults(), ...on.map((one) => this.app.api.setFault({ outside: one.name, on: false }))]);
    await this.refresh();
  }

  async #ask(asked) {
    const { error } = await asked;
    this.said.replaceChildren(error);
    await this.refresh();
  }
}
