// Incidents of the view: single symbols, or clusters counted by the server; and the heat layer.

const FAN_ZOOM = 17; // from here on incidents of one place are spread out
const CROWD = 4; // so many symbols in one cell of the screen are counted into a cluster
const CELL = 46;

class Incidents {
  constructor(map) {
    this.map = map;
    this.shown = true;
    this.heatShown = false;
    this.key = null;
    this.items = [];
    this.clusters = [];
    this.selected = null;
    this.drawn = [];
    this.overlay = new Overlay((frame) => this.paint(frame), { pane: "gm-incidents" }).addTo(map);
    themeListeners.add(() => this.overlay.repaint());
    map.on("moveend", () => this.moved());
    map.on("zoomend", () => this.heatShown && this.heatFull && this.heat.setOptions({ max: this.heatMax() }));
  }

  // The feed asks for a little more than the screen, on a raster, so that small pans ask nothing.
  address(since) {
    const zoom = Math.max(0, Math.floor(this.map.getZoom()));
    const b = this.map.getBounds().pad(0.15);
    const step = 360 / 2 ** (zoom + 2);
    const down = (v) => (Math.floor(v / step) * step).toFixed(5);
    const up = (v) => (Math.ceil(v / step) * step).toFixed(5);
    const box = [down(b.getWest()), down(b.getSouth()), up(b.getEast()), up(b.getNorth())];
    return `/map/incidents/${this.key}?z=${zoom}&bbox=${box.join(",")}${since === undefined ? "" : `&since=${since}`}`;
  }

