// Roads, water, green and rail, drawn from our own tiles in quiet colours; or the tiles of a
// configured server, moved by the offset of its datum.

const BASE_MIN = 8;
const BASE_MAX = 16;
const BASE_EXTENT = 4096;
const ROAD_WIDTH = [[3.2, 5.5, 9, 15], [1.8, 3.4, 6.5, 11], [0, 1.4, 4, 8]]; // by rank; z12 14 16 18

class BaseMap {
  constructor(map) {
    this.map = map;
    this.shown = true;
    this.tiles = new Map();
    this.overlay = new Overlay((frame) => this.paint(frame), { pane: "gm-base" }).addTo(map);
    themeListeners.add(() => this.overlay.repaint());
    map.on("moveend", () => this.load());
  }

  // A configured server's tiles take the place of what we draw.
  background(tiles) {
    if (!tiles) return;
    if (this.pictures) {
      this.pictures.options.shifts = tiles.shifts;
      return;
    }
    this.pictures = new ShiftedTiles(tiles.url, { pane: "gm-tiles", maxZoom: 19, shifts: tiles.shifts });
    if (this.shown) this.pictures.addTo(this.map);
    this.overlay.repaint();
  }

  start(version) {
    this.version = version;
    this.tiles.clear();
    this.load();
  }

  get zoom() {
    return Math.min(BASE_MAX, Math.floor(this.map.getZoom()));
  }

  load() {
    if (!this.shown || this.pictures || this.version === undefined || this.zoom < BASE_MIN) return;
    this.wanted = tilesIn(this.map, this.zoom, 0.1);
    for (const tile of this.wanted) {
      const key = `${tile.z}/${tile.x}/${tile.y}`;
      if (this.tiles.has(key)) continue;
      this.tiles.set(key, null);
      ask(`/map/base/${key}?v=${this.version}`)
        .then(({ body }) => {
          if (!body) return;
          this.tiles.set(key, this.read(body, tile));
          this.overlay.repaint();
        })
        .catch(() => this.tiles.delete(key));
    }
    while (this.tiles.size > 200) this.tiles.delete(this.tiles.keys().next().value);
  }

  // One path per style and tile: a screen is painted with a few dozen calls.
  read(body, tile) {
    const origin = { x: tile.x / 2 ** tile.z, y: tile.y / 2 ** tile.z };
    const k = LOCAL / 2 ** tile.z / BASE_EXTENT;
    const styles = new Map();
    const names = [];
    for (const feature of body.features) {
      const style = `${feature.layer} ${feature.rank} ${feature.area ? "area" : "line"}`;
      if (!styles.has(style)) styles.set(style, { ...feature, path: new Path2D() });
      const { path } = styles.get(style);
      for (const line of feature.lines) {
        let x = 0;
        let y = 0;
        for (let i = 0; i < line.length; i += 2) {
          x += line[i];
          y += line[i + 1];
          if (i) path.lineTo(x * k, y * k);
          else path.moveTo(x * k, y * k);
        }
        if (feature.area) path.closePath();
      }
      // The name of built-up land is that of a place, which the areas' own labels tell.
      if (feature.name && feature.layer !== "land") names.push(this.nameOf(feature, origin, tile));
    }
    return { tile, origin, styles: [...styles.values()], names: names.filter(Boolean) };
  }

  // Where a road's name may stand: the middle of its longest piece.
  nameOf(feature, origin, tile) {
    const size = 1 / 2 ** tile.z / BASE_EXTENT;
    let best = null;
    for (const line of feature.lines) {
      let [x, y] = [line[0], line[1]];
      for (let i = 2; i < line.length; i += 2) {
        const [nx, ny] = [x + line[i], y + line[i + 1]];
        const length = Math.hypot(nx - x, ny - y);
        if (!best || length > best.length) {
          best = { length, angle: Math.atan2(ny - y, nx - x), x: (x + nx) / 2, y: (y + ny) / 2 };
        }
        [x, y] = [nx, ny];
      }
    }
    if (!best) return null;
    const angle = Math.abs(best.angle) > Math.PI / 2 ? best.angle + Math.PI : best.angle;
    return {
      name: feature.name, layer: feature.layer, rank: feature.rank, angle: feature.area ? 0 : angle,
      length: best.length * size, x: origin.x + best.x * size, y: origin.y + best.y * size,
    };
  }

