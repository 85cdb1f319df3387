// The lines across the top: no connection, faults that are on, what went wrong.

import { el, icon, iconButton, renew } from "./nodes.js";

const PATIENCE = 400;
const MOST = 3;

export class Strips {
  constructor(app, node) {
    this.app = app;
    this.lost = el("div", { class: "p-strip p-strip--lost", role: "status" });
    this.faultLine = el("div", { class: "p-strip p-strip--faults", role: "status" });
    this.notes = el("div", { class: "p-notes", role: "log", "aria-label": "What went wrong" });
    this.seen = null;
    node.append(this.lost, this.faultLine, this.notes);
  }

  connection(there) {
    clearTimeout(this.timer);
    if (there) {
      if (this.lost.childElementCount) this.app.announce("Connected again.");
      this.lost.replaceChildren();
      return;
    }
    // A page that is being left loses its connection too: that is not worth a word.
    this.timer = setTimeout(() => {
      this.lost.replaceChildren(el("span", { class: "p-spinner" }), el("span", null, "The connection is lost. Reconnecting…"));
    }, PATIENCE);
  }

  faults(words, clear) {
    renew(this.faultLine, words, () => words.length === 0 ? [] : [
      icon("warning"),
      el("span", null, el("strong", null, "Faults are on: "), words.join("; "), "."),
      el("button", { type: "button", class: "p-link-button", on: { click: clear } }, "Switch all off"),
    ]);
  }

  say(words) {
    const same = [...this.notes.children].find((note) => note.dataset.words === words);
    same?.remove();
    const note = el("div", { class: "p-note", data: { words } }, icon("warning"), el("span", null, words));
    note.append(iconButton("close", "Dismiss", { on: { click: () => note.remove() } }));
    this.notes.append(note);
    while (this.notes.childElementCount > MOST) this.notes.firstElementChild.remove();
  }

  // Slack's refusals of what the app answered: those that came while this page was open.
  troubles(troubles) {
    const known = this.seen ?? troubles.length;
    for (const words of troubles.slice(Math.min(known, troubles.length))) {
      // What became of a command stands where it was typed.
      if (!words.startsWith("/")) this.say(words);
    }
    this.seen = troubles.length;
  }
}
