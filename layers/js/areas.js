// Areas of one level: filled by class, found by point, outlined when selected.

class AreaSet {
  constructor(pack) {
    this.origin = originOf(pack);
    this.areas = pack.areas.map((area) => ({
      ...area,
      ...pathOf(area.rings, pack, this.origin),
      at: { x: mercX(area.point[0]), y: mercY(area.point[1]) },
      colour: null,
      figures: null,
    }));
    this.byId = new Map(this.areas.map((area) => [area.id, area]));
    this.outline = pack.outline ? pathOf(pack.outline, pack, this.origin) : null;
  }

  // Whether a point of the canvas lies in an area.
  holds(area, frame, x, y) {
    return pathHolds(area, this.origin, (x + frame.start.x) / frame.world, (y + frame.start.y) / frame.world);
  }

  at(x, y) {
    return this.areas.find((area) => pathHolds(area, this.origin, x, y)) ?? null;
  }
}

class Areas {
  constructor(map) {
    this.map = map;
    this.shown = true;
    this.set = null;
    this.around = null;
    this.placeId = null;
    this.selected = null;
    this.hovered = null;
    this.overlay = new Overlay((frame) => this.paint(frame), { pane: "gm-areas" }).addTo(map);
    this.marks = new Overlay((frame) => this.paintMarks(frame), { pane: "gm-marks" }).addTo(map);
    themeListeners.add(() => this.recolour());
  }

  // Other shapes: another place or level. Figures follow with `figures`.
  shapes(set, around, placeId) {
    this.set = set;
    this.around = around;
    this.placeId = placeId;
    this.hovered = null;
  }

  figures(view) {
    this.view = view;
    const columns = view.areas;
    columns.id.forEach((id, i) => {
      const area = this.set.byId.get(id);
      if (!area) return;
      area.figures = Object.fromEntries(Object.keys(columns).map((name) => [name, columns[name][i]]));
      area.value = columns.value[i];
      area.class = classOf(area.value, view.breaks);
    });
    this.recolour();
  }

  recolour() {
    if (!this.view || !this.set) return;
    const colours = this.view.colours[dark ? 1 : 0];
    for (const area of this.set.areas) {
      area.colour = area.class >= 0 && colours[area.class] ? colours[area.class] : ink.none;
    }
    this.overlay.repaint();
    this.marks.repaint();
  }

  paint(frame) {
    if (!this.set) return;
    const { ctx, scale, zoom } = frame;
    ctx.lineJoin = "round";
    this.paintAround(frame);
    frame.local(this.set.origin);
    const visible = this.set.areas.filter((area) => frame.holds(area.box));
    if (this.shown) {
      ctx.globalAlpha = zoom < 15 ? 0.74 : zoom < 16 ? 0.5 : 0.2;
      for (const area of visible) {
        ctx.fillStyle = area.colour ?? ink.none;
        ctx.fill(area.path, "evenodd");
      }
      ctx.globalAlpha = 1;
    }
    ctx.strokeStyle = zoom < 16 && this.shown ? ink.border : ink.edge;
    ctx.lineWidth = (visible.length > 400 ? 0.7 : 1.2) / scale;
    for (const area of visible) ctx.stroke(area.path);
    if (this.set.outline) {
      ctx.strokeStyle = ink.edge;
      ctx.lineWidth = 2.2 / scale;
      ctx.stroke(this.set.outline.path);
    }
    frame.pixels();
  }

  // The neighbours of the place, faint, under a veil that leaves the place itself clear.
  paintAround(frame) {
    const { ctx, scale } = frame;
    if (this.around) {
      frame.local(this.around.origin);
      ctx.strokeStyle = ink.otherLine;
      ctx.lineWidth = 1.2 / scale;
      for (const area of this.around.areas) {
        if (area.id === this.placeId || !frame.holds(area.box)) continue;
        ctx.fillStyle = ink.other;
        ctx.fill(area.path, "evenodd");
        ctx.stroke(area.path);
      }
    }
    if (!this.set.outline) return;
    frame.local(this.set.origin);
    const veil = new Path2D();
    veil.rect(...frame.localBounds(this.set.origin));
    veil.addPath(this.set.outline.path);
    ctx.fillStyle = ink.veil;
    ctx.fill(veil, "evenodd");
  }

  paintMarks(frame) {
    if (!this.set) return;
    const { ctx, scale } = frame;
    ctx.lineJoin = "round";
    frame.local(this.set.origin);
    const line = (area, colour, width) => {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width / scale;
      ctx.stroke(area.path);
    };
    const chosen = this.selected && this.set.byId.get(this.selected);
    if (this.hovered && this.hovered !== chosen) {
      ctx.globalAlpha = 0.12;
      ctx.fillStyle = ink.hover;
      ctx.fill(this.hovered.path, "evenodd");
      ctx.globalAlpha = 1;
      line(this.hovered, ink.hover, 1.8);
    }
    if (chosen) {
      line(chosen, ink.selectHalo, 6.5);
      line(chosen, ink.select, 3);
    }
    frame.pixels();
    this.paintMore?.(frame);
  }

  hover(area) {
    if (area === this.hovered) return;
    this.hovered = area;
    this.marks.repaint();
  }

  select(id) {
    this.selected = id;
    this.marks.repaint();
  }
}

function classOf(value, breaks) {
  if (value === null || value === undefined || !breaks.length) return -1;
  const found = breaks.findIndex((bound) => value <= bound + 1e-12);
  return found < 0 ? breaks.length - 1 : found;
}
