// A curtain across the map: left of it the grids as they were, right of it as they are drawn.

class Curtain {
  constructor(root, bench) {
    this.bench = bench;
    this.root = root;
    this.share = 0.5;
    this.node = shield(el("div", "gp-curtain"));
    this.node.tabIndex = 0;
    this.node.setAttribute("role", "slider");
    this.node.setAttribute("aria-valuemin", "0");
    this.node.setAttribute("aria-valuemax", "100");
    this.node.dataset.say = "plan_curtain";
    this.node.append(sayText("span", "gp-side gp-was", "plan_as_was"), sayText("span", "gp-side gp-now", "plan_as_drawn"));
    this.node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.node.focus({ preventScroll: true });
      this.node.setPointerCapture(event.pointerId);
    });
    this.node.addEventListener("pointermove", (event) => {
      if (!this.node.hasPointerCapture(event.pointerId)) return;
      this.put((event.clientX - root.getBoundingClientRect().left) / root.clientWidth);
    });
    this.node.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
      if (step) this.put(this.share + step);
    });
    root.append(this.node);
    this.show(false);
  }

  show(shown) {
    this.shown = shown;
    this.node.hidden = !shown;
    this.put(this.share);
  }

  put(share) {
    this.share = Math.max(0.04, Math.min(0.96, share));
    this.node.style.left = `${100 * this.share}%`;
    this.node.setAttribute("aria-valuenow", String(Math.round(100 * this.share)));
    this.bench.painter?.repaint();
  }

  // Where it hangs on a canvas, which reaches beyond the window.
  on(frame) {
    const { map } = this.bench;
    const middle = map.containerPointToLatLng([this.share * map.getSize().x, 0]);
    return frame.x(mercX(middle.lng));
  }
}
