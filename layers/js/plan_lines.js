// Tools that draw a line: freehand in one stroke, or corner by corner, done with Enter.

class LineTool extends Tool {
  constructor(bench, name, key, sign, { least = 2, closed = false } = {}) {
    super(bench, name, key, sign);
    this.strokes = true;
    this.least = least;
    this.closed = closed;
    this.drop();
  }

  running() {
    return this.corners.length > 0;
  }

  finishable() {
    return this.corners.length >= this.least;
  }

  drop() {
    this.corners = [];
    this.free = null;
    this.at = null;
  }

  hover(at) {
    this.at = at;
    if (this.corners.length) this.bench.painter.marks.repaint();
  }

  down(at) {
    this.free = [at];
  }

  drag(at) {
    this.at = at;
    if (!this.free) return;
    this.free.push(at);
    this.bench.painter.marks.repaint();
  }

  // A stroke is a whole line, a press one more corner of one.
  up(at) {
    const free = this.free ?? [];
    this.free = null;
    const [first, last] = [free[0], free.at(-1)];
    const far = first && Math.hypot(last.point.x - first.point.x, last.point.y - first.point.y);
    const long = free.length > 4 && (far > 24 || (this.closed && free.length > 12));
    if (!long) {
      this.corner(at);
      return;
    }
    this.corners.push(...free);
    this.finish();
  }

  corner(at) {
    const first = this.corners[0];
    const back = first && Math.hypot(at.point.x - first.point.x, at.point.y - first.point.y) < 12;
    const last = this.corners.at(-1);
    const twice = last && Math.hypot(at.point.x - last.point.x, at.point.y - last.point.y) < 4;
    if (this.finishable() && ((this.closed && back) || twice)) {
      this.finish();
      return;
    }
    if (!twice) this.corners.push(at);
    this.bench.drawLine();
    this.bench.painter.marks.repaint();
  }

  back() {
    this.corners.pop();
    this.bench.drawLine();
    this.bench.painter.marks.repaint();
  }

  finish() {
    if (!this.finishable()) return;
    const line = this.corners;
    this.drop();
    this.made(line);
    this.bench.drawLine();
    this.bench.painter.marks.repaint();
  }

  paint(frame, inks) {
    const line = [...this.corners, ...(this.free?.length > 1 ? this.free : this.corners.length && this.at ? [this.at] : [])];
    if (!line.length) return;
    const { ctx } = frame;
    const path = pathAlong(line);
    if (this.closed && line.length > 2) {
      path.closePath();
      ctx.globalAlpha = 0.14;
      ctx.fillStyle = inks.preview;
      ctx.fill(path, "evenodd");
      ctx.globalAlpha = 1;
    }
    for (const [colour, width] of [[ink.selectHalo, 6], [inks.preview, 2.6]]) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width / frame.scale;
      ctx.stroke(path);
    }
    ctx.fillStyle = inks.preview;
    for (const { local } of this.corners) {
      ctx.beginPath();
      ctx.arc(...local, 4.5 / frame.scale, 0, 2 * Math.PI);
      ctx.fill();
    }
  }

  // How much of a line lies in each grid, most first.
  crossed(line) {
    const { model } = this.bench;
    const found = new Map();
    for (let i = 1; i < line.length; i += 1) {
      const [a, b] = [line[i - 1].local, line[i].local];
      const steps = Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / this.bench.reach(4)));
      for (let k = 0; k < steps; k += 1) {
        const t = (k + 0.5) / steps;
        const { x, y } = model.merc([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
        const cell = model.cellAt(x, y);
        if (cell) found.set(cell.label, (found.get(cell.label) ?? 0) + Math.hypot(b[0] - a[0], b[1] - a[1]) / steps);
      }
    }
    return [...found].sort((a, b) => b[1] - a[1]).map(([label]) => label);
  }
}

class SplitTool extends LineTool {
  constructor(bench) {
    super(bench, "split", "s", "split");
  }

  // The picked grid, if the line meets it; else the one that it runs through most.
  made(line) {
    const crossed = this.crossed(line);
    const label = crossed.includes(this.bench.picked) ? this.bench.picked : crossed[0];
    if (label) this.bench.edit({ op: "split", label, line: degrees(line) });
    else this.bench.notes.tell(say("plan_line_outside"), { role: "status" });
  }
}

class CarveTool extends LineTool {
  constructor(bench) {
    super(bench, "carve", "c", "carve", { least: 3, closed: true });
  }

  made(line) {
    this.bench.edit({ op: "carve", ring: degrees(line) });
  }
}

class BorderTool extends LineTool {
  constructor(bench) {
    super(bench, "border", "r", "border");
  }

  hint() {
    return this.border ? "plan_hint_border_line" : "plan_hint_border";
  }

  running() {
    return Boolean(this.border) || super.running();
  }

  drop() {
    super.drop();
    this.border = null;
  }

  hover(at) {
    super.hover(at);
    if (this.border) return;
    const near = this.bench.model.borderAt(at.local, this.bench.reach());
    this.near = near && this.bench.model.borderPath(near.one, near.other);
    this.bench.painter.marks.repaint();
  }

  // First the border, then the line that it shall follow.
  down(at) {
    if (this.border) {
      super.down(at);
      return;
    }
    const near = this.bench.model.borderAt(at.local, this.bench.reach());
    if (near) this.chosen = { one: near.one, other: near.other };
    else this.bench.notes.tell(say("plan_no_border"), { role: "status" });
  }

  up(at) {
    if (this.border) {
      super.up(at);
      return;
    }
    this.border = this.chosen ?? null;
    this.chosen = null;
    this.near = this.border && this.bench.model.borderPath(this.border.one, this.border.other);
    this.bench.drawLine();
    this.bench.painter.marks.repaint();
  }

  finish() {
    const { border } = this;
    if (!border || !this.finishable()) return;
    const line = this.corners;
    this.drop();
    this.near = null;
    this.bench.edit({ op: "move_border", ...border, line: degrees(line) });
    this.bench.drawLine();
  }

  paint(frame, inks) {
    if (this.near) {
      const { ctx } = frame;
      ctx.strokeStyle = inks.preview;
      ctx.globalAlpha = 0.55;
      ctx.lineWidth = 7 / frame.scale;
      ctx.stroke(this.near);
      ctx.globalAlpha = 1;
    }
    super.paint(frame, inks);
  }
}
