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

// Pressed near a border between exactly two grids: the side it came from takes what it passes.
class DragTool extends Tool {
  constructor(bench) {
    super(bench, "drag", "d", "drag");
    this.strokes = true;
    this.drop();
  }

  running() {
    return Boolean(this.border);
  }

  drop() {
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
    const taker = at.cell.label;
    this.border = { taker, giver: near.one === taker ? near.other : near.one };
    this.trail = [at];
    this.found = new Map();
    this.bench.place(this.found, [taker, this.border.giver]);
  }

  drag(at) {
    if (!this.border) return;
    const { model } = this.bench;
    const from = this.trail.at(-1).local;
    const steps = Math.max(1, Math.ceil(Math.hypot(at.local[0] - from[0], at.local[1] - from[1]) / this.bench.reach(2)));
    for (let i = 1; i <= steps; i += 1) {
      const { x, y } = model.merc([from[0] + ((at.local[0] - from[0]) * i) / steps, from[1] + ((at.local[1] - from[1]) * i) / steps]);
      const cell = model.cellAt(x, y);
      if (cell?.label === this.border.giver) this.found.set(cell, this.border.taker);
    }
    this.trail.push(at);
    this.bench.place(this.found, [this.border.taker, this.border.giver]);
  }

  up() {
    const { border, found, trail } = this;
    this.drop();
    if (border && found.size) this.bench.edit({ op: "drag", path: degrees(trail), ...border }, found);
    this.bench.place([]);
  }

  paint(frame, inks) {
    if (!this.near || this.border) return;
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