  paint(frame) {
    if (!this.shown || this.pictures) return;
    const drawn = this.tilesToDraw();
    const { ctx } = frame;
    ctx.lineCap = "round";
    ctx.lineJoin = "round";
    const each = (layer, paint) => {
      for (const tile of drawn) {
        frame.local(tile.origin);
        for (const style of tile.styles) if (style.layer === layer) paint(style);
      }
    };
    each("land", (s) => this.fill(frame, s, ink.land));
    each("green", (s) => this.fill(frame, s, ink.green));
    each("water", (s) => (s.area ? this.fill(frame, s, ink.water) : this.line(frame, s, ink.waterLine, s.rank < 2 ? 2.4 : 1.3)));
    each("rail", (s) => this.line(frame, s, ink.rail, 1.4));
    for (const rank of [3, 2, 1]) {
      const width = roadWidth(rank, frame.zoom);
      if (!width) continue;
      each("road", (s) => s.rank === rank && this.line(frame, s, ink.roadEdge[rank - 1], width + 1.6));
      each("road", (s) => s.rank === rank && this.line(frame, s, ink.road[rank - 1], width));
    }
    frame.pixels();
    if (frame.zoom >= 15) this.write(frame, drawn);
  }

  // Wanted tiles that are here; for those that are not, the nearest coarser one that is.
  tilesToDraw() {
    const found = new Map();
    for (let { z, x, y } of this.wanted ?? []) {
      for (; z >= BASE_MIN; z -= 1, x >>= 1, y >>= 1) {
        const tile = this.tiles.get(`${z}/${x}/${y}`);
        if (tile) {
          found.set(`${z}/${x}/${y}`, tile);
          break;
        }
      }
    }
    return [...found.values()].sort((a, b) => a.tile.z - b.tile.z);
  }

  fill(frame, style, colour) {
    frame.ctx.fillStyle = colour;
    frame.ctx.fill(style.path, "evenodd");
  }

  line(frame, style, colour, width) {
    frame.ctx.strokeStyle = colour;
    frame.ctx.lineWidth = width / frame.scale;
    frame.ctx.stroke(style.path);
  }

  write(frame, drawn) {
    const { ctx } = frame;
    ctx.font = `500 ${11 * grown()}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.strokeStyle = ink.halo;
    ctx.fillStyle = ink.street;
    ctx.lineWidth = 3;
    const taken = [];
    for (const tile of drawn) {
      for (const one of tile.names) {
        const w = ctx.measureText(one.name).width;
        const [x, y] = [frame.x(one.x), frame.y(one.y)];
        if (one.length * frame.world < w + 12) continue;
        if (taken.some((t) => Math.hypot(t.x - x, t.y - y) < (t.name === one.name ? 340 : 60))) continue;
        taken.push({ x, y, name: one.name });
        ctx.save();
        ctx.translate(x, y);
        ctx.rotate(one.angle);
        ctx.strokeText(one.name, 0, 0);
        ctx.fillText(one.name, 0, 0);
        ctx.restore();
      }
    }
  }

  toggle(shown) {
    this.shown = shown;
    if (shown) this.pictures?.addTo(this.map);
    else this.pictures?.remove();
    this.load();
    this.overlay.repaint();
  }
}

// Offset at a place, between those of the lattice around it; outside, that of its rim.
function between(shifts, name, at) {
  const [w, s, e, n] = shifts.bounds;
  const rows = shifts[name];
  const last = rows.length - 1;
  const step = (v, low, high) => {
    const p = Math.min(1, Math.max(0, (v - low) / (high - low))) * last;
    const i = Math.min(last - 1, Math.floor(p));
    return [i, p - i];
  };
  const [i, u] = step(at.lat, s, n);
  const [j, v] = step(at.lng, w, e);
  const row = (k) => rows[k][j] * (1 - v) + rows[k][j + 1] * v;
  return row(i) * (1 - u) + row(i + 1) * u;
}

// Tiles asked for and placed as if the map stood where their datum puts its centre.
const ShiftedTiles = L.TileLayer.extend({
  _there(center) {
    const { shifts } = this.options;
    if (!shifts) return center;
    return L.latLng(center.lat + between(shifts, "north", center), center.lng + between(shifts, "east", center));
  },

  _getTiledPixelBounds(center) {
    return L.TileLayer.prototype._getTiledPixelBounds.call(this, this._there(center));
  },

  _setZoomTransform(level, center, zoom) {
    L.TileLayer.prototype._setZoomTransform.call(this, level, this._there(L.latLng(center)), zoom);
  },
});

function roadWidth(rank, zoom) {
  const widths = ROAD_WIDTH[rank - 1] ?? ROAD_WIDTH[2];
  if (zoom < 11.5) return rank === 1 ? 1.6 : rank === 2 && zoom > 10 ? 0.7 : 0;
  const step = Math.min(3, Math.max(0, (zoom - 12) / 2));
  const i = Math.min(2, Math.floor(step));
  return widths[i] + (widths[i + 1] - widths[i]) * (step - i);
}
