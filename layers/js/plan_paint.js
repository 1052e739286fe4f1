// The plan on the canvas: land by grid, thin cells, strong borders, dots, what moved.

class PlanPaint {
  constructor(map, bench) {
    this.bench = bench;
    this.layers = { areas: true, cells: true, labels: true, buildings: true, open: false, barriers: false, comments: true };
    this.difference = true;
    this.start = false; // the plan as it was instead of as it is drawn
    this.land = new Overlay((frame) => this.paintLand(frame), { pane: "gm-areas" }).addTo(map);
    this.marks = new Overlay((frame) => this.paintMarks(frame), { pane: "gm-marks" }).addTo(map);
    themeListeners.add(() => this.repaint());
  }

  repaint() {
    this.land.repaint();
    this.marks.repaint();
    this.bench.chips?.overlay.repaint();
  }

  get side() {
    const { model } = this.bench;
    return this.start ? model.was : model.now;
  }

  paintLand(frame) {
    const { model } = this.bench;
    if (!model) return;
    const { ctx, scale, zoom } = frame;
    const inks = planInk();
    ctx.lineJoin = "round";
    ctx.lineCap = "round";
    frame.local(model.origin);
    const veil = new Path2D();
    veil.rect(...frame.localBounds(model.origin));
    veil.addPath(model.outline.path);
    ctx.fillStyle = ink.veil;
    ctx.fill(veil, "evenodd");
    const { curtain } = this.bench;
    if (curtain.shown) {
      const x = curtain.on(frame);
      this.within(frame, [0, x], () => this.paintSide(frame, model.was, inks));
      this.within(frame, [x, frame.size.x], () => this.paintSide(frame, model.now, inks));
    } else this.paintSide(frame, this.side, inks);
    frame.local(model.origin);
    this.line(ctx, model.outline.path, inks.border, 3.2 / scale);
    frame.pixels();
    if (this.layers.buildings && zoom >= 14.5) this.paintHomes(frame, inks);
  }

  within(frame, [from, to], paint) {
    const { ctx } = frame;
    ctx.save();
    frame.pixels();
    ctx.beginPath();
    ctx.rect(from, 0, to - from, frame.size.y);
    ctx.clip();
    paint();
    ctx.restore();
  }

  paintSide(frame, side, inks) {
    const { model } = this.bench;
    const { ctx, scale, zoom } = frame;
    frame.local(model.origin);
    if (this.layers.areas) {
      ctx.globalAlpha = zoom < 16 ? 0.72 : zoom < 17.5 ? 0.6 : 0.45;
      for (const grid of side.grids) {
        ctx.fillStyle = hue(grid.colour);
        ctx.fill(grid.path);
      }
      ctx.globalAlpha = 1;
    }
    if (this.difference) this.hatch(frame, model.movedPath, inks.hatch, 1.2, 7);
    frame.local(model.origin);
    if (this.layers.cells && zoom >= 14) this.line(ctx, model.mesh, inks.mesh, 0.8 / scale);
    if (this.layers.barriers) this.dashed(ctx, model.barriers, inks.barrier, 2.4 / scale, [8, 5], scale);
    if (this.difference && side === model.now) this.dashed(ctx, model.was.borders, inks.was, 2 / scale, [2, 5], scale);
    this.line(ctx, side.borders, ink.selectHalo, 5 / scale, 0.8);
    this.line(ctx, side.borders, inks.border, 2.2 / scale);
    this.dashed(ctx, side.locked, inks.lock, 5 / scale, [1, 9], scale);
    frame.pixels();
  }

  line(ctx, path, colour, width, alpha = 1) {
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke(path);
    ctx.globalAlpha = 1;
  }

  dashed(ctx, path, colour, width, dash, scale) {
    ctx.setLineDash(dash.map((n) => n / scale));
    this.line(ctx, path, colour, width);
    ctx.setLineDash([]);
  }

