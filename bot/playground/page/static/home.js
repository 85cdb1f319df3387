// The app's Home tab, as it was last published for this person.

import { renderBlocks, updateBlocks } from "./blocks.js";
import { el, renew } from "./nodes.js";

export class Home {
  constructor(app) {
    this.app = app;
    this.empty = el("div", { class: "p-empty" });
    this.body = el("div", { class: "p-home__body" });
    this.node = el("section", { class: "p-home", id: "p-home", role: "tabpanel", "aria-labelledby": "p-tab-home", tabindex: "0", hidden: true }, this.empty, this.body);
    this.shown = null;
  }

  update(state) {
    const view = state.app.home_enabled ? state.home : null;
    this.empty.hidden = Boolean(view);
    this.body.hidden = !view;
    if (!view) {
      this.shown = null;
      this.body.replaceChildren();
      renew(this.empty, [state.app.home_enabled, state.app.name], () => this.#words(state));
      return;
    }
    const context = this.app.contextFor("home", { kind: "home" }, view.values, view.errors, "home");
    if (this.shown === view.id) updateBlocks(this.body, view.blocks, context);
    else this.body.replaceChildren(renderBlocks(view.blocks, context));
    this.shown = view.id;
  }

  #words(state) {
    return state.app.home_enabled
      ? [el("h2", null, "Nothing here yet"), el("p", null, `${state.app.name} has not published a Home tab for you so far.`)]
      : [el("h2", null, "No Home tab"), el("p", null, `${state.app.name}’s manifest has the Home tab switched off. Its commands work in every channel.`)];
  }
}
