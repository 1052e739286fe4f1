// Tools that take cells up along a stroke: lasso, brush, and the border that is dragged.

class LassoTool extends Tool {
  constructor(bench) {
    super(bench, "lasso", "l", "lasso");
    this.usesTarget = true;
    this.strokes = true;
    this.trail = [];
  }

  running() {
    return this.trail.length > 0;
  }

  drop() {
    this.trail = [];
  }

  down(at) {
    if (this.bench.target) this.trail = [at];
  }

  drag(at) {
    if (!this.trail.length) return;
    this.trail.push(at);
    this.bench.place(this.moves());
  }

  // The server goes by the same point of each cell.
  moves() {
    const { model, target } = this.bench;
    const ring = this.trail.map(({ local }) => local);
    const found = new Map();
    for (const cell of model.cells.values()) {
      if (cell.label === target) continue;
      if (ringHolds(ring, cell.anchor)) found.set(cell, target);
    }
    return found;
  }

  up(at) {
    const [moves, trail] = [this.moves(), this.trail];
    this.trail = [];
    if (trail.length < 4) this.bench.aim(at.cell?.label ?? this.bench.target);
    else if (moves.size) this.bench.edit({ op: "lasso", ring: degrees(trail), to: this.bench.target }, moves);
    else this.bench.notes.tell(say("plan_nothing_there"), { role: "status" });
    this.bench.place([]);
  }

  press(at) {
    this.aims(at);
  }

  paint(frame, inks) {
    if (this.trail.length < 2) return;
    const path = pathAlong(this.trail);
    path.closePath();
    const { ctx } = frame;
    ctx.globalAlpha = 0.12;
    ctx.fillStyle = inks.preview;
    ctx.fill(path, "evenodd");
    ctx.globalAlpha = 1;
    ctx.strokeStyle = inks.preview;
    ctx.lineWidth = 2 / frame.scale;
    ctx.setLineDash([7 / frame.scale, 5 / frame.scale]);
    ctx.stroke(path);
    ctx.setLineDash([]);
  }
}

class BrushTool extends Tool {
  constructor(bench) {
    super(bench, "brush", "b", "brush");
    this.usesTarget = true;
    this.usesWidth = true;
    this.strokes = true;
    this.trail = [];
    this.found = new Map();
  }

  running() {
    return this.trail.length > 0;
  }

  drop() {
    this.trail = [];
    this.found = new Map();
    this.at = null;
  }

  down(at) {
    if (!this.bench.target || at.alt) return;
    this.trail = [at];
    this.found = new Map();
    this.take(at, at);
  }

  hover(at) {
    this.at = at;
    this.bench.painter.marks.repaint();
  }

  drag(at) {
    this.at = at;
    if (!this.trail.length) return;
    this.take(this.trail.at(-1), at);
    this.trail.push(at);
  }

  take(from, to) {
    const { model, target, radius } = this.bench;
    const reach = radius * model.perMetre;
    for (const cell of model.cells.values()) {
      if (cell.label === target || this.found.has(cell)) continue;
      const under = distance(cell.anchor, from.local, to.local) <= reach;
      if (under || cell === to.cell) this.found.set(cell, target);
    }
    this.bench.place(this.found);
  }

  up(at) {
    const { found, trail } = this;
    if (!trail.length) {
      this.aims(at);
      return;
    }
    this.trail = [];
    this.found = new Map();
    if (found.size) {
      const { radius, target } = this.bench;
      this.bench.edit({ op: "brush", path: degrees(trail), metres: radius, to: target }, found);
    }
    this.bench.place([]);
  }

  press(at) {
    this.aims(at);
  }

  paint(frame, inks) {
    const { model, radius } = this.bench;
    const { ctx } = frame;
    const reach = radius * model.perMetre;
    ctx.lineWidth = 2 / frame.scale;
    ctx.strokeStyle = inks.preview;
    if (this.trail.length) {
      ctx.globalAlpha = 0.22;
      ctx.lineWidth = 2 * reach;
      ctx.stroke(pathAlong(this.trail));
      ctx.globalAlpha = 1;
      ctx.lineWidth = 2 / frame.scale;
    }
    if (!this.at) return;
    const circle = new Path2D();
    circle.arc(...this.at.local, reach, 0, 2 * Math.PI);
    ctx.stroke(circle);
  }
}

