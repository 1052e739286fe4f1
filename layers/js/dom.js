// Elements are made, never written as markup: text can only ever be text.

function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const ICONS = {
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  home: "M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6",
  up: "M12 19V6M6 11l6-6 6 6",
  layers: "M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  small: "M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5",
  close: "M6 6l12 12M18 6L6 18",
  legend: "M4 6h4M4 12h4M4 18h4M12 6h8M12 12h8M12 18h8",
  chevron: "M6 9l6 6 6-6",
  area: "M4 7l8-3 8 3v10l-8 3-8-3z",
  building: "M6 20V5h8v15M14 10h4v10M9 8h2M9 12h2M9 16h2",
  incident: "M12 4l9 16H3zM12 10v5M12 17.5v.5",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function button(name, key, press) {
  const node = el("button", "gm-button");
  node.type = "button";
  node.dataset.say = key;
  node.append(icon(name));
  node.addEventListener("click", press);
  return node;
}

// Give every element that names a text its words; called when the language arrives or changes.
function label(root) {
  for (const node of root.querySelectorAll("[data-say]")) {
    const text = say(node.dataset.say);
    if (node.dataset.sayText !== undefined) node.textContent = text;
    else {
      node.title = text;
      node.setAttribute("aria-label", text);
    }
  }
  for (const node of root.querySelectorAll("[data-say-placeholder]")) {
    node.placeholder = say(node.dataset.sayPlaceholder);
    node.setAttribute("aria-label", node.placeholder);
  }
}

function sayText(tag, className, key) {
  const node = el(tag, className);
  node.dataset.say = key;
  node.dataset.sayText = "";
  return node;
}

// Keep the map's own gestures away from a control.
function shield(node) {
  L.DomEvent.disableClickPropagation(node);
  L.DomEvent.disableScrollPropagation(node);
  for (const type of ["mousemove", "mouseover", "keydown", "contextmenu"]) {
    node.addEventListener(type, (event) => event.stopPropagation());
  }
  return node;
}

const coarse = () => matchMedia("(pointer: coarse)").matches;
const narrow = () => window.innerWidth < 620;
// What is drawn grows on a screen that is read from across the room.
const grown = () => (window.innerWidth >= 1500 ? 1.4 : 1);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Whether an event is one of the map's land, not of a control upon it.
const onLand = (root, { target }) => target === root || target.closest?.(".leaflet-pane") !== null;

// Leaflet's own way to the focus would scroll the page, and the press would be somewhere else.
function focusAtRest(root) {
  root.addEventListener("pointerdown", (event) => onLand(root, event) && root.focus({ preventScroll: true }));
}
