// The search box: suggestions while typing, then a flight to what was chosen.

class Search {
  constructor(root, choose) {
    this.choose = choose;
    this.hits = [];
    this.current = -1;
    this.node = shield(el("div", "gm-search"));
    this.field = el("div", "gm-panel gm-field");
    this.input = el("input");
    this.input.type = "search";
    this.input.autocomplete = "off";
    this.input.spellcheck = false;
    this.input.maxLength = 60;
    this.input.dataset.sayPlaceholder = "search";
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", "gm-hits"], ["aria-autocomplete", "list"]]) {
      this.input.setAttribute(name, value);
    }
    this.clear = button("close", "clear_search", () => this.reset());
    this.clear.hidden = true;
    this.field.append(icon("search"), this.input, this.clear);
    this.list = el("ul", "gm-panel gm-hits");
    this.list.id = "gm-hits";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    this.node.append(this.field, this.list);
    root.append(this.node);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.hits.length && this.open(true));
    this.node.addEventListener("focusout", (event) => {
      if (!this.node.contains(event.relatedTarget)) setTimeout(() => this.open(false), 120);
    });
  }

  typed() {
    const text = this.input.value.trim();
    this.clear.hidden = !text;
    clearTimeout(this.later);
    if (!text) {
      this.show([]);
      this.open(false);
      return;
    }
    this.later = setTimeout(() => this.ask(text), 140);
  }

  async ask(text) {
    this.running?.abort();
    this.running = new AbortController();
    try {
      const { body } = await ask(`/map/search?q=${encodeURIComponent(text)}`, { signal: this.running.signal });
      if (this.input.value.trim() !== text) return;
      this.show(body?.hits ?? []);
      this.open(true);
    } catch {
      // A search that was overtaken or could not be answered leaves the last suggestions.
    }
  }

  show(hits) {
    this.hits = hits;
    this.current = -1;
    this.list.replaceChildren();
    hits.forEach((hit, i) => {
      const row = el("li");
      row.id = `gm-hit-${i}`;
      row.setAttribute("role", "option");
      const text = el("span", "gm-hit-text");
      text.append(el("span", "gm-hit-label", hit.label), el("span", "gm-hit-detail", hit.detail));
      row.append(icon(hit.kind), text);
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => this.take(hit));
      this.list.append(row);
    });
    if (!hits.length) this.list.append(el("li", "gm-hit-none", say("nothing_found")));
  }

  open(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  key(event) {
    if (event.key === "Escape") {
      if (this.list.hidden) this.reset();
      else this.open(false);
    } else if (event.key === "Enter" && this.hits.length && !this.list.hidden) {
      this.take(this.hits[Math.max(0, this.current)]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (this.hits.length) this.mark((this.current + step + this.hits.length) % this.hits.length);
    }
  }

  mark(i) {
    this.list.children[this.current]?.removeAttribute("aria-selected");
    this.current = i;
    const row = this.list.children[i];
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", row.id);
  }

  take(hit) {
    this.input.value = hit.label;
    this.clear.hidden = false;
    this.open(false);
    if (narrow()) this.input.blur();
    this.choose(hit);
  }

  reset() {
    this.input.value = "";
    this.clear.hidden = true;
    this.show([]);
    this.open(false);
    this.input.focus();
  }
}
