// Placing something by hand: where a tap points, where this device is, which candidates there are.

const ON_MARK = 24; // pixels around a mark that count as on it
const PATIENCE = 15000; // milliseconds that a device may take to find itself
const MICRO = 1e6;
const SMALLEST = 180; // pixels of a frame that something can be shown in

class Placing {
  constructor(command) {
    this.command = command;
    this.on = false;
    this.spots = [];
    this.turn = 0;
    this.group = L.layerGroup().addTo(command.map);
  }

  // `spots` are whole millionths of a degree, longitude and latitude in turn; `chosen` is the
  // place of one among them, or -1; a new `turn` asks the device where it is.
  set(turn, chosen, spots) {
    this.on = true;
    this.command.root.classList.add("gm-placing");
    const before = JSON.stringify(this.spots);
    this.spots = [];
    for (let i = 0; i < spots.length; i += 2) {
      this.spots.push(L.latLng(spots[i + 1] / MICRO, spots[i] / MICRO));
    }
    this.draw(chosen);
    if (this.spots.length && JSON.stringify(this.spots) !== before) this.bring(this.spots[chosen]);
    if (turn > this.turn) this.locate();
    this.turn = Math.max(turn, this.turn);
  }

  draw(chosen) {
    this.group.clearLayers();
    const pin = this.spots.length === 1 && chosen === 0;
    this.spots.forEach((spot, i) => {
      const mark = el("span", "", pin ? "" : String(i + 1));
      const shape = pin ? "gm-spot gm-pin" : i === chosen ? "gm-spot gm-chosen" : "gm-spot";
      const icon = L.divIcon({ className: shape, html: mark, iconSize: [30, 30], iconAnchor: [15, 36] });
      this.group.addLayer(
        L.marker(spot, { icon, interactive: false, keyboard: false, zIndexOffset: i === chosen ? 1000 : -i }),
      );
    });
  }

  // A chosen spot is brought into sight if it is not; otherwise all of them are shown.
  bring(spot) {
    const { command } = this;
    const { x, y } = command.map.getSize();
    if (x < SMALLEST || y < SMALLEST) {
      // The frame has not got its size yet: what fits into it is not known before.
      command.map.once("resize", () => this.bring(spot));
      return;
    }
    const at = spot ?? this.spots[0];
    command.flight = { lon: at.lng, lat: at.lat, at: performance.now() };
    command.touched = true;
    const inside = command.view && command.map.getBounds().pad(-0.1).contains(at);
    if (this.spots.length === 1) {
      if (!inside || command.map.getZoom() < 15) command.map.setView(at, 17, { animate: false });
    } else {
      const bounds = L.latLngBounds(this.spots);
      const free = { paddingTopLeft: [40, 100], paddingBottomRight: [70, 40] }; // of search and buttons
      command.map.fitBounds(bounds, { ...free, maxZoom: 17, animate: false });
    }
  }

  locate() {
    const send = (event) => this.command.send(event);
    const failed = ({ code }) => {
      send({ event: "unlocated", why: { 1: "denied", 3: "timeout" }[code] ?? "unavailable" });
    };
    if (!navigator.geolocation) {
      failed({ code: 2 });
      return;
    }
    const found = ({ coords }) =>
      send({
        event: "point", lon: coords.longitude, lat: coords.latitude,
        accuracy: Math.round(coords.accuracy),
      });
    const asked = { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 0 };
    navigator.geolocation.getCurrentPosition(found, failed, asked);
  }

  // A tap takes a candidate, else the building that it hits, else the point itself.
  press(at) {
    const { command } = this;
    const near = this.spots
      .map((spot, i) => ({ i, away: command.map.latLngToContainerPoint(spot).subtract([0, 21]).distanceTo(at) }))
      .filter(({ away }) => away < ON_MARK)
      .sort((a, b) => a.away - b.away)[0];
    const p = command.map.containerPointToLatLng(at);
    const building = command.buildings.at(mercX(p.lng), mercY(p.lat));
    if (near && this.spots.length > 1) command.send({ event: "mark", index: near.i });
    else if (building) command.choose("building", building.id, building.code);
    else {
      const round = (v) => Math.round(v * MICRO) / MICRO;
      command.send({ event: "point", lon: round(p.lng), lat: round(p.lat), accuracy: null });
    }
  }
}
