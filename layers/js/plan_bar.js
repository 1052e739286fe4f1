// The workbench's own controls: tools, what the chosen one needs, undo, what is shown, what went wrong.

Object.assign(ICONS, {
  hand: "M5 3l14 8-6 1.6L9.6 19z",
  move: "M4 12h12M12 7l5 5-5 5M20 5v14",
  lasso: "M12 5c5 0 9 2.2 9 5.3s-4 5.4-9 5.4-9-2.3-9-5.4S7 5 12 5zM7 15.4c-2 1.6-1 4.600 2 4.600",
  brush: "M20 4l-9 9M11 13c-3-1-5 1-5 4 0 1.500-1 2.500-2.500 2.700C6 21.500 12 20 12 15.800z",
  drag: "M12 3v18M8 8l-4 4 4 4M16 8l4 4-4 4",
  split: "M4 5h16v14H4zM8 3l8 18",
  merge: "M4 5h6v14H4zM14 5h6v14h-6M7 12h10M14 9.500l3 2.500-3 2.500",
  carve: "M6 8l7-4 6 6-3 9-9-1zM6 8l1 10",
  border: "M4 6h16v13H4zM12 6c-3 4 4 8 0 13",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  pin: "M12 21s6-6.200 6-11a6 6 0 0 0-12 0c0 4.800 6 11 6 11zM12 8v4M10 10h4",
  undo: "M9 7L4.500 11.500 9 16M5 11.500h9a5 5 0 0 1 0 10h-3",
  redo: "M15 7l4.500 4.500L15 16M19 11.500h-9a5 5 0 0 0 0 10h3",
  check: "M5 12.500l4.500 4.500L19 7",
  tools: "M4 7h10M4 12h16M4 17h7M17 5v4M14 15v4",
});

class ToolBox {
  constructor(root, bench, tools) {
    this.bench = bench;
    this.node = shield(el("div", "gm-panel gp-tools"));
    this.node.setAttribute("role", "toolbar");
    this.node.dataset.say = "plan_tools";
    this.fold = button("tools", "plan_tools", () => this.open(!this.node.classList.contains("gp-open")));
    this.fold.classList.add("gp-fold");
    this.fold.append(el("span", "gp-fold-name"));
    this.list = el("div", "gp-list");
    this.buttons = new Map(tools.map((tool) => [tool, this.toolButton(tool)]));
    this.list.append(...this.buttons.values());
    this.node.append(this.fold, this.list);
    root.append(this.node);
  }

  toolButton(tool) {
    const node = el("button", "gp-tool");
    node.type = "button";
    node.dataset.tool = tool.name;
    node.append(icon(tool.icon), sayText("span", "gp-tool-name", `plan_tool_${tool.name}`), el("kbd", "", tool.key.toUpperCase()));
    node.setAttribute("aria-keyshortcuts", tool.key.toUpperCase());
    node.addEventListener("click", () => {
      this.bench.use(tool);
      this.open(false);
    });
    return node;
  }

  open(open) {
    this.node.classList.toggle("gp-open", open);
    this.fold.setAttribute("aria-expanded", String(open));
  }

  show(current, editable) {
    for (const [tool, node] of this.buttons) {
      node.setAttribute("aria-pressed", String(tool === current));
      node.disabled = !editable && tool.draws;
      // Where nothing can be drawn, drawing is not offered; a look at something else is short.
      node.hidden = node.disabled && !this.bench.elsewhere;
    }
    this.fold.replaceChildren(icon(current.icon), sayText("span", "gp-fold-name", `plan_tool_${current.name}`));
    label(this.node);
  }
}

// Beside the tools: what the chosen tool wants, in one line, with what can be set for it.
class ToolLine {
  constructor(root, bench) {
    this.bench = bench;
    this.node = shield(el("div", "gm-panel gp-line"));
    this.hint = el("span", "gp-hint");
    this.hint.setAttribute("role", "status");
    this.target = this.targetField();
    this.width = this.widthField();
    this.kinds = this.kindField();
    this.done = this.textButton("check", "plan_done", () => bench.tool.finish?.());
    this.stop = this.textButton("close", "plan_cancel", () => bench.cancel());
    this.sums = shield(el("div", "gm-panel gp-sums"));
    this.sums.setAttribute("role", "status");
    this.sums.hidden = true;
    this.node.append(this.hint, this.target, this.width, this.kinds, this.done, this.stop);
    root.append(this.node, this.sums);
  }

