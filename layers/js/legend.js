// The legend: classes of the figure, what has no data, and what the symbols mean.

class Legend {
  constructor(root) {
    this.node = shield(el("section", "gm-panel gm-legend"));
    this.node.dataset.say = "legend";
    this.toggle = button("legend", "legend", () => this.open(this.node.classList.contains("gm-shut")));
    this.toggle.classList.add("gm-legend-toggle");
    this.body = el("div", "gm-legend-body");
    this.node.append(this.toggle, this.body);
    root.append(this.node);
    this.open(!narrow());
    themeListeners.add(() => this.draw());
  }

  open(open) {
    this.node.classList.toggle("gm-shut", !open);
    this.toggle.setAttribute("aria-expanded", String(open));
  }

  set(view, shownKinds) {
    this.view = view;
    this.kinds = shownKinds;
    this.draw();
  }

  draw() {
    const { view } = this;
    if (!view || !words.colours) return;
    this.body.replaceChildren();
    const title = el("h2", "", words.figures[view.figure.key]);
    const how = say(view.classing === "equal" ? "equal" : "quantiles");
    const sub = [words.levels[view.level], how, say(`unit_${view.figure.form}`)].filter(Boolean).join(" · ");
    this.body.append(title, el("div", "gm-legend-sub", sub));
    this.body.append(this.classes(view));
    this.body.append(this.key());
    label(this.node);
  }

  classes(view) {
    const list = el("ul", "gm-classes");
    const colours = view.colours[dark ? 1 : 0];
    const counts = view.breaks.map(() => 0);
    let none = 0;
    for (const value of view.areas.value) {
      const c = classOf(value, view.breaks);
      if (c < 0) none += 1;
      else counts[c] += 1;
    }
    const known = view.areas.value.filter((v) => v !== null);
    const low = known.length ? Math.min(...known) : 0;
    // Shares that lie close together are told apart by a decimal.
    const close = ["ratio", "percent"].includes(view.figure.form) && Math.max(...known) - low < 0.1;
    view.breaks.forEach((bound, i) => {
      const from = i ? nextValue(view.breaks[i - 1], view.figure.form) : low;
      list.append(this.row(colours[i], rangeText(from, bound, close ? "fine" : view.figure.form), counts[i]));
    });
    if (none || !view.breaks.length) list.append(this.row(ink.none, say("no_data"), none));
    return list;
  }

  row(colour, text, count) {
    const row = el("li");
    const swatch = el("span", "gm-swatch");
    swatch.style.background = colour;
    row.append(swatch, el("span", "gm-range", text), el("span", "gm-count", whole.format(count)));
    return row;
  }

  // What the symbols mean; folded where the map is small.
  key() {
    const key = el("details");
    key.open = this.keyOpen ?? window.innerWidth >= 1150;
    key.addEventListener("toggle", () => (this.keyOpen = key.open));
    key.append(el("summary", "", say("incidents")), this.symbols());
    return key;
  }

  symbols() {
    const list = el("ul", "gm-symbols");
    for (const kind of this.kinds?.length ? this.kinds : Object.keys(words.kinds)) {
      const row = el("li");
      row.append(symbolNode(kind), el("span", "", words.kinds[kind]));
      list.append(row);
    }
    const states = el("ul", "gm-symbols gm-states");
    for (const [type, key] of [["waiting", "type_waiting"], ["working", "type_working"], ["held", "type_held"], ["done", "type_done"]]) {
      const row = el("li");
      const dot = el("span", "gm-dot");
      dot.style.background = shade(words.colours.states[type]);
      row.append(dot, el("span", "", say(key)));
      states.append(row);
    }
    const row = el("li");
    const ring = el("span", "gm-ring");
    ring.style.borderColor = shade(words.colours.overdue);
    row.append(ring, el("span", "", words.figures.overdue));
    states.append(row);
    const both = el("div", "gm-key");
    both.append(list, states);
    return both;
  }
}

// Classes of whole numbers do not share a bound: 1–3, 4–7.
const nextValue = (bound, form) => (form === "count" ? Math.floor(bound) + 1 : bound);

function rangeText(from, to, form) {
  const last = form === "count" ? Math.floor(to) : to;
  const [a, b] = [figureText(from, form), figureText(last, form)];
  return a === b || from > last ? b : `${a} – ${b}`;
}
