// Asking the feeds: JSON only, conditional where it is asked again and again.

const held = new Map(); // address -> { etag, body } of feeds that are polled

class Away extends Error {} // the store or the network is away: keep the last picture

// A frame may not steer its parent, so the parent's own link is pressed.
function toSignIn() {
  const page = window.parent.document;
  const link = page.createElement("a");
  link.href = "/sign-in";
  page.body.append(link);
  link.click();
  link.remove();
}

async function ask(address, { signal, poll = false } = {}) {
  const before = poll ? held.get(address) : undefined;
  let answer;
  try {
    answer = await fetch(address, {
      signal,
      credentials: "same-origin",
      headers: before ? { "If-None-Match": before.etag } : {},
    });
  } catch (trouble) {
    if (trouble.name === "AbortError") throw trouble;
    throw new Away("network");
  }
  if (answer.status === 304 && before) return { body: before.body, changed: false };
  if (answer.status === 401) {
    toSignIn();
    throw new Away("signed out");
  }
  if (answer.status >= 500) throw new Away("store");
  if (!answer.ok) return { body: null, changed: true };
  const body = await answer.json();
  const etag = answer.headers.get("etag");
  if (poll && etag) {
    held.set(address, { etag, body });
    if (held.size > 24) held.delete(held.keys().next().value);
  }
  return { body, changed: true };
}

// A few answers kept by address; one that failed or was refused is forgotten and asked for again.
class Shelf {
  constructor(size) {
    this.size = size;
    this.kept = new Map();
  }

  get(address) {
    let found = this.kept.get(address);
    if (found) this.kept.delete(address);
    else {
      found = ask(address).then(({ body }) => {
        if (!body) this.kept.delete(address);
        return body;
      });
      found.catch(() => this.kept.delete(address));
    }
    this.kept.set(address, found);
    if (this.kept.size > this.size) this.kept.delete(this.kept.keys().next().value);
    return found;
  }
}