  textButton(sign, key, press) {
    const node = el("button", "gp-text-button");
    node.type = "button";
    node.append(icon(sign), sayText("span", "", key));
    node.addEventListener("click", press);
    return node;
  }

  targetField() {
    const field = el("label", "gp-field");
    this.select = el("select");
    this.select.addEventListener("change", () => this.bench.aim(this.select.value));
    field.append(sayText("span", "", "plan_target"), this.select);
    return field;
  }

  widthField() {
    const field = el("label", "gp-field");
    this.range = el("input");
    Object.assign(this.range, { type: "range", min: "5", max: "120", step: "5" });
    this.range.addEventListener("input", () => this.bench.widen(Number(this.range.value)));
    this.metres = el("output", "gp-metres");
    field.append(sayText("span", "", "plan_width"), this.range, this.metres);
    return field;
  }

  kindField() {
    const field = el("fieldset", "gp-kinds");
    for (const kind of ["grid", "cell", "border"]) {
      const row = el("label");
      const box = el("input");
      Object.assign(box, { type: "radio", name: "gp-lock", value: kind, checked: kind === "grid" });
      box.addEventListener("change", () => this.bench.tool.choose?.(kind));
      row.append(box, sayText("span", "", `plan_lock_${kind}`));
      field.append(row);
    }
    return field;
  }

  draw() {
    const { tool, model, target, radius } = this.bench;
    if (!model) return;
    const { elsewhere, shown: { proposal } } = this.bench;
    const said = say(proposal ? "plan_shows_proposal" : elsewhere ? "plan_shows_older" : tool.hint());
    // What follows a semicolon is about keys, which a finger has not.
    const text = coarse() ? said.split(/[;；]/)[0] : said;
    this.node.classList.toggle("gp-looking", elsewhere);
    if (this.hint.textContent !== text) this.hint.textContent = text;
    this.target.hidden = !tool.usesTarget;
    this.width.hidden = !tool.usesWidth;
    this.kinds.hidden = tool.name !== "lock";
    this.done.hidden = !tool.finishable?.();
    this.stop.hidden = !tool.running?.();
    const options = [["", say("plan_choose")], ...model.now.grids.map((grid) => [grid.label, grid.title]), ["new", say("plan_new_grid")]];
    this.select.replaceChildren(...options.map(([value, name]) => Object.assign(el("option", "", name), { value })));
    this.select.value = target ?? "";
    this.range.value = String(radius);
    this.metres.textContent = say("metres", { n: radius });
    label(this.node);
  }

  // Households of the grids that a stroke touches, before and after.
  tell(sums) {
    const { model, preview } = this.bench;
    this.sums.hidden = !sums.size;
    this.node.classList.toggle("gp-still", Boolean(sums.size) && !this.bench.tool.finishable?.());
    this.sums.replaceChildren(...[...sums].map(([key, { before, after }]) => {
      const grid = model.grid(key);
      const row = el("span", "gp-sum");
      const swatch = el("span", "gm-swatch");
      swatch.style.background = hue(grid?.colour ?? 5);
      const verdict = grid?.kind === "dedicated" ? "" : model.verdict(after);
      const text = `${whole.format(before)} → ${whole.format(after)}`;
      row.append(swatch, el("b", "", grid?.title ?? say("plan_new_grid")), el("span", "gp-number", text));
      if (model.apart(key, preview)) row.append(el("span", "gp-verdict gp-above", say("plan_apart")));
      else if (verdict) row.append(el("span", `gp-verdict gp-${verdict}`, `${VERDICT_SIGN[verdict]} ${say(`plan_${verdict}`)}`));
      return row;
    }));
  }
}

