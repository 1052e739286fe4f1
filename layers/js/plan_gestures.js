// Pointer and keyboard on the workbench: a press for tools that press, a stroke for those that draw.

Object.assign(Workbench.prototype, {
  gestures() {
    const { map, root } = this;
    const fingers = new Set();
    let stroke = null;
    focusAtRest(root);
    const give = (event) => {
      if (stroke === null) return;
      stroke = null;
      root.releasePointerCapture?.(event.pointerId);
    };
    root.addEventListener("pointerdown", (event) => {
      if (!onLand(root, event)) return;
      this.notes.ebb();
      if (event.pointerType === "touch") fingers.add(event.pointerId);
      if (!this.tool.strokes || !this.model || event.button !== 0 || this.spaced) return;
      // A second finger moves the map: what the first one drew was not meant.
      if (fingers.size > 1) {
        give(event);
        this.tool.drop();
        this.place([]);
        return;
      }
      stroke = event.pointerId;
      root.setPointerCapture(event.pointerId);
      this.tool.down(this.at(event));
    });
    root.addEventListener("pointermove", (event) => {
      if (!this.model) return;
      if (stroke === event.pointerId) {
        for (const one of event.getCoalescedEvents?.() ?? []) this.tool.drag(this.at(one));
        this.tool.drag(this.at(event));
        this.painter.marks.repaint();
      } else if (event.pointerType !== "touch") this.pointed(event, onLand(root, event));
    });
    const ended = (event) => {
      fingers.delete(event.pointerId);
      if (stroke !== event.pointerId) return;
      give(event);
      if (event.type === "pointercancel") this.cancel();
      else this.tool.up(this.at(event));
      this.drawLine();
    };
    root.addEventListener("pointerup", ended);
    root.addEventListener("pointercancel", ended);
    root.addEventListener("pointerleave", () => this.unpoint());
    // Keys reach the tools as soon as the pointer is here, unless somebody is writing elsewhere.
    root.addEventListener("pointermove", () => {
      const at = window.parent.document.activeElement;
      const elsewhere = at !== window.frameElement && !at?.closest("input, textarea, select, [contenteditable]");
      if (elsewhere) root.focus({ preventScroll: true });
    });
    root.addEventListener("dblclick", () => this.tool.finishable?.() && this.tool.finish());
    map.on("movestart zoomstart", () => this.card.hide());
    map.on("click", (event) => {
      if (!this.model || this.tool.strokes) return;
      const comment = this.chips.pinAt(event.containerPoint);
      if (comment) {
        this.send({ event: "comment", id: comment.id });
        return;
      }
      this.tool.press(this.at(event.originalEvent));
      this.drawLine();
    });
  },

  at(event) {
    const frame = this.root.getBoundingClientRect();
    const point = L.point(event.clientX - frame.left, event.clientY - frame.top);
    const { lng, lat } = this.map.containerPointToLatLng(point);
    const [x, y] = [mercX(lng), mercY(lat)];
    return {
      point, x, y, lngLat: [lng, lat], alt: event.altKey, local: this.model.toLocal(x, y), cell: this.model.cellAt(x, y),
    };
  },

  // What lies under the pointer: once a frame is enough.
  pointed(event, onLand) {
    this.last = onLand ? event : null;
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      if (!this.last || !this.model) {
        this.unpoint();
        return;
      }
      const at = this.at(this.last);
      if (at.cell !== this.hovered) {
        this.hovered = at.cell;
        this.painter.marks.repaint();
      }
      this.tool.hover(at);
      if (this.tool.name === "hand" && at.cell) this.tellCell(at);
      else this.card.hide();
    });
  },

  unpoint() {
    this.last = null;
    this.card.hide();
    if (!this.hovered) return;
    this.hovered = null;
    if (!this.tool.running?.()) this.place([]);
    this.painter.marks.repaint();
  },

  // Who lives where the pointer is, and in which grid.
  tellCell({ cell, point }) {
    const { side } = this.painter;
    const grid = side.byLabel.get(side.labelOf(cell));
    if (!grid) return;
    this.card.show(cell, point, () => {
      const names = cell.homes.map((home) => home.label);
      this.card.head(names.length > 1 ? say("plan_homes", { name: names[0], n: names.length }) : names[0] ?? say("plan_land"), grid.name);
      this.card.rows([
        [say("households"), whole.format(cell.households)],
        [words.figures.open, whole.format(cell.open)],
        [say("plan_in_grid"), whole.format(grid.households)],
        ...(cell.label === cell.base ? [] : [[say("plan_moved_from"), this.model.was.byLabel.get(cell.base)?.name ?? cell.base, "chosen"]]),
      ]);
    });
  },

  // Heard before the controls keep keys to themselves: tools change wherever the focus is.
  keys() {
    document.addEventListener("keydown", (event) => {
      if (!this.model || event.target.closest?.("input[type=text], input[type=search], textarea, select")) return;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && (key === "z" || key === "y")) {
        event.preventDefault();
        const forth = key === "y" || event.shiftKey;
        if (forth ? this.model.canRedo : this.model.canUndo) this.edit({ op: forth ? "redo" : "undo" });
        return;
      }
      if (command || event.altKey) return;
      const pressing = (key === " " || key === "enter") && event.target.closest?.("button");
      if (!pressing && this.keyed(key)) event.preventDefault();
    }, true);
    document.addEventListener("keyup", (event) => {
      if (event.key === " ") this.space(false);
    });
  },

  keyed(key) {
    const tool = this.tools.find((one) => one.key === key);
    if (tool) this.use(tool);
    else if (key === "escape") this.cancel();
    else if (key === "enter" && this.tool.finishable?.()) this.tool.finish();
    else if (key === "backspace" && this.tool.running?.()) this.tool.back?.();
    else if (key === "n" && this.tool.usesTarget) this.aim("new");
    else if (key === "[" || key === "]") this.widen(this.radius + (key === "]" ? 5 : -5));
    else if (key === "t") this.seeStart(!this.painter.start);
    else if (key === "h") this.seeBoth(!this.curtain.shown);
    else if (key === "x") this.seeDifference(!this.painter.difference);
    else if (key === " ") this.space(true);
    else return false;
    return true;
  },

  // While the space bar is down, the map is moved also with a tool that draws.
  space(down) {
    if (!this.tool.strokes || down === Boolean(this.spaced)) return;
    this.spaced = down;
    this.map.dragging[down ? "enable" : "disable"]();
  },
});
