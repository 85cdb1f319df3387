// The messages of one channel, oldest first. New ones are scrolled to by those who read the newest, and are read out.

import { el, icon } from "./nodes.js";
import { MessageRow } from "./message.js";
import { dayWords, momentOf, nameOf } from "./names.js";

const NEAR = 80;
const MINUTE = 60_000;
const TOGETHER_SECONDS = 5 * 60;

export class Messages {
  constructor(app) {
    this.app = app;
    this.list = el("ol", { class: "p-messages__list", role: "list" });
    this.start = el("div", { class: "p-messages__start" });
    this.scroll = el("div", { class: "p-messages__scroll", tabindex: "0", role: "region", "aria-label": "Messages", on: { scroll: () => this.#scrolled() } }, this.start, this.list);
    this.jump = el("button", { type: "button", class: "p-jump", hidden: true, on: { click: () => this.toEnd() } }, icon("down"), "New messages");
    this.node = el("section", { class: "p-messages", id: "p-messages" }, this.scroll, this.jump);
    this.rows = new Map();
    this.told = new Set();
    this.channel = null;
    new ResizeObserver(() => this.stick && this.toEnd()).observe(this.scroll);
    new ResizeObserver(() => this.stick && this.toEnd()).observe(this.list);
  }

  arrive() {
    this.channel = null;
    this.stick = true;
    this.jump.hidden = true;
    this.rows.clear();
    this.list.replaceChildren();
  }

  toEnd() {
    this.stick = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.jump.hidden = true;
  }

  update(state, channel) {
    const arrived = this.channel !== channel.id;
    this.channel = channel.id;
    this.scroll.setAttribute("aria-label", channel.kind === "im" ? `Messages with ${state.app.name}` : `Messages in ${channel.name}`);
    const messages = state.messages[channel.id] ?? [];
    this.#showStart(state, channel, messages.length === 0);
    this.#place(state, messages);
    this.#tell(state, messages, arrived);
    if (this.stick) this.toEnd();
  }

  #place(state, messages) {
    // What a message shows of the world about it: names, shortcuts, and dates that say "today".
    const around = JSON.stringify([state.users, state.channels, state.shortcuts, state.app, Math.floor(Date.now() / MINUTE)]);
    const kept = new Set(messages.map((message) => message.ts));
    for (const [ts, row] of this.rows) {
      if (kept.has(ts)) continue;
      row.remove();
      this.rows.delete(ts);
    }
    let before = null;
    let at = this.list.firstElementChild;
    for (const message of messages) {
      const row = this.rows.get(message.ts) ?? new MessageRow(this.app, message);
      this.rows.set(message.ts, row);
      const date = momentOf(message.ts);
      const newDay = !before || dayWords(momentOf(before.ts)) !== dayWords(date);
      row.update(state, message, {
        follows: !newDay && this.#together(before, message),
        day: newDay ? dayWords(date) : "",
        around,
      });
      if (row.node === at) at = at.nextElementSibling;
      else this.list.insertBefore(row.node, at);
      before = message;
    }
  }

  #together(before, message) {
    return before && before.user === message.user && before.only_you === message.only_you
      && Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS;
  }

  #tell(state, messages, arrived) {
    const news = messages.filter((message) => !this.told.has(message.ts));
    for (const message of news) this.told.add(message.ts);
    if (arrived || news.length === 0) return;
    for (const message of news) {
      const words = this.rows.get(message.ts).words.slice(0, 300);
      this.app.announce(`${nameOf(state, message)}${message.only_you ? ", only visible to you" : ""}: ${words}`);
    }
    const mine = news.some((message) => message.user === state.me.id || message.only_you);
    if (mine) this.stick = true;
    if (!this.stick) this.jump.hidden = false;
  }

  #showStart(state, channel, empty) {
    const name = channel.kind === "im" ? state.app.name : `#${channel.name}`;
    const words = empty ? "Type / below to see what the app can do." : "";
    if (this.start.dataset.words === name + words) return;
    this.start.dataset.words = name + words;
    this.start.replaceChildren(
      el("h2", null, channel.kind === "im" ? `Your messages with ${name}` : `This is the beginning of ${name}`),
      ...(words ? [el("p", null, words)] : []),
    );
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    this.stick = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.stick) this.jump.hidden = true;
  }
}
