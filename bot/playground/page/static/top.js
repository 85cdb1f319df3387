// The line at the top: that this is a playground, who one is, and the switches.

import { el, icon, iconButton, renew } from "./nodes.js";
import { Switcher, avatar } from "./switcher.js";
import { Theme } from "./theme.js";

export class Top {
  constructor(app, node) {
    this.app = app;
    this.switcher = new Switcher(app);
    this.theme = new Theme();
    this.drawer = iconButton("menu", "Channels", {
      class: "p-icon-button p-only-narrow", "aria-expanded": "false", "aria-controls": "p-side", id: "p-drawer-button",
      on: { click: () => app.sidebar.toggleDrawer() },
    });
    this.me = el("button", {
      type: "button", class: "p-me", id: "p-me", "aria-haspopup": "dialog", on: { click: () => this.switcher.open() },
    });
    this.curtain = el("button", {
      type: "button", class: "p-top__button", id: "p-curtain", "aria-controls": "p-panel", "aria-expanded": "false",
      on: { click: () => app.panel.toggle() },
    }, icon("curtain"), el("span", { class: "p-not-narrow" }, "Behind the curtain"), el("span", { class: "p-hidden p-only-narrow" }, "Behind the curtain"));
    node.append(
      this.drawer,
      el("p", { class: "p-top__what" },
        el("strong", null, "Playground"),
        el("span", { class: "p-not-narrow" }, " A stand-in for Slack on this machine. Nothing here reaches Slack."),
        el("span", { class: "p-only-narrow p-top__short" }, "Not Slack")),
      this.curtain,
      this.theme.button,
      iconButton("help", "Keyboard shortcuts", { class: "p-icon-button p-not-narrow", on: { click: () => app.help.open() } }),
      this.me,
    );
  }

  update(state) {
    this.me.setAttribute("aria-label", `You are ${state.me.real_name}. Be somebody else`);
    renew(this.me, state.me, () => [
      avatar(state.me.id, state.me.real_name, "p-avatar p-avatar--small"),
      el("span", { class: "p-me__name" }, state.me.real_name),
    ]);
    this.switcher.update(state);
  }
}
