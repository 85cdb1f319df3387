// A menu under a button: arrows move, Enter chooses, Escape or a click elsewhere closes.

import { el } from "./nodes.js";

const MARGIN = 8;

export class Menu {
  constructor(button, items, note = "") {
    this.button = button;
    this.items = items;
    this.note = note;
    button.addEventListener("click", () => (this.node ? this.close() : this.open()));
    button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" || this.node) return;
      event.preventDefault();
      this.open();
    });
  }

  open() {
    const entries = this.items().map((item) => el("button", {
      type: "button", class: "p-menu__item", role: "menuitem", tabindex: "-1",
      on: { click: () => { this.close(true); item.act(); } },
    }, el("span", null, item.label), item.about ? el("span", { class: "p-menu__about" }, item.about) : null));
    this.node = el("div", { class: "p-menu", popover: "manual", tabindex: "-1" },
      entries.length === 0 ? null : el("div", { role: "menu", "aria-label": this.button.getAttribute("aria-label") ?? this.button.textContent }, entries),
      this.note ? el("p", { class: "p-menu__note" }, this.note) : null);
    this.node.addEventListener("keydown", (event) => this.#keys(event));
    this.node.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.node?.contains(event.relatedTarget) && event.relatedTarget !== this.button) this.close();
    });
    this.button.after(this.node);
    this.node.showPopover();
    this.#put();
    this.button.setAttribute("aria-expanded", "true");
    this.outside = (event) => {
      if (!this.node?.contains(event.target) && !this.button.contains(event.target)) this.close();
    };
    this.moved = (event) => event.target !== this.node && this.close();
    document.addEventListener("pointerdown", this.outside);
    window.addEventListener("resize", this.moved);
    (entries[0] ?? this.node).focus();
  }

  close(back = false) {
    if (!this.node) return;
    const { node } = this;
    this.node = null;
    document.removeEventListener("pointerdown", this.outside);
    window.removeEventListener("resize", this.moved);
    this.button.setAttribute("aria-expanded", "false");
    if (back || node.contains(document.activeElement)) this.button.focus();
    node.remove();
  }

  #put() {
    const at = this.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.node;
    const below = at.bottom + 4 + height <= window.innerHeight - MARGIN;
    const left = Math.min(Math.max(MARGIN, at.right - width), window.innerWidth - width - MARGIN);
    this.node.style.left = `${Math.max(MARGIN, left)}px`;
    this.node.style.top = `${Math.max(MARGIN, below ? at.bottom + 4 : at.top - 4 - height)}px`;
  }

  #keys(event) {
    const entries = [...this.node.querySelectorAll("[role=menuitem]")];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      event.stopPropagation();
      this.close(event.key === "Escape");
    } else if (to !== undefined && entries.length) {
      event.preventDefault();
      entries.at(to % entries.length).focus();
    }
  }
}
