// The workbench as a whole: which plan is shown, which tool is in hand, what is sent to Python.

const CIRCUMFERENCE = 40075016.7;

class Workbench {
  constructor(map) {
    this.map = map;
    this.model = null;
    this.shown = null; // plan, version, seq, proposal as Python asked
    this.events = [];
    this.number = 0;
    this.preview = new Map();
    this.sums = new Map();
    this.flagged = [];
    this.picked = "";
    this.target = "";
    this.radius = 25;
    watchTheme();
    this.panes();
    this.base = new BaseMap(map);
    this.edits = new EditLine(this);
    this.tools = [Hand, MoveTool, LassoTool, BrushTool, DragTool, BorderTool, SplitTool, MergeTool, CarveTool, LockTool, PinTool].map((Kind) => new Kind(this));
    [this.tool] = this.tools;
    this.painter = new PlanPaint(map, this);
    this.chips = new Chips(map, this);
    this.controls();
    this.gestures();
    this.keys();
    this.fitWithFrame();
  }

  panes() {
    const order = { tiles: 190, base: 200, areas: 350, marks: 370, labels: 460 };
    for (const [name, z] of Object.entries(order)) {
      const pane = this.map.createPane(`gm-${name}`);
      pane.style.zIndex = z;
      pane.style.pointerEvents = "none";
    }
  }

  controls() {
    this.root = this.map.getContainer();
    this.root.classList.add("gm-map", "gp-map");
    const layer = (key) => ({
      key, shown: this.painter.layers[key],
      toggle: (shown) => {
        this.painter.layers[key] = shown;
        this.painter.repaint();
      },
    });
    const layers = [
      ...["areas", "cells", "labels", "buildings", "open", "barriers", "comments"].map(layer),
      { key: "base", shown: true, toggle: (on) => this.base.toggle(on) },
    ];
    this.zooming = new Toolbar(this.root, { map: this.map, layers, home: () => this.fit(), up: () => {} });
    this.zooming.up.hidden = true;
    this.box = new ToolBox(this.root, this, this.tools);
    this.line = new ToolLine(this.root, this);
    this.view = new ViewLine(this.root, this);
    this.curtain = new Curtain(this.root, this);
    this.signs = new Signs(this.root, this);
    this.notes = new Notes(this.root);
    const foot = shield(el("div", "gm-foot"));
    this.root.append(foot);
    this.live = new Live(foot, () => this.refresh());
    this.scale = new ScaleBar(foot, this.map);
    this.card = new Card(this.root);
  }

  fitWithFrame() {
    this.map.on("dragstart zoomstart", () => {
      if (!this.fitting) this.touched = true;
    });
    new ResizeObserver(() => {
      this.map.invalidateSize({ animate: false, pan: !this.touched });
      if (this.model && !this.touched) this.fit();
    }).observe(this.root);
  }

  fit() {
    if (!this.model) return;
    const [w, s, e, n] = this.model.bounds;
    const bar = narrow() ? 12 : this.box.node.offsetWidth + 24;
    this.fitting = true;
    this.map.fitBounds([[s, w], [n, e]], {
      paddingTopLeft: [bar, this.line.node.offsetTop + this.line.node.offsetHeight + (narrow() ? 6 : 20)], paddingBottomRight: [narrow() ? 60 : 66, narrow() ? 64 : 40], maxZoom: 18, animate: false,
    });
    this.fitting = false;
    this.touched = false;
  }

  async language(language) {
    const before = planWordsReady;
    await loadPlanWords(language).catch(() => {});
    if (before === planWordsReady && this.labelled === language) return;
    this.labelled = language;
    label(this.root);
    this.draw();
    this.live.draw();
    this.scale.draw();
  }

  draw() {
    this.box.show(this.tool, Boolean(this.model?.editable));
    this.drawLine();
    this.view.draw();
    this.signs.draw();
    this.painter.repaint();
  }

  drawLine() {
    this.line.draw();
  }

  // Python says which plan to show; only what is newer than what stands here is asked for.
  async show(planId, version, seq, proposal) {
    const before = this.shown;
    const same = before && before.planId === planId && before.seq === seq && before.proposal === proposal;
    this.shown = { planId, version, seq, proposal };
    this.planId = planId;
    if (same && this.model && version <= this.model.version) return;
    if (!same) this.leave();
    try {
      await this.load(!before || before.planId !== planId);
      this.live.good();
    } catch (trouble) {
      if (!(trouble instanceof Away)) console.error(trouble);
      this.live.bad();
      this.live.soon(1500);
    }
  }

