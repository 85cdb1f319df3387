// Asks the playground's server. No failure leaves here as an exception: every answer says how it went.

const LOST = "The playground does not answer. Is it still running?";

async function ask(path, options = {}) {
  try {
    const response = await fetch(path, { cache: "no-store", ...options });
    const body = await response.json().catch(() => ({}));
    const error = response.ok ? "" : body.error || `The playground answered ${response.status}.`;
    return { reached: true, status: response.status, body, error };
  } catch {
    return { reached: false, status: 0, body: {}, error: LOST };
  }
}

function post(path, content) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(content),
    keepalive: true,
  });
}

export class Api {
  constructor(as, working) {
    this.as = as;
    this.working = working;
  }

  get query() {
    return this.as ? `?as=${encodeURIComponent(this.as)}` : "";
  }

  state() {
    return ask(`/api/state${this.query}`);
  }

  // {ok, failure: Slack's word, error: the playground's words, reached, status}
  async act(what, fields) {
    const answer = await this.working.during(post("/api/act", { as: this.as, do: what, ...fields }));
    const { ok = false, failure = "" } = answer.body;
    return { ok: ok && !answer.error, failure, error: answer.error, reached: answer.reached, status: answer.status };
  }

  async suggest(fields) {
    const answer = await post("/api/suggest", { as: this.as, ...fields });
    if (answer.error) throw new Error(answer.error);
    return answer.body;
  }

  resend(id) {
    return this.working.during(post("/api/resend", { id }));
  }

  faults() {
    return ask("/api/faults");
  }

  setFault(fault) {
    return post("/api/faults", fault);
  }

  clearFaults(id) {
    const which = id === undefined ? "" : `?id=${encodeURIComponent(id)}`;
    return ask(`/api/faults${which}`, { method: "DELETE", headers: { "Content-Type": "application/json" } });
  }
}
