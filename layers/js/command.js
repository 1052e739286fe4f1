// The map as a whole: which view is shown, what is selected, what is sent to Python.

class CommandMap {
  constructor(map) {
    this.map = map;
    this.view = null;
    this.key = null;
    this.selection = { kind: "none", id: 0 };
    this.shapes = new Shelf(24);
    this.events = [];
    this.number = 0;
    watchTheme();
    this.panes();
    this.base = new BaseMap(map);
    this.areas = new Areas(map);
    this.buildings = new Buildings(map);
    this.incidents = new Incidents(map);
    this.labels = new Labels(map, this.areas, (frame) => this.incidents.boxes(frame));
    this.incidents.onTaken = () => this.labels.overlay.repaint();
    this.controls();
    this.gestures();
    this.fitWithFrame();
  }

  panes() {
    const order = { tiles: 190, base: 200, areas: 350, buildings: 360, marks: 370, heat: 380, incidents: 450, pulses: 455, labels: 460 };
    for (const [name, z] of Object.entries(order)) {
      const pane = this.map.createPane(`gm-${name}`);
      pane.style.zIndex = z;
      pane.style.pointerEvents = "none";
    }
  }

  controls() {
    const root = this.map.getContainer();
    root.classList.add("gm-map");
    this.root = root;
    const layer = (key, part, repaint) => ({
      key, shown: true,
      toggle: (shown) => {
        part.shown = shown;
        repaint();
      },
    });
    const layers = [
      layer("areas", this.areas, () => {
        this.areas.overlay.repaint();
        this.labels.overlay.repaint();
      }),
      layer("labels", this.labels, () => this.labels.overlay.repaint()),
      { key: "incidents", shown: true, toggle: (on) => this.incidents.toggle(on) },
      { key: "heat", shown: false, toggle: (on) => this.incidents.toggleHeat(on) },
      { key: "buildings", shown: true, toggle: (on) => this.buildings.toggle(on) },
      { key: "base", shown: true, toggle: (on) => this.base.toggle(on) },
    ];
    this.search = new Search(root, (hit) => this.found(hit));
    this.tools = new Toolbar(root, { map: this.map, layers, home: () => this.fit(true), up: () => this.goUp() });
    this.legend = new Legend(root);
    const foot = shield(el("div", "gm-foot"));
    root.append(foot);
    this.live = new Live(foot, () => this.refresh());
    this.scale = new ScaleBar(foot, this.map);
    this.card = new Card(root);
  }

  // The frame's size may change at any time (page layout, full screen); the map follows.
  fitWithFrame() {
    this.map.on("dragstart zoomstart", () => {
      if (!this.fitting) this.touched = true;
    });
    new ResizeObserver(() => {
      this.map.invalidateSize({ animate: false, pan: !this.touched });
      if (this.view && !this.touched) this.fit(false);
    }).observe(this.root);
  }

  fit(animate) {
    const [w, s, e, n] = this.view.place.bounds;
    const bounds = L.latLngBounds([s, w], [n, e]);
    this.fitting = true;
    this.flyTo(bounds, { ...this.room(bounds), maxZoom: 18 }, animate);
    this.fitting = false;
    this.touched = false;
  }

  // Space left free around a place; the legend's too, unless the place would shrink much for it.
  room(bounds) {
    const sides = narrow() ? [14, 62, 60, 66] : [40, 44, 40, 44];
    const { offsetWidth: w, offsetHeight: h, classList } = this.legend.node;
    const zoomFor = ([l, t, r, b]) => this.map.getBoundsZoom(bounds, false, L.point(l + r, t + b));
    const ways = narrow() || classList.contains("gm-shut")
      ? []
      : [[w + 28, sides[1], 64, sides[3]], [28, sides[1], 64, h + 28]];
    const best = ways.sort((a, z) => zoomFor(z) - zoomFor(a))[0];
    const [l, t, r, b] = best && zoomFor(best) >= zoomFor(sides) - 0.5 ? best : sides;
    return { paddingTopLeft: [l, t], paddingBottomRight: [r, b] };
  }

  flyTo(bounds, options, animate) {
    if (animate && !calm()) {
      const zoom = this.map.getBoundsZoom(bounds);
      const near = Math.abs(zoom - this.map.getZoom()) <= 4;
      this.map.once("zoomstart movestart", () => (this.touched = false));
      if (near) this.map.flyToBounds(bounds, { ...options, duration: 0.55, easeLinearity: 0.35 });
      else this.map.fitBounds(bounds, { ...options, animate: false });
    } else this.map.fitBounds(bounds, { ...options, animate: false });
  }

  async language(language) {
    const before = wordsReady;
    await loadWords(language);
    if (before === wordsReady && this.labelled === language) return;
    this.labelled = language;
    label(this.root);
    this.live.draw();
    this.scale.draw();
    this.legend.draw();
    this.card.hide();
    this.labels.overlay.repaint();
    this.incidents.overlay.repaint();
  }

  async show(key) {
    if (key === this.key) return;
    this.key = key;
    this.card.hide();
    try {
      await this.open(key);
      this.live.good();
    } catch (trouble) {
      if (trouble.name === "AbortError") return;
      if (!(trouble instanceof Away)) console.error(trouble);
      this.live.bad();
      this.live.soon(1500);
    }
  }

