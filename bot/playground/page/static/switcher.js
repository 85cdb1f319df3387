// Who one is: everybody whom one may be, in this window or in a second one.

import { el, icon, iconButton, renew } from "./nodes.js";
import { hueOf, initials, roleWords } from "./names.js";

export function avatar(id, name, classes = "p-avatar") {
  return el("span", { class: `${classes} p-hue-${hueOf(id)}`, "aria-hidden": "true" }, initials(name));
}

function groupedByWorkspace(people) {
  const groups = new Map();
  for (const person of people) {
    const name = person.workspace_name ?? person.workspace;
    groups.set(name, [...(groups.get(name) ?? []), person]);
  }
  return groups;
}

export function addressOf(as) {
  return `/?as=${encodeURIComponent(as).replaceAll("%2F", "/")}`;
}

export class Switcher {
  constructor(app) {
    this.app = app;
    this.list = el("div", { class: "p-people" });
    this.dialog = el("dialog", { class: "p-sheet", "aria-labelledby": "p-people-title" },
      el("div", { class: "p-sheet__head" },
        el("h2", { id: "p-people-title" }, "Who would you like to be?"),
        iconButton("close", "Close", { on: { click: () => this.dialog.close() } })),
      el("p", { class: "p-sheet__lead" }, "Each sees the workspace with their own eyes. Open a second window to watch two at once."),
      this.list);
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.body.append(this.dialog);
  }

  open() {
    this.dialog.showModal();
    this.list.querySelector("[aria-current]")?.focus();
  }

  update(state) {
    renew(this.list, [state.people, state.as], () => [...groupedByWorkspace(state.people)].map(([name, people]) =>
      el("section", null,
        el("h3", null, name),
        el("ul", { role: "list" }, people.map((person) => this.#row(person, person.as === state.as))))));
  }

  #row(person, mine) {
    const words = roleWords(person);
    return el("li", { class: "p-person" },
      el("a", { class: "p-person__be", href: addressOf(person.as), "aria-current": mine ? "true" : null },
        avatar(person.as.split("/")[1], person.real_name),
        el("span", { class: "p-person__who" }, el("b", null, person.real_name), el("span", null, words)),
        mine ? el("span", { class: "p-person__you" }, "You") : null),
      el("a", {
        class: "p-icon-button", href: addressOf(person.as), target: "_blank", rel: "noopener",
        "aria-label": `Open a second window as ${person.real_name}`, title: "Open in a second window",
      }, icon("window")));
  }
}
