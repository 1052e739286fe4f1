// Zoom, home, up, layers and full screen: one column, reachable by keyboard.

class Toolbar {
  constructor(root, { map, home, up, layers }) {
    this.node = shield(el("div", "gm-tools"));
    const zoom = el("div", "gm-panel gm-group");
    zoom.append(
      button("plus", "zoom_in", () => map.zoomIn(1)),
      button("minus", "zoom_out", () => map.zoomOut(1)),
      button("home", "home", home),
    );
    this.up = button("up", "up", up);
    zoom.append(this.up);
    const more = el("div", "gm-panel gm-group");
    this.layersButton = button("layers", "layers", () => this.open(this.menu.hidden));
    this.layersButton.setAttribute("aria-haspopup", "true");
    more.append(this.layersButton);
    if (document.fullscreenEnabled) more.append(this.fullButton());
    this.menu = this.layerMenu(layers);
    this.node.append(zoom, more, this.menu);
    root.append(this.node);
    map.on("click movestart", () => this.open(false));
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.menu.hidden) {
        this.open(false);
        this.layersButton.focus();
      }
    });
  }

  // Only the frame's own document goes full screen: the map, with its controls.
  fullButton() {
    const press = () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => {});
    };
    const node = button("full", "full_screen", press);
    document.addEventListener("fullscreenchange", () => {
      const full = Boolean(document.fullscreenElement);
      node.replaceChildren(icon(full ? "small" : "full"));
      node.dataset.say = full ? "leave_full_screen" : "full_screen";
      label(this.node);
    });
    return node;
  }

  layerMenu(layers) {
    const menu = el("fieldset", "gm-panel gm-menu");
    menu.hidden = true;
    menu.append(sayText("legend", "", "layers"));
    for (const layer of layers) {
      const row = el("label");
      const box = el("input");
      box.type = "checkbox";
      box.checked = layer.shown;
      box.name = layer.key;
      box.addEventListener("change", () => layer.toggle(box.checked));
      row.append(box, sayText("span", "", `layer_${layer.key}`));
      menu.append(row);
    }
    return menu;
  }

  open(open) {
    if (this.menu.hidden === !open) return;
    this.menu.hidden = !open;
    this.layersButton.setAttribute("aria-expanded", String(open));
    if (open) this.menu.querySelector("input").focus();
  }
}

// A scale bar in round metres, redrawn with the zoom.
class ScaleBar {
  constructor(root, map) {
    this.map = map;
    this.node = el("div", "gm-scale");
    this.node.setAttribute("aria-hidden", "true");
    root.append(this.node);
    map.on("zoomend moveend", () => this.draw());
  }

  draw() {
    const { x, y } = this.map.getSize();
    if (!x) return;
    const a = this.map.containerPointToLatLng([x / 2 - 50, y / 2]);
    const b = this.map.containerPointToLatLng([x / 2 + 50, y / 2]);
    const metres = this.map.distance(a, b);
    if (!(metres > 0)) return;
    const ten = 10 ** Math.floor(Math.log10(metres));
    const round = [5, 2, 1].find((k) => k * ten <= metres) * ten;
    this.node.style.width = `${Math.round((100 * round) / metres)}px`;
    this.node.textContent = round >= 1000
      ? say("kilometres", { n: whole.format(round / 1000) })
      : say("metres", { n: whole.format(round) });
  }
}
