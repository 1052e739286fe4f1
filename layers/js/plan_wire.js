// Sending edits, one after the other, each on the version that the one before it left.

class Refused extends Error {
  constructor(status, body) {
    super(body.error);
    this.status = status;
    this.body = body;
  }
}

async function post(address, content) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(content),
      headers: { "Content-Type": "application/json" },
    });
  } catch {
    throw new Refused(0, { error: "away", words: say("plan_away") });
  }
  if (answer.status === 401) toSignIn();
  const body = await answer.json().catch(() => ({ error: "failed" }));
  if (!answer.ok) throw new Refused(answer.status, { words: say("plan_failed"), ...body });
  return body;
}

class EditLine {
  constructor(bench) {
    this.bench = bench;
    this.waiting = [];
    this.running = false;
  }

  // `moves` is what the edit will do as far as is known: shown until the answer is here.
  add(command, moves = new Map()) {
    this.waiting.push({ command, moves });
    this.bench.place([]);
    return this.run();
  }

  get moves() {
    return new Map(this.waiting.flatMap((edit) => [...edit.moves]));
  }

  async run() {
    if (this.running) return;
    this.running = true;
    try {
      while (this.waiting.length) await this.send(this.waiting[0]);
    } finally {
      this.running = false;
    }
  }

  async send(edit) {
    const { bench } = this;
    const { model, planId } = bench;
    const began = performance.now();
    try {
      const change = await post(`/plan/${planId}/edit`, { version: model.version, command: edit.command });
      this.waiting.shift();
      if (bench.model !== model) return; // another plan is shown meanwhile
      bench.took(change, edit.command);
      bench.lastEdit = performance.now() - began;
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      // What was drawn on a plan that is not so is not sent.
      this.waiting.length = 0;
      bench.refused(refused, edit);
    }
  }
}
