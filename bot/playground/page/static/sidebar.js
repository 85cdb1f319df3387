// Workspaces and channels at the left; a drawer where the page is narrow.

import { el, icon, iconButton, renew } from "./nodes.js";
import { channelIcon, channelName, initials } from "./names.js";
import { addressOf } from "./switcher.js";

export class Sidebar {
  constructor(app, node) {
    this.app = app;
    this.node = node;
    this.seen = null;
    this.narrow = window.matchMedia("(max-width: 699px)");
    this.rail = el("nav", { class: "p-rail", "aria-label": "Workspaces" });
    this.head = el("div", { class: "p-side__head" });
    this.list = el("nav", { class: "p-side__list", "aria-label": "Channels" });
    this.shade = el("div", { class: "p-shade", on: { click: () => this.closeDrawer() } });
    node.append(this.rail, el("div", { class: "p-side__body" }, this.head, this.list));
    node.after(this.shade);
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen) {
        event.stopPropagation();
        this.closeDrawer();
      }
    });
    this.narrow.addEventListener("change", () => this.closeDrawer());
  }

  get isOpen() {
    return this.node.classList.contains("p-side--open");
  }

  toggleDrawer() {
    if (this.isOpen) this.closeDrawer();
    else this.#setDrawer(true);
  }

  closeDrawer() {
    if (this.isOpen) this.#setDrawer(false);
  }

  // The channels before and after the one that is shown, for Alt and the arrow keys.
  neighbour(step) {
    const links = [...this.list.querySelectorAll("a")];
    const at = links.findIndex((link) => link.hasAttribute("aria-current"));
    return links[(at + step + links.length) % links.length];
  }

  update(state) {
    this.#lookAtWhatIsNew(state);
    const { place } = this.app;
    const workspaces = new Map(state.people.toReversed().map((one) => [one.workspace, one]).toReversed());
    renew(this.rail, [[...workspaces.keys()], state.workspace.id], () => [...workspaces.values()].map((one) =>
      this.#tile(one, one.workspace === state.workspace.id)));
    renew(this.head, [state.workspace, state.me], () => [
      el("h2", null, state.workspace.name),
      iconButton("close", "Close the list of channels", { class: "p-icon-button p-only-narrow", on: { click: () => this.closeDrawer() } }),
    ]);
    const mine = state.channels.filter((channel) => channel.member);
    const unread = mine.map((channel) => this.#unread(state, channel));
    const focused = this.list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : "";
    const renewed = renew(this.list, [mine, unread, place], () => {
      const entries = mine.map((channel, at) => [channel, this.#entry(state, channel, unread[at])]);
      const channels = entries.filter(([channel]) => channel.kind !== "im").map(([, entry]) => entry);
      const apps = entries.filter(([channel]) => channel.kind === "im").map(([, entry]) => entry);
      return [
        el("h3", { id: "p-channels-title" }, "Channels"),
        el("ul", { role: "list", "aria-labelledby": "p-channels-title" }, channels),
        el("h3", { id: "p-apps-title" }, "Apps"),
        el("ul", { role: "list", "aria-labelledby": "p-apps-title" }, apps),
      ];
    });
    if (renewed && focused) [...this.list.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused)?.focus();
  }

  #tile(person, here) {
    return el("a", {
      class: "p-tile", href: addressOf(person.as), "aria-current": here ? "true" : null, title: person.workspace_name,
      "aria-label": here ? `${person.workspace_name}, this workspace` : `${person.workspace_name}, as ${person.real_name}`,
      on: { click: (event) => here && event.preventDefault() },
    }, initials(person.workspace_name ?? person.workspace));
  }

  #entry(state, channel, unread) {
    const { place } = this.app;
    const app = channel.kind === "im";
    const here = place.kind === "home" ? app : place.id === channel.id;
    const marks = [channel.kind === "private" && "private", channel.shared && "shared", channel.archived && "archived"].filter(Boolean);
    return el("li", null, el("a", {
      class: "p-channel", href: `#${channel.id}`, "aria-current": here ? "page" : null, data: { unread: unread ? "yes" : "no" },
      on: { click: (event) => this.#click(event, channel) },
    },
    app ? el("span", { class: "p-avatar p-avatar--tiny p-avatar--app", "aria-hidden": "true" }, initials(state.app.name)) : icon(channelIcon(channel)),
    el("span", { class: "p-channel__name" }, channelName(state, channel)),
    marks.length ? el("span", { class: "p-channel__mark" }, marks.join(", ")) : null,
    unread ? el("span", { class: "p-count" }, String(unread), el("span", { class: "p-hidden" }, " new")) : null));
  }

  #click(event, channel) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.app.goTo({ kind: "channel", id: channel.id }, { focus: true });
  }

  // A channel's messages are read while it is shown; those that were there at first are not news.
  #lookAtWhatIsNew(state) {
    const first = this.seen === null;
    this.seen ??= new Map();
    for (const [id, messages] of Object.entries(state.messages)) {
      if (first || id === this.app.place.id) this.seen.set(id, messages.at(-1)?.ts ?? "");
    }
  }

  #unread(state, channel) {
    const since = Number(this.seen.get(channel.id) || 0);
    return (state.messages[channel.id] ?? []).filter((one) => Number(one.ts) > since).length;
  }

  #setDrawer(open) {
    this.node.classList.toggle("p-side--open", open);
    const button = document.getElementById("p-drawer-button");
    button.setAttribute("aria-expanded", String(open));
    document.getElementById("p-main").inert = open;
    if (open) (this.list.querySelector("[aria-current]") ?? this.list.querySelector("a"))?.focus();
    else button.focus();
  }
}
