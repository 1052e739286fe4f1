// Tools that work by pressing: pick, move, merge, lock, comment. Each says what it needs.

class Tool {
  constructor(bench, name, key, sign) {
    Object.assign(this, { bench, name, key, icon: sign });
    this.draws = true; // changes the plan
    this.strokes = false; // works by drawing over the map, which then stands still
    this.usesTarget = false;
    this.usesWidth = false;
  }

  hint() {
    return this.usesTarget && !this.bench.target ? "plan_hint_target" : `plan_hint_${this.name}`;
  }

  begin() {}
  press() {}
  hover() {}
  down() {}
  drag() {}
  up() {}
  drop() {}
  paint() {}

  // Without a target the first press chooses one; with Alt every press does.
  aims(at) {
    if (!this.usesTarget || !at.cell || (this.bench.target && !at.alt)) return false;
    this.bench.aim(at.cell.label);
    return true;
  }
}

class Hand extends Tool {
  constructor(bench) {
    super(bench, "hand", "v", "hand");
    this.draws = false;
  }

  press(at) {
    this.bench.pick(at.cell ? this.bench.painter.side.labelOf(at.cell) : "");
  }
}

class MoveTool extends Tool {
  constructor(bench) {
    super(bench, "move", "m", "move");
    this.usesTarget = true;
  }

  movesOf(at) {
    const { target } = this.bench;
    return at.cell && target && at.cell.label !== target ? new Map([[at.cell, target]]) : new Map();
  }

  hover(at) {
    this.bench.place(this.movesOf(at));
  }

  press(at) {
    if (this.aims(at)) return;
    const moves = this.movesOf(at);
    if (moves.size) this.bench.edit({ op: "move", cells: [at.cell.n], to: this.bench.target }, moves);
  }
}

class MergeTool extends Tool {
  constructor(bench) {
    super(bench, "merge", "j", "merge");
  }

  hint() {
    return this.keep ? "plan_hint_merge_other" : "plan_hint_merge";
  }

  running() {
    return Boolean(this.keep);
  }

  drop() {
    this.keep = null;
    this.bench.picked = "";
  }

  movesOf(at) {
    const { model } = this.bench;
    if (!at.cell || !this.keep || at.cell.label === this.keep) return new Map();
    return new Map(model.grid(at.cell.label).cells.map((cell) => [cell, this.keep]));
  }

  hover(at) {
    this.bench.place(this.movesOf(at));
  }

  press(at) {
    if (!at.cell) return;
    if (!this.keep) {
      this.keep = at.cell.label;
      this.bench.pick(this.keep);
      return;
    }
    const moves = this.movesOf(at);
    if (!moves.size) return;
    this.bench.edit({ op: "merge", keep: this.keep, gone: at.cell.label }, moves);
    this.keep = null;
  }
}

class LockTool extends Tool {
  constructor(bench) {
    super(bench, "lock", "k", "lock");
    this.kind = "grid";
  }

  hint() {
    return `plan_hint_lock_${this.kind}`;
  }

  choose(kind) {
    this.kind = kind;
    this.bench.drawLine();
  }

  keyOf(at) {
    const { model, reach } = this.bench;
    if (this.kind === "grid") return at.cell && [`lock:grid:${at.cell.label}`, model.grid(at.cell.label)?.locked];
    if (this.kind === "cell") return at.cell && [`lock:cell:${at.cell.n}`, model.lockedCells.has(at.cell.n)];
    const border = model.borderAt(at.local, reach());
    if (!border) return null;
    const pair = pairKey(border.one, border.other);
    return [`lock:border:${pair}`, model.lockedBorders.has(pair)];
  }

  press(at) {
    const found = this.keyOf(at);
    if (found) this.bench.edit({ op: found[1] ? "unlock" : "lock", key: found[0] });
    else if (this.kind === "border") this.bench.notes.tell(say("plan_no_border"), { role: "status" });
  }
}

class PinTool extends Tool {
  constructor(bench) {
    super(bench, "pin", "p", "pin");
    this.draws = false;
  }

  press(at) {
    this.spot = at.local;
    const label = at.cell ? this.bench.painter.side.labelOf(at.cell) : "";
    this.bench.send({ event: "pin", lon: at.lngLat[0], lat: at.lngLat[1], label });
    this.bench.notes.tell(say("plan_pinned"), { role: "status" });
  }

  drop() {
    this.spot = null;
  }

  paint(frame, inks) {
    if (!this.spot) return;
    const { ctx } = frame;
    const { x, y } = this.bench.painter.spot(frame, this.spot);
    frame.pixels();
    ctx.beginPath();
    ctx.arc(x, y, 7, 0, 2 * Math.PI);
    ctx.lineWidth = 3;
    ctx.strokeStyle = inks.preview;
    ctx.stroke();
  }
}
