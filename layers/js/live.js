// Asks every few seconds whether the record moved on; says how old the picture is.

const EVERY = 3000;
const SLOWEST = 60000;

class Live {
  constructor(root, poll) {
    this.poll = poll;
    this.wait = EVERY;
    this.seen = performance.now();
    this.node = el("div", "gm-status");
    this.node.setAttribute("role", "status");
    this.node.append(el("span", "gm-lamp"), el("span", "gm-status-text"));
    root.append(this.node);
    this.away = false;
    setInterval(() => this.draw(), 1000);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.soon(0);
    });
    window.addEventListener("online", () => this.soon(0));
    this.soon(EVERY);
  }

  soon(wait) {
    clearTimeout(this.next);
    this.next = setTimeout(() => this.beat(), wait);
  }

  async beat() {
    if (document.hidden) return;
    try {
      await this.poll();
      this.good();
    } catch {
      this.bad();
    }
    this.soon(this.wait);
  }

  good() {
    this.away = false;
    this.wait = EVERY;
    this.seen = performance.now();
    this.draw();
  }

  bad() {
    this.away = true;
    this.wait = Math.min(SLOWEST, this.wait * 1.6);
    this.draw();
  }

  draw() {
    const age = (performance.now() - this.seen) / 1000;
    const old = this.away || age > 30;
    this.node.classList.toggle("gm-old", old);
    const key = this.away ? "data_away" : "data_age";
    const text = say(key, { age: ageText(age) });
    const node = this.node.lastElementChild;
    if (node.textContent !== text) node.textContent = text;
    // Read out only when it gets serious, not every second.
    this.node.setAttribute("aria-live", old ? "polite" : "off");
  }
}
