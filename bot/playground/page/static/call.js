// One request behind the curtain: a line that opens to show payload, headers and answer.

import { el, freshId, renew } from "./nodes.js";
import { prettyJson } from "./json.js";
import { exactTime } from "./names.js";

function statusWords(call) {
  if (call.failure && (call.direction === "to_app" || call.status < 400)) return call.failure;
  const said = call.direction === "from_app" && call.answer && call.answer.ok === false ? call.answer.error : "";
  return said || (call.status ? String(call.status) : "no answer");
}

function isBad(call) {
  return Boolean(call.failure) || call.status !== 200 || (call.direction === "from_app" && call.answer?.ok === false);
}

// What tells two requests of one name apart: what was typed, pressed or submitted.
function about(call) {
  const { payload } = call;
  if (call.direction === "from_app") return "";
  return payload?.text ?? payload?.actions?.[0]?.action_id ?? payload?.view?.callback_id ?? payload?.callback_id ?? "";
}

export class CallRow {
  constructor(app, call) {
    this.app = app;
    this.id = freshId("call");
    this.line = el("button", { type: "button", class: "p-call__line", "aria-expanded": "false", "aria-controls": this.id, on: { click: () => this.#toggle() } });
    this.details = el("div", { class: "p-call__details", id: this.id, hidden: true });
    this.node = el("li", { class: "p-call", data: { name: call.name, direction: call.direction } }, this.line, this.details);
  }

  update(call) {
    this.call = call;
    const out = call.direction === "from_app";
    this.node.dataset.bad = isBad(call) ? "yes" : "no";
    renew(this.line, [call.name, call.at, call.status, call.milliseconds, call.failure], () => [
      el("span", { class: `p-call__arrow p-call__arrow--${out ? "out" : "in"}`, "aria-hidden": "true" }, out ? "←" : "→"),
      el("span", { class: "p-hidden" }, out ? "The app asked Slack: " : "Slack asked the app: "),
      el("span", { class: "p-call__name" }, call.name, about(call) ? el("span", { class: "p-call__about" }, ` ${about(call)}`) : null),
      el("span", { class: "p-call__status" }, statusWords(call)),
      el("span", { class: "p-call__ms" }, `${Math.round(call.milliseconds)} ms`),
      el("time", { class: "p-call__at", datetime: new Date(call.at * 1000).toISOString() }, exactTime(new Date(call.at * 1000))),
    ]);
    if (!this.details.hidden) this.#showDetails();
  }

  #toggle() {
    this.details.hidden = !this.details.hidden;
    this.line.setAttribute("aria-expanded", String(!this.details.hidden));
    if (!this.details.hidden) this.#showDetails();
  }

  #showDetails() {
    const { call } = this;
    renew(this.details, call, () => [
      el("p", { class: "p-call__way" }, call.direction === "from_app"
        ? "The app asked Slack’s Web API."
        : "Slack asked the app, in a signed request, and waited up to three seconds."),
      call.failure ? el("p", { class: "p-call__failure" }, `Slack’s word for it: ${call.failure}`) : null,
      this.#part(call.direction === "from_app" ? "Arguments" : "Payload", call.payload),
      call.request_headers ? this.#part("Headers", call.request_headers) : null,
      this.#part("Answer", call.answer ?? null, call.status ? "An empty answer." : "No answer came."),
      call.can_resend ? this.#resend() : null,
    ]);
  }

  #part(title, content, ifNothing = "Nothing.") {
    const text = JSON.stringify(content, null, 2);
    if (content === null || content === "") {
      return el("section", { class: "p-call__part" }, el("h4", null, title), el("p", { class: "p-call__none" }, ifNothing));
    }
    const copy = el("button", { type: "button", class: "p-link-button", "aria-label": `Copy ${title.toLowerCase()}` }, "Copy");
    copy.addEventListener("click", async () => {
      const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
      copy.replaceChildren(done ? "Copied" : "Could not copy");
    });
    return el("section", { class: "p-call__part" },
      el("div", { class: "p-call__title" }, el("h4", null, title), copy),
      el("pre", { tabindex: "0", role: "region", "aria-label": `${title} of ${this.call.name}` }, prettyJson(content)));
  }

  #resend() {
    const said = el("span", { class: "p-call__said", role: "status" });
    const button = el("button", { type: "button", class: "p-button p-button--small" }, "Resend");
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      button.setAttribute("aria-disabled", "true");
      const { body, error } = await this.app.api.resend(this.call.id);
      button.setAttribute("aria-disabled", "false");
      const status = body.status ? `Answered ${body.status}` : "No answer came";
      said.replaceChildren(error || `${status} in ${Math.round(body.milliseconds ?? 0)} ms.`);
    });
    return el("div", { class: "p-call__resend" }, button,
      el("span", { class: "p-call__why" }, "The same bytes under the same signature, as Slack does when it tries again."), said);
  }
}
