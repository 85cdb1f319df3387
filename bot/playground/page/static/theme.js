// Light or dark: as the system has it, until the button is pressed. Remembered in this browser.

import { keep, recall } from "./kept.js";
import { icon, iconButton } from "./nodes.js";

const KEY = "playground-theme";

export class Theme {
  constructor() {
    this.system = window.matchMedia("(prefers-color-scheme: dark)");
    this.button = iconButton("moon", "", { on: { click: () => this.#switch() } });
    const kept = recall("localStorage", KEY);
    if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
    this.system.addEventListener("change", () => this.#show());
    this.#show();
  }

  get dark() {
    return (document.documentElement.dataset.theme ?? (this.system.matches ? "dark" : "light")) === "dark";
  }

  #switch() {
    const wanted = this.dark ? "light" : "dark";
    document.documentElement.dataset.theme = wanted;
    keep("localStorage", KEY, wanted);
    this.#show();
  }

  #show() {
    const words = this.dark ? "Switch to light colours" : "Switch to dark colours";
    this.button.replaceChildren(icon(this.dark ? "sun" : "moon"));
    this.button.setAttribute("aria-label", words);
    this.button.title = words;
  }
}
