// Buildings from street zoom on, by tiles, coloured by their open items.

const BUILDING_ZOOM = 16;
const GRID_ZOOM = 13.5; // those of the grid that was gone into appear earlier
const GRID_TILES = 15; // zoom of the tiles that a whole grid is asked for by
const MOST_TILES = 80;

class Buildings {
  constructor(map) {
    this.map = map;
    this.shown = true;
    this.tiles = new Map(); // by address without the filter: what is drawn stays until the new is here
    this.selected = null;
    this.hovered = null;
    this.overlay = new Overlay((frame) => this.paint(frame), { pane: "gm-buildings" }).addTo(map);
    themeListeners.add(() => this.overlay.repaint());
    map.on("moveend", () => this.load());
  }

  get active() {
    return this.shown && this.map.getZoom() >= (this.grid ? GRID_ZOOM : BUILDING_ZOOM);
  }

  wanted() {
    if (!this.active) return [];
    const within = this.map.getZoom() < BUILDING_ZOOM ? this.grid : null;
    const tiles = tilesIn(this.map, this.grid ? GRID_TILES : BUILDING_ZOOM, 0, within);
    return tiles.length > MOST_TILES ? [] : tiles.map(({ z, x, y }) => `/map/buildings/${z}/${x}/${y}`);
  }

  // Another filter counts other items; its view is named to the feed.
  of(view) {
    const grid = view.place.level === 6 ? view.place.bounds : null;
    // Tiles of two sizes would draw a building twice.
    if (Boolean(grid) !== Boolean(this.grid)) this.tiles.clear();
    this.grid = grid;
    if (view.filter === this.filter) {
      this.load();
      return;
    }
    this.filter = view.filter;
    this.asked = view.key;
    this.load({ again: true });
  }

  load({ again = false } = {}) {
    if (!this.asked) return;
    const wanted = this.wanted();
    // After a change what is out of sight is out of date too.
    if (again) for (const address of this.tiles.keys()) if (!wanted.includes(address)) this.tiles.delete(address);
    for (const address of wanted) {
      const known = this.tiles.get(address);
      const { asked } = this;
      if (known?.asked === asked && !again) continue;
      if (!known) this.tiles.set(address, { origin: null, buildings: [], asked });
      ask(`${address}?view=${asked}`, { poll: true })
        .then(({ body, changed }) => {
          if (!body || asked !== this.asked || !this.tiles.has(address) || (!changed && known?.asked === asked)) return;
          this.tiles.set(address, { ...this.read(body), asked });
          this.overlay.repaint();
        })
        .catch(() => {
          if (!known) this.tiles.delete(address);
        });
    }
    while (this.tiles.size > 90) this.tiles.delete(this.tiles.keys().next().value);
  }

  read(body) {
    const origin = originOf(body);
    return {
      origin,
      buildings: body.buildings.map((b) => ({ ...b, origin, ...pathOf(b.rings, body, origin) })),
    };
  }

  *all() {
    for (const tile of this.tiles.values()) yield* tile.buildings;
  }

  paint(frame) {
    if (!this.active) return;
    const { ctx, scale } = frame;
    ctx.lineJoin = "round";
    for (const b of this.all()) {
      if (!frame.holds(b.box)) continue;
      frame.local(b.origin);
      ctx.fillStyle = b.open ? ink.building[b.open > 4 ? 2 : b.open > 1 ? 1 : 0] : ink.buildingNone;
      ctx.globalAlpha = 0.94;
      ctx.fill(b.path, "evenodd");
      ctx.globalAlpha = 1;
      const marked = b.id === this.selected;
      ctx.strokeStyle = marked ? ink.select : b.overdue ? shade(words.colours?.overdue) : b === this.hovered ? ink.hover : ink.buildingLine;
      ctx.lineWidth = (marked ? 3.5 : b.overdue || b === this.hovered ? 2 : 0.8) / scale;
      ctx.stroke(b.path);
    }
    frame.pixels();
    this.number(frame);
  }

  // Open items written on the building once there is room.
  number(frame) {
    if (frame.zoom < 17) return;
    const { ctx } = frame;
    ctx.font = `600 ${11 * grown()}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const b of this.all()) {
      if (!b.open || !frame.holds(b.box)) continue;
      const [x, y] = [frame.x((b.box[0] + b.box[2]) / 2), frame.y((b.box[1] + b.box[3]) / 2)];
      ctx.strokeStyle = ink.halo;
      ctx.lineWidth = 3;
      ctx.strokeText(String(b.open), x, y);
      ctx.fillStyle = ink.text;
      ctx.fillText(String(b.open), x, y);
    }
  }

  at(x, y) {
    if (!this.active) return null;
    for (const b of this.all()) if (pathHolds(b, b.origin, x, y)) return b;
    return null;
  }

  hover(building) {
    if (building === this.hovered) return;
    this.hovered = building;
    this.overlay.repaint();
  }

  select(id) {
    this.selected = id;
    this.overlay.repaint();
  }

  toggle(shown) {
    this.shown = shown;
    this.load();
    this.overlay.repaint();
  }
}