// Undo, redo, before and after, difference.
class ViewLine {
  constructor(root, bench) {
    this.bench = bench;
    this.node = shield(el("div", "gm-panel gp-view"));
    this.undo = this.press("undo", "plan_undo", "Ctrl+Z", () => bench.edit({ op: "undo" }));
    this.redo = this.press("redo", "plan_redo", "Ctrl+Shift+Z", () => bench.edit({ op: "redo" }));
    this.drawn = this.toggle("plan_as_drawn", "", () => bench.seeStart(false));
    this.start = this.toggle("plan_as_was", "T", () => bench.seeStart(true));
    this.difference = this.toggle("plan_difference", "X", () => bench.seeDifference(!bench.painter.difference));
    this.both = this.toggle("plan_both", "H", () => bench.seeBoth(!bench.curtain.shown));
    const sides = el("div", "gp-sides");
    sides.append(this.start, this.drawn, this.both);
    this.node.append(this.undo, this.redo, sides, this.difference);
    root.append(this.node);
  }

  press(sign, key, short, act) {
    const node = button(sign, key, act);
    node.setAttribute("aria-keyshortcuts", short.replace("Ctrl", "Control"));
    return node;
  }

  toggle(key, short, act) {
    const node = el("button", "gp-toggle");
    node.type = "button";
    node.append(sayText("span", "", key));
    if (short) node.append(el("kbd", "", short));
    node.addEventListener("click", act);
    return node;
  }

  draw() {
    const { model, painter } = this.bench;
    if (!model) return;
    this.undo.disabled = !model.editable || !model.canUndo;
    this.redo.disabled = !model.editable || !model.canRedo;
    this.drawn.setAttribute("aria-pressed", String(!painter.start && !this.bench.curtain.shown));
    this.both.setAttribute("aria-pressed", String(this.bench.curtain.shown));
    this.start.setAttribute("aria-pressed", String(painter.start));
    this.difference.setAttribute("aria-pressed", String(painter.difference));
  }
}

// The signs of the map, folded away until asked for.
class Signs {
  constructor(root, bench) {
    this.bench = bench;
    this.node = shield(el("section", "gm-panel gp-signs"));
    this.toggle = button("legend", "plan_legend", () => this.open(this.list.hidden));
    this.list = el("ul");
    this.node.append(this.list, this.toggle);
    root.append(this.node);
    this.open(false);
    themeListeners.add(() => this.draw());
  }

  open(open) {
    this.list.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
  }

  draw() {
    const { model } = this.bench;
    if (!model) return;
    const [low, high] = model.band.map((n) => whole.format(n));
    const inks = planInk();
    const row = (key, colour, className) => {
      const node = el("li", "", say(key, { low, high }));
      if (className) {
        const sign = el("i", className);
        sign.style.color = colour;
        node.prepend(sign);
      } else node.style.color = colour;
      return node;
    };
    this.list.replaceChildren(
      row("plan_sign_below", inks.below), row("plan_sign_within", inks.within), row("plan_sign_above", inks.above),
      row("plan_sign_moved", inks.hatch, "gp-hatched"), row("plan_sign_was", inks.was, "gp-dotted"),
      row("plan_sign_locked", inks.lock, "gp-locked"),
    );
  }
}

// What went wrong or was done, in words; a choice where the planner has one.
class Notes {
  constructor(root) {
    this.node = shield(el("div", "gp-notes"));
    root.append(this.node);
  }

  clear() {
    clearTimeout(this.timer);
    this.node.replaceChildren();
  }

  // Whoever goes on has read it; what asks for a choice waits for it.
  ebb() {
    if (!this.node.querySelector(".gp-asks")) this.clear();
  }

  // `choices` are pairs of a word's key and what it does.
  tell(text, { role = "alert", choices = [], keep = false } = {}) {
    this.clear();
    const note = el("div", `gm-panel gp-note gp-${role}`);
    note.setAttribute("role", role);
    note.append(el("span", "gp-note-text", text));
    const row = el("div", "gp-choices");
    for (const [key, act] of choices) {
      const node = el("button", "gp-text-button", say(key));
      node.type = "button";
      node.addEventListener("click", () => {
        this.clear();
        act();
      });
      row.append(node);
    }
    if (!choices.length) {
      const close = button("close", "plan_dismiss", () => this.clear());
      row.append(close);
    }
    note.classList.toggle("gp-asks", choices.length > 0);
    note.append(row);
    label(note);
    this.node.append(note);
    if (choices.length) row.firstChild.focus({ preventScroll: true });
    if (!keep && !choices.length) this.timer = setTimeout(() => this.clear(), 9000);
  }
}