  // Slanting lines over a shape, of the same width at every zoom. `path` is in local units.
  hatch(frame, path, colour, width, gap, lean = 1) {
    const { ctx, size } = frame;
    const { origin } = this.bench.model;
    ctx.save();
    frame.local(origin);
    ctx.clip(path);
    frame.pixels();
    const lines = new Path2D();
    // Counted from the land, so that the lines stand still while the map is moved.
    const shift = ((frame.x(origin.x) - lean * frame.y(origin.y)) % gap + gap) % gap;
    for (let x = -size.y - gap + shift; x < size.x + size.y + gap; x += gap) {
      lines.moveTo(x, 0);
      lines.lineTo(x + lean * size.y, size.y);
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke(lines);
    ctx.restore();
  }

  paintHomes(frame, inks) {
    const { ctx } = frame;
    const { model } = this.bench;
    const big = grown() * Math.min(1.5, Math.max(0.6, (frame.zoom - 13) / 3.2));
    for (const home of model.homes.values()) {
      const { x, y } = this.spot(frame, home.at);
      if (x < -20 || y < -20 || x > frame.size.x + 20 || y > frame.size.y + 20) continue;
      const r = big * Math.min(9, 1.4 + 0.55 * Math.sqrt(home.households));
      ctx.beginPath();
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      ctx.fillStyle = inks.dot;
      ctx.fill();
      ctx.lineWidth = 1;
      ctx.strokeStyle = ink.halo;
      ctx.stroke();
      if (!this.layers.open || !home.open) continue;
      ctx.beginPath();
      ctx.arc(x, y, r + 3, 0, 2 * Math.PI);
      ctx.lineWidth = 2.2;
      ctx.strokeStyle = inks.open;
      ctx.stroke();
    }
    for (const n of model.lockedCells) {
      const cell = model.cells.get(n);
      if (cell) padlock(ctx, this.spot(frame, cell.anchor), 7 * grown(), inks.lock);
    }
  }

  spot(frame, at) {
    const { x, y } = this.bench.model.merc(at);
    return { x: frame.x(x), y: frame.y(y) };
  }

  paintMarks(frame) {
    const { bench } = this;
    const { model } = bench;
    if (!model) return;
    const { ctx, scale } = frame;
    const inks = planInk();
    ctx.lineJoin = "round";
    ctx.lineCap = "round";
    frame.local(model.origin);
    const { side } = this;
    const outline = (path, colour, width) => {
      this.line(ctx, path, ink.selectHalo, (width + 3.5) / scale);
      this.line(ctx, path, colour, width / scale);
    };
    const rim = (label) => {
      const path = new Path2D();
      for (const s of model.sides) {
        if ((side.labelOf(s.a) === label) !== (s.b ? side.labelOf(s.b) === label : false)) stroke(path, s);
      }
      return path;
    };
    if (bench.picked && side.byLabel.has(bench.picked)) outline(rim(bench.picked), ink.select, 3.4);
    if (bench.target && bench.target !== bench.picked && bench.tool.usesTarget && side.byLabel.has(bench.target)) {
      outline(rim(bench.target), ink.select, 3.4);
    }
    for (const cell of bench.flagged) {
      ctx.globalAlpha = 0.35;
      ctx.fillStyle = inks.above;
      ctx.fill(cell.path, "evenodd");
      ctx.globalAlpha = 1;
      this.line(ctx, cell.path, inks.above, 3 / scale);
    }
    this.paintPreview(frame, inks);
    frame.local(model.origin);
    if (bench.hovered) this.line(ctx, bench.hovered.path, ink.hover, 2 / scale);
    bench.tool.paint(frame, inks);
    frame.pixels();
  }

  // Cells that are about to move, in the colour of the grid they go to.
  paintPreview(frame, inks) {
    const { model, preview } = this.bench;
    if (!preview.size) return;
    const { ctx } = frame;
    const byTo = new Map();
    for (const [cell, to] of preview) byTo.set(to, [...(byTo.get(to) ?? []), cell]);
    for (const [to, cells] of byTo) {
      const path = union(cells);
      frame.local(model.origin);
      ctx.globalAlpha = 0.8;
      ctx.fillStyle = hue(model.grid(to)?.colour ?? 5);
      ctx.fill(path);
      ctx.globalAlpha = 1;
      this.hatch(frame, path, inks.preview, 2, 8, -1);
      frame.local(model.origin);
      this.line(ctx, path, inks.preview, 1.6 / frame.scale);
    }
  }
}

function padlock(ctx, { x, y }, r, colour) {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(r / 8, r / 8);
  ctx.beginPath();
  ctx.arc(0, 0, 10, 0, 2 * Math.PI);
  ctx.fillStyle = ink.paper;
  ctx.fill();
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.fillStyle = colour;
  ctx.fillRect(-5, -1, 10, 7);
  ctx.beginPath();
  ctx.arc(0, -1.5, 3.2, Math.PI, 0);
  ctx.lineWidth = 1.9;
  ctx.stroke();
  ctx.restore();
}
