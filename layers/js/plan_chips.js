// What stands on each grid: number, name, households and whether they fit the band; and pins.

class Chips {
  constructor(map, bench) {
    this.bench = bench;
    this.boxes = [];
    this.pins = [];
    this.overlay = new Overlay((frame) => this.paint(frame), { pane: "gm-labels" }).addTo(map);
  }

  paint(frame) {
    const { bench } = this;
    const { model, painter } = bench;
    this.boxes = [];
    this.pins = [];
    if (!model) return;
    if (painter.layers.labels) for (const grid of this.ranked(frame)) this.chip(frame, grid);
    if (painter.layers.comments) for (const comment of model.comments ?? []) this.pin(frame, comment);
  }

  ranked(frame) {
    const { bench } = this;
    const wide = (grid) => (grid.box[2] - grid.box[0]) * frame.world;
    const { curtain, model, painter } = bench;
    // Behind the curtain a grid is named as it was, before it as it is; each where its name stands.
    const at = curtain.shown ? curtain.on(frame) : 0;
    const left = ({ spot }) => spot && painter.spot(frame, spot).x < at;
    const shown = curtain.shown
      ? [...model.was.grids.filter(left), ...model.now.grids.filter((grid) => !left(grid))]
      : painter.side.grids;
    return shown
      .filter((grid) => grid.spot && frame.holds(grid.box))
      .sort((a, b) => (b.label === bench.picked) - (a.label === bench.picked) || wide(b) - wide(a));
  }

  chip(frame, grid) {
    const { ctx } = frame;
    const { model, sums, painter } = this.bench;
    const inks = planInk();
    const big = grown();
    const { x, y } = painter.spot(frame, grid.spot);
    const change = painter.side.byLabel.get(grid.label) === grid && !painter.start ? sums.get(grid.label) : null;
    const households = change ? change.after : grid.households;
    const verdict = grid.kind === "dedicated" ? "" : model.verdict(households);
    const roomy = (grid.box[2] - grid.box[0]) * frame.world > 92 * big;
    const count = say("plan_households", { n: whole.format(households) });
    const fonts = [`600 ${Math.round(12.5 * big)}px ${FONT}`, `500 ${Math.round(12 * big)}px ${FONT}`];
    const sign = verdict ? VERDICT_SIGN[verdict] : "";
    ctx.font = fonts[0];
    const lock = grid.locked ? 17 * big : 0;
    const name = this.nameOf(grid, (text) => roomy || ctx.measureText(text).width <= 64 * big);
    const nameWidth = ctx.measureText(name).width + lock;
    ctx.font = fonts[1];
    const countWidth = ctx.measureText(`${count} ${sign}`).width;
    const [w, h] = [Math.max(nameWidth, countWidth) + 14 * big, 36 * big];
    const box = this.place(frame, this.aside(frame, x, w / 2 + 6), y, w, h);
    if (!box) return;
    ctx.beginPath();
    ctx.roundRect(box.x, box.y, w, h, 6 * big);
    ctx.fillStyle = inks.chip;
    ctx.fill();
    ctx.lineWidth = change ? 2 : 1;
    ctx.strokeStyle = change ? inks.preview : inks.chipLine;
    ctx.stroke();
    ctx.fillStyle = hue(grid.colour);
    ctx.beginPath();
    ctx.roundRect(box.x + 1, box.y + 1, w - 2, 4 * big, [5 * big, 5 * big, 0, 0]);
    ctx.fill();
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    ctx.font = fonts[0];
    ctx.fillStyle = ink.text;
    ctx.fillText(name, box.x + w / 2 + lock / 2, box.y + 13 * big);
    if (lock) padlock(ctx, { x: box.x + w / 2 - nameWidth / 2 + 7 * big, y: box.y + 13 * big }, 5.6 * big, inks.lock);
    ctx.font = fonts[1];
    ctx.fillText(count, box.x + (w - ctx.measureText(` ${sign}`).width) / 2, box.y + 27 * big);
    if (sign) {
      ctx.textAlign = "right";
      ctx.fillStyle = inks[verdict];
      ctx.fillText(sign, box.x + w / 2 + countWidth / 2, box.y + 27 * big);
    }
    this.boxes.push({ ...box, w, h, grid });
  }

  // Its name where there is room; else the end of its code with all digits, as the table has it, so
  // that it is no count and no name.
  nameOf({ title, code }, fits) {
    const cut = (most) => (title.length > most ? `${title.slice(0, most - 1)}…` : title);
    if (fits(cut(12))) return cut(12);
    return code ? code.slice(-3) : cut(4);
  }

  // The curtain hangs in front of no name.
  aside(frame, x, room) {
    const { curtain } = this.bench;
    const at = curtain.shown ? curtain.on(frame) : -Infinity;
    if (Math.abs(x - at) >= room) return x;
    return x < at ? at - room : at + room;
  }

  // Over its spot, else a little aside; not at all where another one would be covered.
  place(frame, x, y, w, h) {
    for (const [dx, dy] of NEAR.concat([[-40, 0], [40, 0], [0, -44], [0, 44]])) {
      const box = { x: Math.round(x + dx - w / 2), y: Math.round(y + dy - h / 2) };
      const free = this.boxes.every((b) => box.x + w < b.x || b.x + b.w < box.x || box.y + h < b.y || b.y + b.h < box.y);
      if (free) return box;
    }
    return null;
  }

  // Where a comment stands: at its place, else on its grid.
  spotOf(frame, comment) {
    if (comment.lon !== null) return { x: frame.x(mercX(comment.lon)), y: frame.y(mercY(comment.lat)) };
    const { painter } = this.bench;
    const spot = painter.side.byLabel.get(comment.label)?.spot;
    if (!spot) return null;
    const { x, y } = painter.spot(frame, spot);
    return { x: x + 40 * grown(), y: y - 8 };
  }

  pin(frame, comment) {
    const spot = this.spotOf(frame, comment);
    if (!spot) return;
    const { x, y } = spot;
    const { ctx } = frame;
    const r = 9 * grown();
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.arc(x, y - 2 * r, r, Math.PI * 0.8, Math.PI * 0.2);
    ctx.closePath();
    ctx.fillStyle = comment.resolved ? ink.soft : "#8a4f9e";
    ctx.fill();
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = "#ffffff";
    ctx.stroke();
    ctx.fillStyle = "#ffffff";
    ctx.font = `600 ${Math.round(11 * grown())}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(comment.resolved ? "✓" : "…", x, y - 2 * r);
    this.pins.push({ x, y: y - 2 * r, r: r + 4, comment });
  }

  // What is drawn at a point of the map's window: the canvas reaches beyond it.
  pinAt(point) {
    const start = this.overlay._bounds?.min;
    if (!start) return null;
    const at = this.bench.map.containerPointToLayerPoint(point).subtract(start);
    return this.pins.find((pin) => Math.hypot(pin.x - at.x, pin.y - at.y) <= pin.r)?.comment ?? null;
  }
}
