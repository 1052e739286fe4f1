// A canvas over the map and the arithmetic of where things are on it.
// Mercator coordinates run from 0 to 1; shapes are kept as paths around an origin of their own,
// in pixels of zoom 20, so that zooming and panning never project anything again.

const LOCAL = 2 ** 28;
const RATIO = () => Math.min(window.devicePixelRatio || 1, 2);

const mercX = (lon) => lon / 360 + 0.5;
const mercY = (lat) => {
  const s = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
};
const lonOf = (x) => (x - 0.5) * 360;
const latOf = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

const Overlay = L.Renderer.extend({
  initialize(draw, options) {
    L.Renderer.prototype.initialize.call(this, { padding: 0.2, ...options });
    this._drawing = draw;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.className = "gm-canvas";
    this._container.setAttribute("aria-hidden", "true");
    this._ctx = this._container.getContext("2d");
  },

  _destroyContainer() {
    cancelAnimationFrame(this._asked);
    this._container.remove();
    delete this._container;
  },

  _updatePaths() {},

  // At rest the canvas lies on whole pixels; anything else would blur its text.
  _updateTransform(center, zoom) {
    if (this._bounds && zoom === this._zoom && center.equals(this._center)) {
      L.DomUtil.setPosition(this._container, this._bounds.min);
    } else L.Renderer.prototype._updateTransform.call(this, center, zoom);
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const canvas = this._container;
    const size = this._bounds.getSize();
    const ratio = RATIO();
    L.DomUtil.setPosition(canvas, this._bounds.min);
    if (canvas.width !== Math.round(size.x * ratio) || canvas.height !== Math.round(size.y * ratio)) {
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    this._paint();
  },

  // Paint again before the next frame, however often it is asked for.
  repaint() {
    if (!this._map || this._asked) return;
    this._asked = requestAnimationFrame(() => {
      this._asked = 0;
      if (this._map && this._bounds && !this._map._animatingZoom) this._paint();
    });
  },

  _paint() {
    const ctx = this._ctx;
    const ratio = RATIO();
    const size = this._bounds.getSize();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this._container.width, this._container.height);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const start = this._map.getPixelOrigin().add(this._bounds.min);
    this._drawing(new Frame(ctx, ratio, this._zoom, start, size));
  },
});

// Where things are on one canvas at one moment.
class Frame {
  constructor(ctx, ratio, zoom, start, size) {
    Object.assign(this, { ctx, ratio, zoom, start, size });
    this.world = 256 * 2 ** zoom;
    this.scale = this.world / LOCAL;
  }

  x(merc) {
    return merc * this.world - this.start.x;
  }

  y(merc) {
    return merc * this.world - this.start.y;
  }

  // Draw in the units of paths around an origin; lengths are divided by `scale`.
  local(origin) {
    const k = this.ratio * this.scale;
    this.ctx.setTransform(k, 0, 0, k, this.ratio * this.x(origin.x), this.ratio * this.y(origin.y));
  }

  // The canvas itself in the units of paths around an origin: left, top, width, height.
  localBounds(origin) {
    const [w, h] = [this.size.x / this.scale, this.size.y / this.scale];
    return [-this.x(origin.x) / this.scale - 1, -this.y(origin.y) / this.scale - 1, w + 2, h + 2];
  }

  pixels() {
    this.ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
  }

  holds(box) {
    return (
      this.x(box[2]) > 0 && this.x(box[0]) < this.size.x &&
      this.y(box[3]) > 0 && this.y(box[1]) < this.size.y
    );
  }
}

const probe = document.createElement("canvas").getContext("2d");

// Coordinates arrive as whole numbers: first point, then steps, in units of a degree.
function pathOf(polygons, pack, origin) {
  const path = new Path2D();
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rings of polygons) {
    for (const ring of rings) {
      let lon = 0;
      let lat = 0;
      for (let i = 0; i < ring.length; i += 2) {
        lon += ring[i];
        lat += ring[i + 1];
        const x = mercX(pack.origin[0] + lon * pack.unit);
        const y = mercY(pack.origin[1] + lat * pack.unit);
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
        if (i) path.lineTo((x - origin.x) * LOCAL, (y - origin.y) * LOCAL);
        else path.moveTo((x - origin.x) * LOCAL, (y - origin.y) * LOCAL);
      }
      path.closePath();
    }
  }
  return { path, box };
}

function pathHolds(shape, origin, x, y) {
  const { box, path } = shape;
  if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
  return probe.isPointInPath(path, (x - origin.x) * LOCAL, (y - origin.y) * LOCAL, "evenodd");
}

const originOf = (pack) => ({ x: mercX(pack.origin[0]), y: mercY(pack.origin[1]) });

// What two bounds have in common; upside down, and so without tiles, when that is nothing.
function common(a, [w, s, e, n]) {
  const [west, east] = [Math.max(a.getWest(), w), Math.min(a.getEast(), e)];
  const [south, north] = [Math.max(a.getSouth(), s), Math.min(a.getNorth(), n)];
  return { getWest: () => west, getEast: () => east, getSouth: () => south, getNorth: () => north };
}

function tilesIn(map, zoom, margin = 0, within = null) {
  const n = 2 ** zoom;
  const b = within ? common(map.getBounds(), within) : map.getBounds();
  const clamp = (v) => Math.max(0, Math.min(n - 1, Math.floor(v)));
  const [w, e] = [clamp(mercX(b.getWest()) * n - margin), clamp(mercX(b.getEast()) * n + margin)];
  const [s, t] = [clamp(mercY(b.getNorth()) * n - margin), clamp(mercY(b.getSouth()) * n + margin)];
  const found = [];
  for (let x = w; x <= e; x += 1) for (let y = s; y <= t; y += 1) found.push({ z: zoom, x, y });
  return found;
}