// Pressed near a border between exactly two grids: it follows the pointer, whichever way that goes.
class DragTool extends Tool {
  constructor(bench) {
    super(bench, "drag", "d", "drag");
    this.strokes = true;
    this.drop();
  }

  running() {
    return Boolean(this.pair);
  }

  drop() {
    this.pair = null;
    this.border = null;
    this.near = null;
    this.trail = [];
    this.found = new Map();
  }

  hover(at) {
    const near = this.bench.model.borderAt(at.local, this.bench.reach());
    const key = near && pairKey(near.one, near.other);
    if (key !== this.nearKey) {
      this.nearKey = key;
      this.near = near && this.bench.model.borderPath(near.one, near.other);
      this.bench.painter.marks.repaint();
    }
  }

  down(at) {
    const near = this.bench.model.borderAt(at.local, this.bench.reach());
    if (!near || !at.cell) {
      this.bench.notes.tell(say("plan_no_border"), { role: "status" });
      return;
    }
    this.pair = near;
    this.border = null;
    this.trail = [at];
    this.found = new Map();
    this.bench.place(this.found, [near.one, near.other]);
  }

  // The grid that the pointer clearly goes into gives; a hand that trembles on the line decides nothing.
  way(at) {
    const { one, other, away } = this.pair;
    const label = at.cell?.label;
    if (label !== one && label !== other) return null;
    const within = this.trail[0].cell.label === label ? away : 0;
    if (this.bench.model.awayFrom(at.local, one, other) < within + this.bench.reach(6)) return null;
    return { giver: label, taker: label === one ? other : one };
  }

  drag(at) {
    if (!this.pair) return;
    const from = this.trail.at(-1);
    this.trail.push(at);
    if (this.border) this.take(from, at);
    else {
      this.border = this.way(at);
      if (this.border) this.trail.forEach((to, i) => this.take(this.trail[Math.max(0, i - 1)], to));
    }
    this.bench.place(this.found, [this.pair.one, this.pair.other]);
  }

  take({ local: [ax, ay] }, { local: [bx, by] }) {
    const { model } = this.bench;
    const steps = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / this.bench.reach(2)));
    for (let i = 0; i <= steps; i += 1) {
      const { x, y } = model.merc([ax + ((bx - ax) * i) / steps, ay + ((by - ay) * i) / steps]);
      const cell = model.cellAt(x, y);
      if (cell?.label === this.border.giver) this.found.set(cell, this.border.taker);
    }
  }

  up() {
    const { pair, border, found, trail } = this;
    this.drop();
    if (found.size) this.bench.edit({ op: "drag", path: degrees(trail), ...border }, found);
    else if (pair) this.bench.notes.tell(say("plan_not_pushed"), { role: "status" });
    this.bench.place([]);
  }

  paint(frame, inks) {
    if (!this.near || this.pair) return;
    const { ctx } = frame;
    ctx.strokeStyle = inks.preview;
    ctx.lineWidth = 6 / frame.scale;
    ctx.globalAlpha = 0.6;
    ctx.stroke(this.near);
    ctx.globalAlpha = 1;
  }
}

function pathAlong(trail) {
  const path = new Path2D();
  trail.forEach(({ local }, i) => path[i ? "lineTo" : "moveTo"](...local));
  if (trail.length === 1) path.lineTo(trail[0].local[0] + 0.01, trail[0].local[1]);
  return path;
}

// Points as they are sent: longitude and latitude, seven digits, no more than the server takes.
function degrees(trail) {
  const step = Math.ceil(trail.length / 2000);
  const kept = trail.filter((_, i) => i % step === 0 || i === trail.length - 1);
  return kept.map(({ lngLat }) => lngLat.map((v) => Math.round(v * 1e7) / 1e7));
}
