// What the person does with blocks, in the order in which it was done: typed text reaches the server before what follows it.

const TYPING_PAUSE = 150;

function keyOf(place, blockId, actionId) {
  return JSON.stringify([place.kind, place.id ?? place.ts ?? "", blockId, actionId]);
}

function valuesAt(state, place) {
  if (place.kind === "view") return state.modals.find((view) => view.id === place.id)?.values;
  if (place.kind === "home") return state.home?.values;
  return state.messages[place.channel]?.find((message) => message.ts === place.ts)?.values;
}

export class Acts {
  constructor(api, store, say) {
    this.api = api;
    this.store = store;
    this.say = say;
    this.chain = Promise.resolve();
    this.unsent = new Map();
    window.addEventListener("pagehide", () => this.flush());
  }

  // One text field has another text. Sent at most every 150 ms, the latest text each time.
  fill(place, block, element, { text, enter = false }) {
    const key = keyOf(place, block.block_id, element.action_id);
    const waiting = this.unsent.get(key) ?? { key, place, block_id: block.block_id, action_id: element.action_id };
    waiting.text = text;
    waiting.again = (waiting.again ?? 0) + 1;
    waiting.enter ||= enter;
    this.unsent.set(key, waiting);
    if (enter) return this.flush();
    waiting.timer ??= setTimeout(() => this.#enqueueFill(waiting), TYPING_PAUSE);
    return this.chain;
  }

  // Sends everything typed so far; resolves when the server has it, with whether it has.
  async flush() {
    for (const waiting of this.unsent.values()) {
      clearTimeout(waiting.timer);
      this.#enqueueFill(waiting);
    }
    await this.chain;
    return this.unsent.size === 0;
  }

  press(place, block, element, detail = {}) {
    const fields = { place, block_id: block.block_id, action_id: element.action_id };
    if (element.value !== undefined) fields.value = element.value;
    if (detail.option !== undefined) fields.option = detail.option?.value ?? detail.option;
    return this.#afterTyping(() => this.api.act("press", fields)).then((answer) => this.#judge(answer, place));
  }

  choose(place, block, element, detail) {
    const fields = { place, block_id: block.block_id, action_id: element.action_id, ...detail };
    this.flush();
    const chosen = this.chain.then(() => this.api.act("choose", fields));
    this.chain = chosen;
    return chosen.then((answer) => this.#judge(answer, place));
  }

  // Submits a dialog, after everything that was typed into it; says how it went.
  async submit(view) {
    if (!(await this.flush())) return { ok: false, failure: "", error: "What you typed could not be sent.", reached: false };
    const asked = this.chain.then(() => this.api.act("submit", { view: view.id }));
    this.chain = asked;
    return this.#seen(await asked);
  }

  // Closes a dialog, or the whole stack, whatever else is under way.
  async close(view, everything) {
    return this.#seen(await this.api.act(everything ? "close_all" : "close", { view: view.id }));
  }

  // What came of it is on the page when this resolves.
  async #seen(answer) {
    if (answer.reached) await this.store.refresh();
    return answer;
  }

  // The values of a place, with what was typed here and is not there yet.
  overlaid(place, values) {
    const mine = [...this.unsent.values()].filter((each) => keyOf(each.place, "", "") === keyOf(place, "", ""));
    if (!mine.length) return values ?? {};
    const merged = { ...values };
    for (const { block_id: block, action_id: action, text } of mine) {
      const before = merged[block]?.[action] ?? {};
      merged[block] = { ...merged[block], [action]: { ...before, value: text } };
    }
    return merged;
  }

  #enqueueFill(waiting) {
    waiting.timer = null;
    if (waiting.queued) return;
    waiting.queued = true;
    this.chain = this.chain.then(() => this.#sendFill(waiting));
  }

  // Goes on as soon as the server holds the text, without waiting for what the app makes of it.
  async #sendFill(waiting) {
    waiting.queued = false;
    clearTimeout(waiting.timer);
    waiting.timer = null;
    const { place, block_id: block, action_id: action, text, again, enter } = waiting;
    waiting.enter = false;
    const holds = (state) => (valuesAt(state, place)?.[block]?.[action]?.value ?? "") === text;
    const heldBefore = holds(this.store.state);
    const asked = this.api.act("fill", { place, block_id: block, action_id: action, text, enter: Boolean(enter) });
    const answer = await (enter || heldBefore ? asked : this.store.until(holds, asked));
    if (answer && !answer.reached) {
      this.say(answer.error);
      return;
    }
    if (answer === null) asked.then((late) => this.#judge(late, place));
    else this.#judge(answer, place);
    if (waiting.again === again) this.unsent.delete(waiting.key);
  }

  async #afterTyping(job) {
    await this.flush();
    return job();
  }

  // A dialog shows Slack's words by itself; for a place that is gone the next snapshot is the answer.
  async #judge(answer, place) {
    if (answer.status === 409) await this.store.refresh();
    if (answer.error && !(answer.status === 409 && place.kind === "view")) this.say(answer.error);
    return answer;
  }
}