  async open(key) {
    const [{ body: view }] = await Promise.all([
      ask(`/map/view/${key}`, { poll: true }),
      this.language(words.language),
    ]);
    if (key !== this.key) return;
    if (!view) {
      this.root.classList.add("gm-nothing");
      return;
    }
    this.root.classList.remove("gm-nothing");
    const moved = !this.view || view.place.id !== this.view.place.id;
    const reshaped = !this.view || view.shapes !== this.view.shapes;
    const incidents = this.incidents;
    if (reshaped) {
      const around = view.around ? this.setOf(view.around).catch(() => null) : null;
      const set = await this.setOf(view.shapes);
      if (key !== this.key || !set) return;
      this.areas.shapes(set, null, view.place.id);
      around?.then((found) => {
        if (key !== this.key) return;
        this.areas.around = found;
        this.areas.overlay.repaint();
      });
    }
    this.take(view);
    if (moved && !this.heldByFlight(view)) this.fit(Boolean(this.opened));
    this.opened = true;
    this.root.dataset.view = key;
    if (this.base.version !== view.base_version) this.base.start(view.base_version);
    await incidents.show(key);
    if (key === this.key) this.buildings.of(view); // many small tiles: after what everybody looks for
    // Said only once it is painted: until then nothing can be told under the pointer.
    requestAnimationFrame(() => {
      if (key === this.key) this.root.dataset.ready = key;
    });
  }

  setOf(address) {
    return this.shapes.get(address).then((pack) => {
      if (!pack) return null;
      pack.set ??= new AreaSet(pack);
      return pack.set;
    });
  }

  take(view) {
    this.view = view;
    this.areas.figures(view);
    this.base.background(view.tiles);
    this.labels.overlay.repaint();
    this.legend.set(view, view.kinds);
    this.tools.up.hidden = !view.place.parent;
  }

  // After a search flight the place that was found stays in sight.
  heldByFlight(view) {
    const flight = this.flight;
    this.flight = null;
    if (!flight || performance.now() - flight.at > 6000) return false;
    const [w, s, e, n] = view.place.bounds;
    return flight.lon >= w && flight.lon <= e && flight.lat >= s && flight.lat <= n;
  }

  // What Python (or a click) says is selected; a selection from outside is brought into sight.
  select(kind, id) {
    const same = kind === this.selection.kind && id === this.selection.id;
    const ours = same || (this.clicked?.kind === kind && this.clicked.id === id);
    if (!ours) this.clicked = null;
    this.selection = { kind, id };
    this.areas.select(kind === "area" ? id : null);
    this.buildings.select(kind === "building" ? id : null);
    if (kind !== "incident") this.incidents.selected = null;
    else if (this.incidents.selected?.id !== id) this.incidents.selected = { id };
    this.incidents.overlay.repaint();
    this.labels.overlay.repaint();
    if (!ours && (kind === "incident" || kind === "building")) this.bring(kind, id);
  }

  async bring(kind, id) {
    try {
      const { body: place } = await ask(`/map/place/${kind}/${id}`);
      if (!place || this.selection.kind !== kind || this.selection.id !== id) return;
      if (kind === "incident") {
        Object.assign(this.incidents.selected, { x: mercX(place.lon), y: mercY(place.lat) });
        this.incidents.overlay.repaint();
      }
      if (!this.opened) return;
      const spot = L.latLng(place.lat, place.lon);
      if (kind === "incident") this.incidents.pulse(place);
      const inside = this.map.getBounds().pad(-0.08).contains(spot);
      const now = this.map.getZoom();
      const zoom = Math.max(kind === "building" ? 17 : inside ? now : 15, now);
      if (!inside || zoom !== now) this.map.setView(spot, zoom, { animate: !calm() });
    } catch {
      // The mark stays; the place could not be asked for.
    }
  }

  send(event) {
    this.number = Math.max(this.number + 1, Date.now());
    this.events = [...this.events, { n: this.number, ...event }].slice(-8);
    window.Streamlit?.setComponentValue({ events: this.events });
  }

  choose(kind, id, key) {
    this.clicked = { kind, id };
    this.select(kind, id);
    this.send({ event: "select", kind, key });
  }

  goUp() {
    const parent = this.view?.place.parent;
    if (parent) this.send({ event: "drill", key: parent.code });
  }

  found(hit) {
    this.flight = { lon: hit.lon, lat: hit.lat, at: performance.now() };
    this.touched = true;
    if (hit.bounds) {
      const [w, s, e, n] = hit.bounds;
      this.flyTo(L.latLngBounds([s, w], [n, e]), { padding: [60, 60], maxZoom: 18 }, true);
    } else this.map.setView([hit.lat, hit.lon], Math.max(17, this.map.getZoom()), { animate: !calm() });
    if (hit.kind === "incident") this.incidents.selected = { id: hit.id, x: mercX(hit.lon), y: mercY(hit.lat) };
    this.choose(hit.kind, hit.id, hit.key);
  }

  // One question every few seconds; figures and symbols move, the view never does.
  async refresh() {
    const { key } = this;
    if (!key) return;
    if (this.root.dataset.view !== key) {
      await this.open(key);
      return;
    }
    const { body: view, changed } = await ask(`/map/view/${key}`, { poll: true });
    if (!view || key !== this.key || !changed) return;
    const before = this.view.watermark;
    if (view.shapes !== this.view.shapes) {
      const set = await this.setOf(view.shapes);
      if (key !== this.key || !set) return;
      this.areas.shapes(set, this.areas.around, view.place.id);
    }
    this.take(view);
    if (this.base.version !== view.base_version) this.base.start(view.base_version);
    if (view.watermark === before) return;
    this.send({ event: "changed", watermark: view.watermark });
    this.card.incidents = new Shelf(300);
    await this.incidents.settled(this.incidents.load({ since: before }));
    if (this.incidents.heatShown) await this.incidents.loadHeat();
    this.buildings.load({ again: true });
  }
}
