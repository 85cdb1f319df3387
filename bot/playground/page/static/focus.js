// Where the keyboard is: fields in a rendering, the bounds of a dialog, and the keys that work everywhere.

import { isTyping } from "./nodes.js";

const FOCUSABLE = "a[href], button, input, textarea, select, [tabindex]";
const FIELDS = "input, textarea, select, [role=combobox], [role=listbox], button[aria-haspopup]";

function usable(node) {
  return !node.disabled && node.tabIndex >= 0 && !node.closest("[inert], [hidden]") && node.getClientRects().length > 0;
}

export function focusable(container) {
  return [...container.querySelectorAll(FOCUSABLE)].filter(usable);
}

export function firstField(container) {
  return [...container.querySelectorAll(FIELDS)].find(usable) ?? null;
}

export function fieldOf(container, blockId) {
  const block = container.querySelector(`[data-block-id="${CSS.escape(blockId)}"]`);
  if (!block) return null;
  if (block.matches(FIELDS) && usable(block)) return block;
  return firstField(block) ?? focusable(block)[0] ?? null;
}

// Tab goes round within the container.
export function keepInside(container, event) {
  const stops = focusable(container);
  if (!stops.length) {
    event.preventDefault();
    return;
  }
  const { activeElement: active } = document;
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (active !== edge && active !== container && stops.includes(active)) return;
  if (active !== edge && !event.shiftKey && active !== container) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
}

export class Focus {
  constructor(app) {
    this.app = app;
    document.addEventListener("keydown", (event) => this.#keys(event));
    for (const skip of document.querySelectorAll("[data-skip]")) {
      skip.addEventListener("click", (event) => this.#skip(event, skip.dataset.skip));
    }
  }

  #skip(event, where) {
    event.preventDefault();
    const { pane, place } = { pane: this.app.pane, place: this.app.place };
    if (place.kind === "home") pane.home.node.focus();
    else if (where === "composer") pane.composer.field.focus();
    else pane.messages.scroll.focus();
  }

  #keys(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "F6") {
      event.preventDefault();
      this.#nextRegion(event.shiftKey ? -1 : 1);
    } else if ((event.key === "?" && !isTyping(event.target)) || (event.key === "/" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      this.app.help.open();
    } else if (event.key === "/" && !isTyping(event.target) && !this.app.modals.isOpen && this.app.place.kind !== "home") {
      // The key itself then arrives in the composer, and opens the list of commands.
      this.app.pane.composer.field.focus();
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && !this.app.modals.isOpen) {
      event.preventDefault();
      this.app.sidebar.neighbour(event.key === "ArrowDown" ? 1 : -1)?.click();
    }
  }

  #nextRegion(step) {
    const regions = [...document.querySelectorAll("[data-region]")].filter((one) => !one.closest("[inert], [hidden]") && one.getClientRects().length);
    const at = regions.findIndex((one) => one.contains(document.activeElement));
    const next = regions[(at + step + regions.length) % regions.length];
    if (next.id === "p-main") this.app.pane.focus();
    else (focusable(next)[0] ?? next).focus();
  }
}