  leave() {
    this.tool.drop();
    this.edits.waiting.length = 0;
    this.flagged = [];
  }

  // Whether an older state or a proposal is looked at.
  get elsewhere() {
    return this.shown?.seq >= 0 || Boolean(this.shown?.proposal);
  }

  get address() {
    const { planId, seq, proposal } = this.shown;
    const query = new URLSearchParams();
    if (seq >= 0) query.set("seq", seq);
    if (proposal) query.set("proposal", proposal);
    return `/map/plan/${planId}/sheet?${query}`;
  }

  async load(anew) {
    const { address } = this;
    const [{ body }] = await Promise.all([ask(address, { poll: true }), this.language(words.language)]);
    if (address !== this.address) return;
    if (!body) {
      this.model = null;
      this.notes.tell(say("plan_not_found"), { keep: true });
      this.painter.repaint();
      return;
    }
    const colours = anew ? undefined : this.model?.colours;
    this.model = new PlanModel(body, colours);
    this.model.noteAll(body.comments);
    this.keepNames();
    this.base.background(body.tiles);
    if (this.base.version !== body.base_version) this.base.start(body.base_version);
    if (!this.model.editable && this.tool.draws) this.use(this.tools[0]);
    this.place([]);
    this.draw();
    // Once the line over the map is as high as it stays.
    if (anew) this.fit();
    if (this.awaited) this.point(...this.awaited);
    this.told();
  }

  // Said only once it is painted.
  told() {
    const ready = `${this.planId}:${this.model.version}`;
    requestAnimationFrame(() => {
      this.root.dataset.ready = ready;
    });
  }

  // A grid that is no more can neither be picked nor take cells.
  keepNames() {
    if (!this.painter.side.byLabel.has(this.picked)) this.picked = "";
    if (this.target !== "new" && !this.model.grid(this.target)) this.target = "";
  }

  // Others may have drawn or written meanwhile; a stroke that is under way is let end first.
  async refresh() {
    if (!this.shown) return;
    if (!this.model) {
      await this.load(true);
      return;
    }
    const { planId, seq } = this.shown;
    const { body: now } = await ask(`/map/plan/${planId}/now`, { poll: true });
    if (!now || planId !== this.planId) return;
    if (now.comments.length > this.model.comments.length && this.tool.name === "pin") this.use(this.tools[0]);
    this.model.noteAll(now.comments);
    this.chips.overlay.repaint();
    const busy = this.edits.waiting.length || this.edits.running || this.tool.running?.();
    if (seq >= 0 || busy || now.version <= this.model.version) return;
    await this.load(false);
    // What the panel beside did is seen here before the page says so.
    if (!now.own) this.notes.tell(say("plan_changed_elsewhere"), { role: "status" });
    this.send({ event: "edited", plan: planId, version: this.model.version });
  }

  send(event) {
    this.number = Math.max(this.number + 1, Date.now());
    this.events = [...this.events, { n: this.number, ...event }].slice(-8);
    window.Streamlit?.setComponentValue({ events: this.events });
  }

  use(tool) {
    if (tool.draws && !this.model?.editable) return;
    this.tool.drop();
    this.tool = tool;
    this.place([]);
    if (tool.usesTarget && !this.target && this.picked && this.model?.grid(this.picked)) this.target = this.picked;
    if (tool.draws && (this.painter.start || this.curtain.shown)) this.seeStart(false);
    this.map.dragging[tool.strokes ? "disable" : "enable"]();
    this.root.classList.toggle("gp-drawing", tool.strokes);
    this.root.dataset.tool = tool.name;
    this.hovered = null;
    this.card.hide();
    this.notes.ebb();
    tool.begin();
    this.draw();
    // On a phone the line above the map is as high as what the tool needs.
    if (narrow() && !this.touched) this.fit();
  }

  cancel() {
    const running = this.tool.running?.();
    this.tool.drop();
    this.place([]);
    if (!running && this.tool.name !== "hand") this.use(this.tools[0]);
    else if (!running && this.picked) this.pick("");
    this.draw();
  }

  pick(label) {
    if (label === this.picked) return;
    this.picked = label;
    this.send({ event: "grid", label });
    this.painter.repaint();
    this.drawLine();
  }

  aim(label) {
    this.target = label ?? "";
    this.drawLine();
    this.painter.repaint();
  }

  widen(metres) {
    this.radius = Math.max(5, Math.min(120, metres));
    this.drawLine();
    this.painter.marks.repaint();
  }

