// What may be meant by the word at the caret: a command at the beginning, a member after @, a channel after #.

import { el, freshId } from "./nodes.js";
import { hueOf, initials, isApp } from "./names.js";

const MOST = 8;

export class Completions {
  constructor(app, field, put) {
    this.app = app;
    this.field = field;
    this.put = put;
    this.id = freshId("choices");
    this.list = el("ul", { class: "p-choices__list", role: "listbox", id: this.id });
    this.title = el("p", { class: "p-choices__title" });
    this.node = el("div", { class: "p-choices", hidden: true }, this.title, this.list,
      el("p", { class: "p-choices__keys", "aria-hidden": "true" }, "↑ ↓ to move, Tab or Enter to choose, Esc to close"));
    this.node.addEventListener("pointerdown", (event) => event.preventDefault());
    this.found = [];
    this.at = 0;
  }

  get isOpen() {
    return !this.node.hidden;
  }

  look() {
    const caret = this.field.selectionStart;
    const before = this.field.value.slice(0, caret);
    const [title, found] = this.#matching(before);
    this.found = found.slice(0, MOST);
    this.at = 0;
    if (!this.found.length) {
      this.close();
      return;
    }
    this.title.replaceChildren(title);
    this.list.setAttribute("aria-label", title);
    this.node.hidden = false;
    this.field.setAttribute("role", "combobox");
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-expanded", "true");
    this.field.setAttribute("aria-controls", this.id);
    this.#show();
  }

  close() {
    this.node.hidden = true;
    this.found = [];
    for (const name of ["role", "aria-autocomplete", "aria-expanded", "aria-controls", "aria-activedescendant"]) this.field.removeAttribute(name);
  }

  // Says whether the key was meant for the list.
  keys(event) {
    if (!this.isOpen) return false;
    const { key } = event;
    if (key === "Escape") this.close();
    else if (key === "ArrowDown" || key === "ArrowUp") this.#move(key === "ArrowDown" ? 1 : -1);
    else if ((key === "Enter" || key === "Tab") && !event.shiftKey) {
      // What stands there whole is sent by Enter, not completed.
      const { whole, start } = this.found[this.at];
      if (key === "Enter" && this.field.value.slice(start).trim() === whole.trim()) {
        this.close();
        return false;
      }
      this.#choose(this.at);
    } else return false;
    return true;
  }

  #matching(before) {
    const { state } = this.app;
    if (/^\/\S*$/u.test(before)) {
      const typed = before.toLowerCase();
      return [`Commands of ${state.app.name}`, state.commands.filter((one) => one.command.startsWith(typed)).map((one) => ({
        whole: `${one.command} `, start: 0, name: one.command, usage: one.usage_hint, about: one.description, mark: "/",
      }))];
    }
    const word = /(?:^|\s)([@#])([^\s@#]*)$/u.exec(before);
    if (!word) return ["", []];
    const [, sign, typed] = word;
    const start = before.length - typed.length - 1;
    return sign === "@" ? ["People", this.#people(typed, start)] : ["Channels", this.#channels(typed, start)];
  }

  #people(typed, start) {
    const wanted = typed.toLowerCase();
    return Object.entries(this.app.state.users)
      .filter(([, user]) => !user.deleted && [user.name, user.real_name].some((name) => name?.toLowerCase().startsWith(wanted)))
      .sort(([, one], [, other]) => Number(one.is_bot) - Number(other.is_bot))
      .map(([id, user]) => ({
        whole: `@${user.name} `, start, name: user.real_name, about: `@${user.name}`, mark: initials(user.real_name), hue: isApp(this.app.state, id) ? "" : `p-hue-${hueOf(id)}`,
      }));
  }

  #channels(typed, start) {
    return this.app.state.channels
      .filter((channel) => channel.kind !== "im" && channel.name.startsWith(typed.toLowerCase()))
      .map((channel) => ({ whole: `#${channel.name} `, start, name: channel.name, about: "", mark: "#" }));
  }

  #show() {
    const { state } = this.app;
    const mark = (one) => el("span", { class: `p-avatar p-avatar--small ${one.hue || "p-avatar--app"}`, "aria-hidden": "true" }, one.mark === "/" ? initials(state.app.name) : one.mark);
    this.list.replaceChildren(...this.found.map((one, at) => el("li", {
      class: "p-choice", role: "option", id: `${this.id}-${at}`, "aria-selected": String(at === this.at),
      on: { click: () => this.#choose(at) },
    }, mark(one), el("span", { class: "p-choice__words" },
      el("span", { class: "p-choice__name" }, el("b", null, one.name), one.usage ? el("span", { class: "p-choice__usage" }, ` ${one.usage}`) : null),
      one.about ? el("span", { class: "p-choice__about" }, one.about) : null))));
    this.field.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
  }

  #move(step) {
    this.at = (this.at + step + this.found.length) % this.found.length;
    this.#show();
  }

  #choose(at) {
    const { whole, start } = this.found[at];
    const { value, selectionStart } = this.field;
    this.close();
    this.put(value.slice(0, start) + whole + value.slice(selectionStart).trimStart(), start + whole.length);
    this.field.focus();
  }
}
