// The middle: the header of what is shown, the app's tabs, then messages with the composer or the Home tab.

import { Composer } from "./composer.js";
import { el, icon, renew } from "./nodes.js";
import { Home } from "./home.js";
import { Messages } from "./messages.js";
import { channelIcon, initials } from "./names.js";

export class Pane {
  constructor(app, node) {
    this.app = app;
    this.node = node;
    this.head = el("header", { class: "p-head" });
    this.tabs = el("div", { class: "p-tabs", role: "tablist", "aria-label": "The app's tabs" });
    this.messages = new Messages(app);
    this.home = new Home(app);
    this.composer = new Composer(app);
    this.talk = el("div", { class: "p-talk", id: "p-talk" }, this.messages.node, this.composer.node);
    node.replaceChildren(this.head, this.tabs, this.talk, this.home.node);
    this.tabs.addEventListener("keydown", (event) => this.#keys(event));
  }

  get channel() {
    return this.app.state.channels.find((channel) => channel.id === this.app.place.id);
  }

  // Another place is shown from now on.
  arrive() {
    const { place } = this.app;
    const home = place.kind === "home";
    this.talk.hidden = home;
    this.home.node.hidden = !home;
    if (home) this.app.api.act("home", {}).then((answer) => this.app.say(answer.error));
    else if (this.channel?.kind === "im") this.app.api.act("messages_tab", {});
    if (!home) {
      this.messages.arrive();
      this.composer.arrive(this.channel);
    }
  }

  focus() {
    if (this.app.place.kind === "home") this.tabs.querySelector("[aria-selected=true]")?.focus();
    else this.composer.field.focus();
  }

  update(state) {
    const home = this.app.place.kind === "home";
    const channel = this.channel;
    const about = home || channel?.kind === "im";
    renew(this.head, [about, channel, state.app.name, state.workspace.id], () => about
      ? [el("h1", null, el("span", { class: "p-avatar p-avatar--small p-avatar--app", "aria-hidden": "true" }, initials(state.app.name)), state.app.name)]
      : [el("h1", null, channel ? [icon(channelIcon(channel)), channel.name] : "No channel"), this.#about(channel)]);
    this.tabs.hidden = !about;
    this.#showTabs(state, home);
    if (home) this.home.update(state);
    else if (channel) {
      this.messages.update(state, channel);
      this.composer.update(state, channel);
    }
  }

  #about(channel) {
    const words = channel && [
      channel.kind === "private" && "Private channel",
      channel.shared && "Shared with another organisation",
      channel.archived && "Archived",
    ].filter(Boolean).join(" · ");
    return words ? el("p", { class: "p-head__about" }, words) : null;
  }

  #showTabs(state, home) {
    const focused = this.tabs.contains(document.activeElement);
    const im = state.channels.find((one) => one.kind === "im");
    const tabs = [["home", "Home", { kind: "home" }], ["messages", "Messages", { kind: "channel", id: im?.id }]];
    const renewed = renew(this.tabs, [home, im?.id, state.app], () => tabs.map(([id, label, place]) => el("button", {
      type: "button", class: "p-tab", role: "tab", id: `p-tab-${id}`,
      "aria-selected": String(home === (id === "home")),
      "aria-controls": id === "home" ? "p-home" : "p-talk",
      tabindex: home === (id === "home") ? "0" : "-1",
      on: { click: () => this.app.goTo(place) },
    }, label)));
    if (renewed && focused) this.tabs.querySelector("[aria-selected=true]").focus();
  }

  #keys(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    [...this.tabs.children].find((tab) => tab.getAttribute("aria-selected") !== "true")?.click();
  }
}
