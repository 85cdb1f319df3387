// The question that a button asks before it does anything. Answers true, or false when it is closed otherwise.

import { el } from "./nodes.js";
import { renderMrkdwn } from "./mrkdwn.js";

function plain(text) {
  return typeof text === "string" ? text : text?.text ?? "";
}

export function askConfirm(confirm, context) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const answer = (yes) => () => {
      dialog.dataset.answer = yes ? "yes" : "no";
      dialog.close();
    };
    const body = confirm.text?.type === "mrkdwn" ? renderMrkdwn(confirm.text.text, context) : plain(confirm.text);
    const danger = confirm.style === "danger" ? " p-button--danger" : "";
    const dialog = el("dialog", { class: "p-sheet p-sheet--question", "aria-labelledby": "p-confirm-title", "aria-describedby": "p-confirm-text" },
      el("h2", { id: "p-confirm-title" }, plain(confirm.title) || "Are you sure?"),
      el("div", { id: "p-confirm-text", class: "p-sheet__text" }, body),
      el("div", { class: "p-sheet__foot" },
        el("button", { type: "button", class: "p-button", on: { click: answer(false) } }, plain(confirm.deny) || "Cancel"),
        el("button", { type: "button", class: `p-button p-button--main${danger}`, autofocus: true, on: { click: answer(true) } }, plain(confirm.confirm) || "Yes")));
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(dialog.dataset.answer === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
