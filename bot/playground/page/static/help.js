// The keys that work on this page.

import { el, iconButton } from "./nodes.js";

const KEYS = [
  ["Anywhere", [
    ["/", "Write a command"],
    ["?", "Show these keys"],
    ["F6", "Go to the next part of the page, with Shift to the one before"],
    ["Alt + ↑ / ↓", "Go to the channel above or below"],
  ]],
  ["While writing", [
    ["/", "List the app’s commands"],
    ["@  #", "List people, list channels"],
    ["Enter", "Send"],
    ["Shift + Enter", "Begin a new line"],
    ["↑", "In an empty composer: bring back what was sent before"],
  ]],
  ["In a list or menu", [
    ["↑ / ↓", "Move"],
    ["Enter or Tab", "Choose"],
    ["Esc", "Close"],
  ]],
  ["In a dialog", [
    ["Enter", "Submit, from a field of one line"],
    ["Ctrl + Enter", "Submit, from any field"],
    ["Esc", "Close the dialog, or go back to the one beneath"],
  ]],
];

export class Help {
  constructor() {
    this.dialog = el("dialog", { class: "p-sheet", "aria-labelledby": "p-help-title" },
      el("div", { class: "p-sheet__head" }, el("h2", { id: "p-help-title" }, "Keyboard shortcuts"),
        iconButton("close", "Close", { on: { click: () => this.dialog.close() } })),
      el("div", { class: "p-keys" }, KEYS.map(([title, keys]) => el("section", null, el("h3", null, title),
        el("dl", null, keys.map(([key, words]) => el("div", null, el("dt", null, el("kbd", null, key)), el("dd", null, words))))))));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.body.append(this.dialog);
  }

  open() {
    this.dialog.showModal();
  }
}
