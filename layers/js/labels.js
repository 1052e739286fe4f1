// Names and figures of the areas, where there is room for them.

const FONT = '"PingFang SC","Microsoft YaHei","HarmonyOS Sans SC","Noto Sans CJK SC",' +
  '"Source Han Sans SC","WenQuanYi Micro Hei",system-ui,sans-serif';

// Where a label may stand beside its point, in pixels; large areas have more room.
const NEAR = [[0, 0], [0, -20], [0, 20]];
const FAR = [];
for (let dx = -176; dx <= 176; dx += 22) {
  for (let dy = -144; dy <= 144; dy += 18) FAR.push([dx, dy]);
}
FAR.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

class Labels {
  constructor(map, areas, obstacles) {
    this.areas = areas;
    this.obstacles = obstacles; // boxes on the canvas that labels keep clear of
    this.shown = true;
    this.widths = new Map();
    this.overlay = new Overlay((frame) => this.paint(frame), { pane: "gm-labels" }).addTo(map);
    themeListeners.add(() => this.overlay.repaint());
  }

  width(ctx, text, font) {
    const key = font + text;
    let found = this.widths.get(key);
    if (found === undefined) {
      if (this.widths.size > 4000) this.widths.clear();
      ctx.font = font;
      found = ctx.measureText(text).width;
      this.widths.set(key, found);
    }
    return found;
  }

  paint(frame) {
    const { set, view } = this.areas;
    if (!this.shown || !set || !view) return;
    const { ctx } = frame;
    const { clusters: taken, symbols } = this.obstacles(frame);
    const hits = (boxes, b) => boxes.filter((t) => t[0] < b[2] && t[2] > b[0] && t[1] < b[3] && t[3] > b[1]).length;
    const big = grown();
    const nameFont = `600 ${Math.round(13 * big)}px ${FONT}`;
    const valueFont = `500 ${Math.round(12 * big)}px ${FONT}`;
    const line = 16 * big;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    const wide = (area) => (area.box[2] - area.box[0]) * frame.world;
    const chosen = this.areas.selected;
    const ranked = set.areas
      .filter((area) => frame.holds(area.box) && wide(area) > 26)
      .sort((a, b) => (b.id === chosen) - (a.id === chosen) || (b.value ?? -1) - (a.value ?? -1) || wide(b) - wide(a));
    const few = set.areas.length <= 40;
    let placed = 0;
    for (const area of ranked) {
      if (placed > 160) break;
      const centre = [Math.round(frame.x(area.at.x)), Math.round(frame.y(area.at.y))];
      const name = area.name.length > 14 ? `${area.name.slice(0, 13)}…` : area.name;
      const value = area.value === null || area.value === undefined ? "" : figureText(area.value, view.figure.form);
      const w = this.width(ctx, name, nameFont);
      if (w > wide(area) * (set.areas.length > 60 ? 0.95 : 1.25) + 8 && area.id !== chosen) continue;
      const both = this.areas.shown && value && !(view.figure.form === "count" && area.value === 0);
      const half = Math.max(w, both ? this.width(ctx, value, valueFont) : 0) / 2 + 4;
      const up = both ? line : line / 2 + 1;
      // Aside, if that keeps symbols readable; never over another label or a cluster.
      let best = null;
      for (const [dx, dy] of few ? FAR : NEAR) {
        const [x, y] = [centre[0] + dx, centre[1] + dy];
        if (few && (dx || dy) && !set.holds(area, frame, x, y)) continue;
        const box = [x - half, y - up, x + half, y + up];
        if (hits(taken, box)) continue;
        const cost = hits(symbols, box) * 10 + Math.hypot(dx, dy) / 10;
        if (!best || cost < best.cost) best = { x, y, box, cost };
        if (cost < 10) break;
      }
      if (!best) continue;
      const { x, y } = best;
      taken.push(best.box);
      placed += 1;
      this.write(ctx, name, x, both ? y - line / 2 : y, nameFont, ink.text);
      if (both) this.write(ctx, value, x, y + line / 2, valueFont, ink.text);
    }
  }

  write(ctx, text, x, y, font, colour) {
    ctx.font = font;
    ctx.strokeStyle = ink.halo;
    ctx.lineWidth = 3.2;
    ctx.strokeText(text, x, y);
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y);
  }
}
