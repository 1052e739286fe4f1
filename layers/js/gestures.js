// What the pointer does: hovering tells, a click selects, a second click drills.

Object.assign(CommandMap.prototype, {
  gestures() {
    const { map } = this;
    let asked = 0;
    let last = null;
    focusAtRest(this.root);
    map.on("mousemove", (event) => {
      if (coarse()) return;
      last = event.containerPoint;
      if (!asked) {
        asked = requestAnimationFrame(() => {
          asked = 0;
          if (last) this.point(last);
        });
      }
    });
    map.on("mouseout movestart zoomstart", () => {
      last = null;
      this.unpoint();
    });
    map.on("click", (event) => this.press(event.containerPoint));
    map.on("dblclick", (event) => {
      if (!this.under(event.containerPoint).area) map.setZoomAround(event.containerPoint, map.getZoom() + 1);
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.selection.kind !== "none") {
        this.select("none", 0);
        this.send({ event: "clear" });
      }
    });
  },

  // Incidents lie over buildings, buildings over areas.
  under(point) {
    const drawn = this.incidents.at(point);
    if (drawn) return drawn;
    const p = this.map.containerPointToLatLng(point);
    const [x, y] = [mercX(p.lng), mercY(p.lat)];
    const building = this.buildings.at(x, y);
    if (building) return { building };
    return { area: this.areas.set?.at(x, y) ?? null };
  },

  point(at) {
    const { item, cluster, building, area } = this.under(at);
    this.areas.hover(area && this.map.getZoom() < 17 ? area : null);
    this.buildings.hover(building ?? null);
    this.root.style.cursor = item || cluster || building || area ? "pointer" : "";
    if (item) this.card.incident(item, at);
    else if (cluster) this.card.cluster(cluster, at);
    else if (building) this.card.building(building, at);
    else if (area && this.map.getZoom() < 17) this.card.area(area, this.view, at);
    else this.card.hide();
  },

  unpoint() {
    this.areas.hover(null);
    this.buildings.hover(null);
    this.card.hide();
    this.root.style.cursor = "";
  },

  press(at) {
    if (this.placing.on) {
      this.placing.press(at);
      return;
    }
    const { item, cluster, building, area } = this.under(at);
    if (item) this.choose("incident", item.id, item.number);
    else if (cluster) {
      const zoom = Math.min(19, this.map.getZoom() + 2);
      this.map.setView([cluster.lat, cluster.lon], zoom, { animate: !calm() });
    } else if (building) this.choose("building", building.id, building.code);
    else if (area) this.pressArea(area);
  },

  pressArea(area) {
    const again = this.selection.kind === "area" && this.selection.id === area.id;
    if (again && area.id !== this.view.place.id) {
      this.card.hide();
      this.send({ event: "drill", key: area.code });
      return;
    }
    this.choose("area", area.id, area.code);
    // Its inside is fetched ahead, so that the second click finds it here.
    if (area.child) this.setOf(`/map/shapes/${area.id}/${area.child}/${this.view.area_version}`).catch(() => {});
  },
});
