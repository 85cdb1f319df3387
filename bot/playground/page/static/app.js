// Puts the page together: who looks at it, at what, and who is told of a change.

import { Acts } from "./acts.js";
import { Api } from "./api.js";
import { askConfirm } from "./confirm.js";
import { renew, el } from "./nodes.js";
import { Focus } from "./focus.js";
import { Help } from "./help.js";
import { Modals } from "./modal.js";
import { Panel } from "./panel.js";
import { Pane } from "./pane.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { Strips } from "./strips.js";
import { Top } from "./top.js";
import { Working } from "./working.js";

class App extends EventTarget {
  constructor() {
    super();
    this.api = new Api(new URLSearchParams(location.search).get("as") ?? "", new Working(document.getElementById("p-working")));
    this.store = new Store(this.api);
    this.strips = new Strips(this, document.getElementById("p-strips"));
    this.acts = new Acts(this.api, this.store, (words) => this.say(words));
    this.place = null;
    this.live = document.getElementById("p-live");
  }

  async start() {
    const answer = await this.store.refresh();
    if (answer.status === 400 || answer.status === 404) return this.#nobody(answer.error);
    if (answer.error) {
      this.strips.say(answer.error);
      setTimeout(() => this.start(), 1000);
      return undefined;
    }
    this.#signIn(this.store.state);
    this.#build();
    this.store.addEventListener("state", () => this.#changed());
    this.store.addEventListener("connection", () => this.strips.connection(this.store.connected));
    this.#changed();
    this.store.begin();
    window.addEventListener("hashchange", () => this.#follow());
    return undefined;
  }

  get state() {
    return this.store.state;
  }

  say(words) {
    if (words) this.strips.say(words);
  }

  // Reads words out, for those who do not see the page.
  announce(words) {
    const line = el("p", null, words);
    this.live.append(line);
    setTimeout(() => line.remove(), 5000);
  }

  goTo(place, { focus = false } = {}) {
    const hash = place.kind === "home" ? "#home" : `#${place.id}`;
    this.sidebar.closeDrawer();
    if (location.hash !== hash) history.pushState(null, "", location.pathname + location.search + hash);
    this.#show(place);
    if (focus) this.pane.focus();
  }

  // What a renderer of blocks needs to know, for one place.
  contextFor(surface, place, values, errors, idPrefix) {
    const { users, channels, me } = this.state;
    const by = (kind) => (block, element, detail) => this.acts[kind](place, block, element, detail ?? {});
    const doing = { press: by("press"), fill: by("fill"), choose: by("choose") };
    return {
      surface,
      values: this.acts.overlaid(place, values),
      errors: errors ?? {},
      users,
      channels,
      me,
      now: Date.now(),
      locale: navigator.language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      idPrefix,
      act: (kind, block, element, detail) => doing[kind](block, element, detail),
      confirm: (confirm) => askConfirm(confirm, this.contextFor(surface, place, {}, {}, `${idPrefix}-confirm`)),
      suggest: (block, element, query) =>
        this.api.suggest({ place, block_id: block.block_id, action_id: element.action_id, query }),
      openUrl: (url) => /^(https?|mailto|tel):/i.test(url) && window.open(url, "_blank", "noopener"),
    };
  }

  #build() {
    this.sidebar = new Sidebar(this, document.getElementById("p-side"));
    this.pane = new Pane(this, document.getElementById("p-main"));
    this.modals = new Modals(this, document.getElementById("p-overlay"), document.getElementById("p-workspace"));
    this.panel = new Panel(this, document.getElementById("p-panel"));
    this.help = new Help();
    this.top = new Top(this, document.getElementById("p-top"));
    this.focus = new Focus(this);
    this.#follow();
  }

  // The page's address names who looks, so that it can be reloaded and shared.
  #signIn(state) {
    this.api.as = state.as;
    const query = new URLSearchParams(location.search);
    query.set("as", state.as);
    const search = `?${query}`.replaceAll("%2F", "/");
    if (search !== location.search) history.replaceState(null, "", location.pathname + search + location.hash);
  }

  #follow() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (wanted === "home") return this.#show({ kind: "home" });
    const channels = this.state.channels.filter((channel) => channel.member);
    const found = channels.find((one) => one.id === wanted)
      ?? channels.find((one) => one.name === "general") ?? channels[0];
    return this.#show({ kind: "channel", id: found?.id ?? "" });
  }

  #show(place) {
    const arrived = JSON.stringify(place) !== JSON.stringify(this.place);
    this.place = place;
    if (!arrived) return;
    this.pane.arrive();
    this.#changed();
  }

  #changed() {
    const { state } = this;
    const here = state.channels.find((channel) => channel.id === this.place?.id);
    const title = this.place?.kind === "home" ? state.app.name : here && (here.kind === "im" ? state.app.name : `#${here.name}`);
    document.title = `${title ?? state.workspace.name} · ${state.me.real_name} · Playground`;
    this.strips.troubles(state.troubles);
    for (const part of [this.top, this.sidebar, this.pane, this.modals]) part.update(state);
  }

  #nobody(words) {
    renew(document.getElementById("p-main"), words, () => [
      el("p", { class: "p-starting" }, words || "Nobody of that name is here. ", " ", el("a", { href: "/" }, "Start again")),
    ]);
  }
}

new App().start();
