// Where messages and commands are typed: a draft for each channel, a history, and nothing lost that could not be sent.

import { Completions } from "./completions.js";
import { el, icon } from "./nodes.js";
import { keep, recall } from "./kept.js";
import { Menu } from "./menu.js";

const HISTORY = "playground-history";
const MOST_KEPT = 50;
const TALLEST = 200;
const PATIENCE = 300;

export class Composer {
  constructor(app) {
    this.app = app;
    this.channel = null;
    this.sending = 0;
    this.turn = Promise.resolve();
    this.at = null;
    this.field = el("textarea", {
      class: "p-composer__field", id: "p-composer", rows: "1", spellcheck: "false", autocomplete: "off", "aria-describedby": "p-composer-hint",
      on: { input: () => this.#typed(), keydown: (event) => this.#keys(event), blur: () => this.completions.close() },
    });
    this.send = el("button", { type: "button", class: "p-composer__send", "aria-label": "Send", title: "Send", on: { click: () => this.#send() } }, icon("send"));
    this.shortcuts = el("button", { type: "button", class: "p-composer__tool", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("bolt"), "Shortcuts");
    this.hint = el("p", { class: "p-composer__hint", id: "p-composer-hint" });
    this.failure = el("p", { class: "p-composer__failure", role: "alert" });
    this.completions = new Completions(app, this.field, (text, caret) => this.#put(text, caret));
    this.menu = new Menu(this.shortcuts, () => this.#globalShortcuts());
    this.node = el("form", { class: "p-composer", "aria-label": "Write a message", on: { submit: (event) => event.preventDefault() } },
      this.completions.node,
      this.failure,
      el("div", { class: "p-composer__box" }, this.field,
        el("div", { class: "p-composer__row" }, this.shortcuts, this.hint, this.send)));
  }

  arrive(channel) {
    this.channel = channel?.id ?? null;
    this.completions.close();
    this.at = null;
    this.failure.replaceChildren();
    this.field.value = this.channel ? recall("sessionStorage", this.#draftKey) ?? "" : "";
    this.#fit();
  }

  update(state, channel) {
    const label = channel.kind === "im" ? `Message ${state.app.name}` : `Message #${channel.name}`;
    this.field.placeholder = channel.archived ? "This channel is archived" : label;
    this.field.setAttribute("aria-label", label);
    this.field.disabled = Boolean(channel.archived);
    const shortcuts = state.shortcuts.filter((one) => !one.on_messages);
    this.menu.note = shortcuts.length ? "" : `${state.app.name} has no global shortcuts.`;
    this.#showHint();
  }

  get #draftKey() {
    return `playground-draft ${this.app.api.as} ${this.channel}`;
  }

  #globalShortcuts() {
    const { state } = this.app;
    return state.shortcuts.filter((one) => !one.on_messages).map((one) => ({
      label: one.name,
      about: one.description || state.app.name,
      act: () => this.app.api.act("shortcut", { callback_id: one.callback_id }).then((answer) => this.app.say(answer.error)),
    }));
  }

  #typed() {
    this.at = null;
    this.failure.replaceChildren();
    keep("sessionStorage", this.#draftKey, this.field.value);
    this.#fit();
    this.completions.look();
    this.#showHint();
  }

  #put(text, caret = text.length) {
    this.field.value = text;
    this.field.setSelectionRange(caret, caret);
    keep("sessionStorage", this.#draftKey, text);
    this.#fit();
    this.#showHint();
  }

  #fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
    this.send.disabled = !this.field.value.trim();
  }

  #showHint() {
    const command = this.app.state.commands.find((one) => this.field.value.startsWith(`${one.command} `));
    const words = command ? `${command.command} ${command.usage_hint ?? ""}` : "Enter sends, Shift + Enter begins a new line";
    if (this.hint.textContent !== words) this.hint.replaceChildren(words);
    this.hint.classList.toggle("p-composer__hint--usage", Boolean(command));
  }

  #keys(event) {
    if (event.isComposing) return;
    if (this.completions.keys(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (!event.repeat) this.#send();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      this.#recall(event);
    }
  }

  // Arrow up in an empty composer brings back what was sent before.
  #recall(event) {
    if (this.at === null && (event.key === "ArrowDown" || this.field.value)) return;
    const sent = JSON.parse(recall("sessionStorage", HISTORY) ?? "[]");
    const at = Math.max((this.at ?? sent.length) + (event.key === "ArrowUp" ? -1 : 1), 0);
    if (!sent.length) return;
    event.preventDefault();
    this.#put(sent[at] ?? "");
    this.at = at < sent.length ? at : null;
  }

  #remember(text) {
    const sent = JSON.parse(recall("sessionStorage", HISTORY) ?? "[]").filter((one) => one !== text);
    keep("sessionStorage", HISTORY, JSON.stringify([...sent, text].slice(-MOST_KEPT)));
  }

  // The composer is empty as soon as something is on its way: what is typed next follows in its turn, nothing goes twice.
  async #send() {
    const text = this.field.value.trim();
    if (!text) return;
    const { channel } = this;
    this.failure.replaceChildren();
    this.#put("");
    this.#remember(text);
    this.at = null;
    this.#busy(1);
    const asked = this.turn.then(() => this.app.api.act("type", { channel, text }));
    this.turn = Promise.race([asked, this.turn.then(() => new Promise((soon) => setTimeout(soon, PATIENCE)))]);
    const answer = await asked;
    this.#busy(-1);
    if (answer.error || answer.failure) this.#giveBack(channel, text, answer);
  }

  // What could not be sent, or what the app failed at, comes back; where something else was typed meanwhile it is named.
  #giveBack(channel, text, answer) {
    const here = channel === this.channel && !this.field.value;
    if (here) this.#put(text);
    const words = answer.error || `The app failed: ${answer.failure}.`;
    if (here) this.failure.replaceChildren(icon("warning"), `${words} What you typed is still here.`);
    else this.app.say(`${words} It was about: ${text}`);
  }

  #busy(step) {
    this.sending += step;
    this.send.setAttribute("aria-busy", String(this.sending > 0));
  }
}