  moved() {
    if (!this.key || !this.shown || this.complete) return;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.load().catch(() => {}), 90);
  }

  // With the watermark of the picture before, the feed also says what changed since.
  load({ since } = {}) {
    if (!this.key) return Promise.resolve();
    this.running?.abort();
    this.running = new AbortController();
    this.loading = this.fetch(this.running, since);
    return this.loading;
  }

  // A load that another one overtook, because the screen moved, has ended when that one has.
  async settled(load) {
    await load.catch((trouble) => {
      if (trouble.name !== "AbortError" || load === this.loading) throw trouble;
    });
    if (load !== this.loading) await this.settled(this.loading);
  }

  async fetch(run, since) {
    const { key } = this;
    const { body, changed } = await ask(this.address(since), { signal: run.signal, poll: true });
    if (!body || key !== this.key || run.signal.aborted) return;
    if (changed || key !== this.takenKey) this.take(body);
    this.takenKey = key;
  }

  async show(key) {
    this.key = key;
    this.complete = false;
    const heat = this.heatShown ? this.loadHeat() : null;
    await this.settled(this.load());
    await heat;
  }

  take(body) {
    this.mode = body.mode;
    this.complete = body.complete;
    this.total = body.total;
    this.items = (body.id ?? []).map((id, i) => ({
      id,
      number: body.number[i],
      lon: body.lon[i],
      lat: body.lat[i],
      x: mercX(body.lon[i]),
      y: mercY(body.lat[i]),
      kind: body.kinds[body.kind[i]],
      state: body.states[body.state[i]],
      overdue: Boolean(body.overdue[i]),
    }));
    const heaps = new Map();
    for (const item of this.items) {
      const spot = `${item.lon.toFixed(5)} ${item.lat.toFixed(5)}`;
      item.heap = heaps.get(spot) ?? [];
      item.heap.push(item);
      heaps.set(spot, item.heap);
    }
    const c = body.clusters;
    this.clusters = c
      ? c.count.map((count, i) => ({
          count, overdue: c.overdue[i], lon: c.lon[i], lat: c.lat[i],
          x: mercX(c.lon[i]), y: mercY(c.lat[i]), r: discRadius(count),
        }))
      : [];
    body.changed?.lon.forEach((lon, i) => this.pulse({ lon, lat: body.changed.lat[i] }));
    this.overlay.repaint();
    this.onTaken?.();
  }

  pulse(item) {
    const mark = L.marker([item.lat, item.lon], {
      icon: L.divIcon({ className: "gm-pulse", iconSize: [18, 18] }),
      interactive: false,
      keyboard: false,
      pane: "gm-pulses",
    }).addTo(this.map);
    setTimeout(() => mark.remove(), 3200);
  }

  // Crowded symbols become a cluster too; what is shown for a zoom is worked out once.
  gathered(zoom) {
    if (this.mode !== "points" || zoom >= FAN_ZOOM - 1) return { single: this.items, clusters: this.clusters };
    const kept = this.kept;
    if (kept?.items === this.items && kept.zoom === zoom && kept.grown === grown()) return kept;
    const cells = new Map();
    const across = (256 * 2 ** zoom) / CELL / grown();
    for (const item of this.items) {
      const cell = `${Math.floor(item.x * across)} ${Math.floor(item.y * across)}`;
      if (!cells.has(cell)) cells.set(cell, []);
      cells.get(cell).push(item);
    }
    const single = [];
    const clusters = [];
    for (const crowd of cells.values()) {
      if (crowd.length < CROWD) single.push(...crowd);
      else {
        const mean = (name) => crowd.reduce((sum, item) => sum + item[name], 0) / crowd.length;
        clusters.push({
          count: crowd.length, overdue: crowd.filter((item) => item.overdue).length,
          lon: mean("lon"), lat: mean("lat"), x: mean("x"), y: mean("y"), r: discRadius(crowd.length),
        });
      }
    }
    this.kept = { items: this.items, zoom, grown: grown(), single, clusters };
    return this.kept;
  }

  place(item, frame) {
    const [x, y] = [frame.x(item.x), frame.y(item.y)];
    const n = item.heap.length;
    if (n < 2 || frame.zoom < FAN_ZOOM) return [x, y];
    const i = item.heap.indexOf(item);
    const a = i * 2.4;
    const r = n < 9 ? 16 : 7 * Math.sqrt(i + 1);
    return n < 9
      ? [x + r * Math.cos((i * 2 * Math.PI) / n), y + r * Math.sin((i * 2 * Math.PI) / n)]
      : [x + r * Math.cos(a), y + r * Math.sin(a)];
  }

  paint(frame) {
    this.drawn = [];
    if (!this.shown || !words.colours) return;
    const { ctx, zoom } = frame;
    const size = (zoom < 12 ? 0.8 : zoom < 15 ? 0.9 : 1.05) * grown();
    const { single, clusters } = this.gathered(zoom);
    for (const item of single) {
      if (zoom < FAN_ZOOM && item.heap.at(-1) !== item) continue;
      const [x, y] = this.place(item, frame);
      if (x < -20 || y < -20 || x > frame.size.x + 20 || y > frame.size.y + 20) continue;
      const overdue = zoom < FAN_ZOOM ? item.heap.some((one) => one.overdue) : item.overdue;
      const drawn = sprite(item.kind, words.states[item.state]?.type ?? "done", overdue, size);
      ctx.drawImage(drawn, x - drawn.side / 2, y - drawn.side / 2, drawn.side, drawn.side);
      if (zoom < FAN_ZOOM && item.heap.length > 1) this.badge(ctx, x + 7, y - 7, item.heap.length);
      this.drawn.push({ item, x: x + frame.start.x, y: y + frame.start.y, r: 11 * size });
    }
    for (const cluster of clusters) this.paintCluster(frame, cluster);
    this.paintSelected(frame, size);
  }

  badge(ctx, x, y, count) {
    const text = count > 99 ? "99+" : String(count);
    ctx.font = `600 10px ${FONT}`;
    const w = Math.max(14, ctx.measureText(text).width + 7);
    ctx.beginPath();
    ctx.roundRect(x - w / 2, y - 7, w, 14, 7);
    ctx.fillStyle = dark ? "#e3e9f0" : "#1d2733";
    ctx.fill();
    ctx.fillStyle = dark ? "#10161d" : "#ffffff";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y + 0.5);
  }

  paintCluster(frame, cluster) {
    const { ctx } = frame;
    const [x, y] = [frame.x(cluster.x), frame.y(cluster.y)];
    const r = cluster.r * grown();
    if (x < -r || y < -r || x > frame.size.x + r || y > frame.size.y + r) return;
    ctx.save();
    ctx.shadowColor = "rgba(10,20,30,.3)";
    ctx.shadowBlur = 5;
    ctx.shadowOffsetY = 1;
    ctx.beginPath();
    ctx.arc(x, y, r + 1.5, 0, 2 * Math.PI);
    ctx.fillStyle = ink.paper;
    ctx.fill();
    ctx.restore();
    ctx.lineWidth = 3;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.strokeStyle = dark ? "#50677f" : "#8ba1b8";
    ctx.stroke();
    if (cluster.overdue) {
      const turn = Math.max(0.09, cluster.overdue / cluster.count) * 2 * Math.PI;
      ctx.beginPath();
      ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + turn);
      ctx.strokeStyle = shade(words.colours.overdue);
      ctx.stroke();
    }
    ctx.font = `600 ${Math.round((cluster.r > 16 ? 13 : 12) * grown())}px ${FONT}`;
    ctx.fillStyle = ink.text;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(cluster.count < 1000 ? String(cluster.count) : compact.format(cluster.count), x, y + 0.5);
    this.drawn.push({ cluster, x: x + frame.start.x, y: y + frame.start.y, r: r + 3 });
  }

  paintSelected(frame, size) {
    if (!this.selected) return;
    const { ctx } = frame;
    const shown = this.items.find((item) => item.id === this.selected.id);
    if (shown) Object.assign(this.selected, { x: shown.x, y: shown.y, item: shown });
    if (this.selected.x === undefined) return;
    const [x, y] = shown ? this.place(shown, frame) : [frame.x(this.selected.x), frame.y(this.selected.y)];
    ctx.beginPath();
    ctx.arc(x, y, 15 * size, 0, 2 * Math.PI);
    ctx.lineWidth = 5.5;
    ctx.strokeStyle = ink.selectHalo;
    ctx.stroke();
    ctx.lineWidth = 3;
    ctx.strokeStyle = ink.select;
    ctx.stroke();
    if (!shown) {
      ctx.beginPath();
      ctx.arc(x, y, 4, 0, 2 * Math.PI);
      ctx.fillStyle = ink.select;
      ctx.fill();
      return;
    }
    const drawn = sprite(shown.kind, words.states[shown.state]?.type ?? "done", shown.overdue, size);
    ctx.drawImage(drawn, x - drawn.side / 2, y - drawn.side / 2, drawn.side, drawn.side);
  }

  // What is drawn under a point of the screen: the topmost within reach.
  at(container) {
    const p = this.map.containerPointToLayerPoint(container).add(this.map.getPixelOrigin());
    const reach = coarse() ? 12 : 2;
    for (let i = this.drawn.length - 1; i >= 0; i -= 1) {
      const one = this.drawn[i];
      if (Math.hypot(one.x - p.x, one.y - p.y) <= one.r + reach) return one;
    }
    return null;
  }

  // Boxes of what is drawn, so that labels keep clear of them.
  boxes(frame) {
    if (!this.shown) return { clusters: [], symbols: [] };
    const around = (r) => (one) => {
      const [x, y] = [frame.x(one.x), frame.y(one.y)];
      return [x - r(one), y - r(one), x + r(one), y + r(one)];
    };
    const { single, clusters } = this.gathered(frame.zoom);
    const k = grown();
    return { clusters: clusters.map(around((c) => c.r * k)), symbols: single.slice(0, 400).map(around(() => 8 * k)) };
  }

  toggle(shown) {
    this.shown = shown;
    if (shown) this.load().catch(() => {});
    this.overlay.repaint();
    this.onTaken?.();
  }

  async loadHeat() {
    const { body } = await ask(`/map/heat/${this.key}`, { poll: true });
    if (!body || !this.heatShown) return;
    if (!this.heat) {
      this.heat = L.heatLayer([], {
        pane: "gm-heat", radius: 24, blur: 20, minOpacity: 0.12, maxZoom: 1,
        gradient: { 0.1: "#fff3c4", 0.4: "#fdcf6b", 0.7: "#f08a3c", 1: "#b3201b" },
      });
    }
    this.heatFull = body;
    this.heat.setOptions({ max: this.heatMax() });
    this.heat.setLatLngs(body.points);
    if (!this.map.hasLayer(this.heat)) this.heat.addTo(this.map);
  }

  // Closer in, the same incidents lie further apart on the screen.
  heatMax() {
    const closer = Math.max(-2, this.map.getZoom() - this.heatFull.zoom);
    return Math.max(1.5, this.heatFull.max / 2 ** (1.6 * closer));
  }

  toggleHeat(shown) {
    this.heatShown = shown;
    if (shown) this.loadHeat().catch(() => {});
    else this.heat?.remove();
  }
}

const discRadius = (count) => Math.min(23, 9.5 + 1.35 * Math.log2(count));
