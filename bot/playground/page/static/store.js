// What the page knows: the last snapshot, every call, and whether the server is there. Keeps itself up to date.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 4000;
const CALLS_KEPT = 400;
const UNSEEN = 30_000;

export class Store extends EventTarget {
  constructor(api) {
    super();
    this.api = api;
    this.state = null;
    this.calls = new Map();
    this.connected = true;
    this.wait = FIRST_WAIT;
    this.fresh = false;
    this.source = null;
  }

  // Hears of every change while somebody looks. A browser opens six connections to one address: a window that is
  // hidden for long leaves its own to the others.
  begin() {
    this.#connect();
    window.addEventListener("pagehide", () => this.#rest());
    window.addEventListener("pageshow", () => this.#wake());
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.unseen);
      if (document.hidden) this.unseen = setTimeout(() => this.#rest(), UNSEEN);
      else this.#wake();
    });
  }

  #rest() {
    this.source?.close();
    this.source = null;
  }

  #wake() {
    if (!this.source) this.#connect();
  }

  #connect() {
    const source = new EventSource(`/api/events${this.api.query}`);
    this.source = source;
    source.addEventListener("open", () => {
      this.wait = FIRST_WAIT;
      this.fresh = true;
      this.calls.clear();
      this.#connection(true);
    });
    source.addEventListener("state", (event) => {
      this.take(JSON.parse(event.data), this.fresh);
      this.fresh = false;
    });
    source.addEventListener("call", (event) => this.#call(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      this.#connection(false);
      if (source.readyState !== EventSource.CLOSED || this.source !== source) return;
      // The browser tries again by itself unless the server refused: then it is up to us.
      this.source = null;
      setTimeout(() => this.#wake(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
  }

  // Takes a snapshot unless it is older than the one before. After a reconnection any will do: the server may be a new one.
  take(state, whatever = false) {
    if (!whatever && this.state && state.version < this.state.version) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  async refresh() {
    const answer = await this.api.state();
    if (!answer.error) this.take(answer.body);
    return answer;
  }

  // Resolves when a later snapshot satisfies the condition, or when `orElse` does.
  until(condition, orElse) {
    return new Promise((resolve) => {
      const stop = (value) => {
        this.removeEventListener("state", look);
        resolve(value);
      };
      const look = () => condition(this.state) && stop(null);
      this.addEventListener("state", look);
      orElse.then(stop);
    });
  }

  #call(call) {
    this.calls.delete(call.id);
    this.calls.set(call.id, call);
    for (const id of this.calls.keys()) {
      if (this.calls.size <= CALLS_KEPT) break;
      this.calls.delete(id);
    }
    this.dispatchEvent(new Event("call"));
  }

  #connection(there) {
    if (this.connected === there) return;
    this.connected = there;
    this.dispatchEvent(new Event("connection"));
  }
}
