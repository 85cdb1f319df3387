// One message: who, when, for whose eyes, what; and its menu.

import { renderBlocks, updateBlocks } from "./blocks.js";
import { el, icon, iconButton, renew } from "./nodes.js";
import { Menu } from "./menu.js";
import { renderMrkdwn } from "./mrkdwn.js";
import { clockTime, hueOf, initials, momentOf, nameOf } from "./names.js";

export class MessageRow {
  constructor(app, message) {
    this.app = app;
    this.day = el("div", { class: "p-day", hidden: true });
    this.avatar = el("div", { class: "p-message__side" });
    this.privately = el("p", { class: "p-message__private" });
    this.head = el("div", { class: "p-message__head" });
    this.content = el("div", { class: "p-message__content" });
    this.unfurls = el("div", { class: "p-message__unfurls" });
    this.tools = el("div", { class: "p-message__tools" });
    this.row = el("article", { class: "p-message", data: { ts: message.ts } },
      this.avatar, el("div", { class: "p-message__body" }, this.privately, this.head, this.content, this.unfurls), this.tools);
    this.node = el("li", null, this.day, this.row);
    this.blocksShown = false;
  }

  get words() {
    return this.content.innerText.replaceAll(/\s+/g, " ").trim();
  }

  remove() {
    this.menu?.close();
    this.node.remove();
  }

  update(state, message, { follows, day, around }) {
    const said = JSON.stringify([message, follows, day]);
    if (said === this.said && around === this.around) return;
    Object.assign(this, { said, around });
    const name = nameOf(state, message);
    const date = momentOf(message.ts);
    renew(this.day, day, () => [el("span", null, day)]);
    this.day.hidden = !day;
    this.row.classList.toggle("p-message--follows", Boolean(follows));
    this.row.classList.toggle("p-message--private", message.only_you);
    this.row.setAttribute("aria-label", `${name}, ${clockTime(date)}${message.only_you ? ", only visible to you" : ""}`);
    renew(this.privately, message.only_you, () => (message.only_you ? [icon("eye"), "Only visible to you"] : []));
    renew(this.avatar, [name, follows, message.user], () => (follows
      ? [el("time", { class: "p-message__when", datetime: date.toISOString() }, clockTime(date))]
      : [el("span", { class: `p-avatar ${message.by_app ? "p-avatar--app" : `p-hue-${hueOf(message.user)}`}`, "aria-hidden": "true" }, initials(name))]));
    renew(this.head, [name, follows, message.by_app, message.slackbot], () => (follows ? [] : [
      el("b", { class: "p-message__name" }, name),
      message.by_app || message.slackbot ? el("span", { class: "p-badge" }, "APP") : null,
      el("time", { class: "p-message__when", datetime: date.toISOString(), title: date.toLocaleString() }, clockTime(date)),
    ]));
    this.#showContent(message);
    renew(this.tools, [message.only_you, state.shortcuts], () => this.#toolsFor(state, message));
  }

  #context(message) {
    const place = { kind: "message", channel: message.channel, ts: message.ts };
    return this.app.contextFor("message", place, message.values, {}, `m${message.channel}-${message.ts}`.replaceAll(".", "-"));
  }

  #showContent(message) {
    const context = this.#context(message);
    if (message.blocks.length) {
      if (this.blocksShown) updateBlocks(this.content.firstElementChild, message.blocks, context);
      else this.content.replaceChildren(el("div", { class: "p-message__blocks" }, renderBlocks(message.blocks, context)));
      this.blocksShown = true;
      this.#showEdited(message);
    } else {
      this.blocksShown = false;
      renew(this.content, [message.text, message.edited], () => [el("div", { class: "p-message__text" }, renderMrkdwn(message.text, context))]);
      this.#showEdited(message);
    }
    renew(this.unfurls, message.unfurls ?? {}, () => Object.values(message.unfurls ?? {}).map((unfurl) =>
      el("div", { class: "p-unfurl" }, unfurl.blocks?.length ? renderBlocks(unfurl.blocks, context) : renderMrkdwn(unfurl.text ?? unfurl.title ?? "", context))));
  }

  #showEdited(message) {
    const mark = this.content.querySelector(":scope > .p-message__edited");
    if (message.edited && !mark) this.content.append(el("span", { class: "p-message__edited" }, "(edited)"));
    if (!message.edited) mark?.remove();
  }

  // Slack offers no shortcuts on what only one person sees.
  #toolsFor(state, message) {
    this.menu?.close();
    if (message.only_you) return [];
    const shortcuts = state.shortcuts.filter((one) => one.on_messages);
    const use = (one) => this.app.api.act("message_shortcut", { callback_id: one.callback_id, channel: message.channel, ts: message.ts })
      .then((answer) => this.app.say(answer.error));
    const button = iconButton("more", "More actions", { "aria-haspopup": "menu", "aria-expanded": "false" });
    const items = [
      { label: "Copy text", act: () => navigator.clipboard?.writeText(this.words) },
      ...shortcuts.map((one) => ({ label: one.name, about: one.description || state.app.name, act: () => use(one) })),
    ];
    const note = shortcuts.length ? "" : `${state.app.name} has no message shortcuts.`;
    this.menu = new Menu(button, () => items, note);
    return [button];
  }
}