  seeStart(start) {
    this.painter.start = start;
    this.curtain.show(false);
    this.keepNames();
    this.view.draw();
    this.painter.repaint();
  }

  // Both beside each other, to look at: what draws is put down.
  seeBoth(on) {
    if (on && this.tool.draws) this.use(this.tools[0]);
    this.seeStart(false);
    this.curtain.show(on);
    this.view.draw();
  }

  seeDifference(on) {
    this.painter.difference = on;
    this.view.draw();
    this.painter.repaint();
  }

  // Local units that a finger or pointer reaches, or that so many pixels are long.
  reach(pixels = coarse() ? 22 : 11) {
    return pixels / (256 * 2 ** this.map.getZoom() / LOCAL);
  }

  // What would move; with the labels of grids whose sums are told anyhow.
  place(moves, labels = []) {
    if (!this.model) return;
    this.preview = new Map([...this.edits.moves, ...moves]);
    this.sums = this.model.sums(this.preview);
    for (const label of labels) {
      const n = this.model.grid(label)?.households ?? 0;
      if (!this.sums.has(label)) this.sums.set(label, { before: n, after: n });
    }
    this.line.tell(this.sums);
    this.painter.marks.repaint();
    this.chips.overlay.repaint();
  }

  edit(command, moves = new Map()) {
    if (!this.model?.editable) return null;
    this.notes.clear();
    this.flagged = [];
    return this.edits.add(command, moves);
  }

  took(change, command) {
    const known = new Set(this.model.marks.map((mark) => mark.label));
    this.model.take(change);
    if (change.cells) for (const edit of this.edits.waiting) edit.moves = this.sameMoves(edit.moves);
    const fresh = this.model.marks.find((mark) => !known.has(mark.label));
    if (this.target === "new" && fresh && command.to === "new") this.target = fresh.label;
    this.keepNames();
    this.place([]);
    this.draw();
    this.told();
    this.send({ event: "edited", plan: this.planId, version: this.model.version });
  }

  refused({ status, body }, { command, moves }) {
    this.place([]);
    this.draw();
    const cells = new Set(body.cells ?? []);
    const labels = new Set(body.grids ?? []);
    this.flag([...this.model.cells.values()].filter((cell) => cells.has(cell.n) || labels.has(cell.label)));
    if (status !== 409 || body.error !== "stale") {
      this.notes.tell(body.words);
      return;
    }
    const version = this.model.version;
    const reload = () => this.load(false).catch(() => this.live.bad());
    this.notes.tell(body.words, {
      choices: [
        ["plan_again", () => reload().then(() => this.edit(command, this.sameMoves(moves)))],
        ["plan_reload", reload],
        ["plan_fork", () => this.send({ event: "fork", plan: this.planId, version })],
      ],
    });
  }

  // The moves of an edit, among the cells of the plan as it is now.
  sameMoves(moves) {
    const found = [...moves].map(([cell, to]) => [this.model.cells.get(cell.n), to]);
    return new Map(found.filter(([cell]) => cell));
  }

  flag(cells) {
    clearTimeout(this.flagging);
    this.flagged = cells;
    this.painter.marks.repaint();
    if (!cells.length) return;
    this.flagging = setTimeout(() => this.flag([]), 9000);
  }

  // Python points at something; `turn` tells a second pointing at the same from a rerun.
  point(turn, label, cells, spot) {
    this.awaited = this.model ? null : [turn, label, cells, spot];
    const pointed = JSON.stringify([turn, label, cells, spot]);
    if (pointed === this.pointedAt || !this.model) return;
    this.pointedAt = pointed;
    if (label === this.picked && !cells.length && !spot.length) return;
    this.picked = this.painter.side.byLabel.has(label) ? label : "";
    this.flag(cells.map((n) => this.model.cells.get(n)).filter(Boolean));
    const grid = this.painter.side.byLabel.get(label);
    const box = this.flagged.length ? boxOf(this.flagged) : grid?.box;
    if (spot.length) this.map.setView([spot[1] / 1e6, spot[0] / 1e6], Math.max(17, this.map.getZoom()), { animate: !calm() });
    else if (box) this.bring(box);
    this.draw();
  }

  bring([west, north, east, south]) {
    const bounds = L.latLngBounds([latOf(south), lonOf(west)], [latOf(north), lonOf(east)]);
    if (this.map.getBounds().contains(bounds)) return;
    this.map.fitBounds(bounds.pad(0.4), { animate: !calm(), maxZoom: 18 });
  }
}
