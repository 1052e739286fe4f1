// Light or dark: the page's theme decides, else the system's.

const INK = {
  light: {
    ground: "#f3f5f8", text: "#1d2733", soft: "#5d6b7a", halo: "rgba(255,255,255,.92)",
    border: "rgba(255,255,255,.95)", edge: "#41566d", veil: "rgba(238,241,245,.56)",
    other: "rgba(120,136,153,.10)", otherLine: "rgba(110,128,148,.45)", none: "#e2e6eb",
    select: "#0b3d78", selectHalo: "rgba(255,255,255,.95)", hover: "#12467f",
    water: "#c9dfee", waterLine: "#a9cbe2", green: "#dfeadb", land: "#ebe9e4", rail: "#aab3bd",
    road: ["#ffffff", "#ffffff", "#fbfcfd"], roadEdge: ["#b7c2cd", "#c6ced7", "#d3dae1"],
    street: "#6b7989", paper: "#ffffff", buildingNone: "#d8dde4", buildingLine: "#8e9baa",
    building: ["#f6c998", "#ec8b45", "#c14a16"],
  },
  dark: {
    ground: "#10161d", text: "#e3e9f0", soft: "#93a1b0", halo: "rgba(13,19,26,.9)",
    border: "rgba(12,18,25,.9)", edge: "#9db4cc", veil: "rgba(12,17,23,.62)",
    other: "rgba(120,140,160,.07)", otherLine: "rgba(140,160,182,.32)", none: "#262f39",
    select: "#cfe6ff", selectHalo: "rgba(6,10,14,.9)", hover: "#a9d2fb",
    water: "#15293a", waterLine: "#1d3a52", green: "#16241d", land: "#171d23", rail: "#4a5663",
    road: ["#3b4856", "#323d49", "#27313b"], roadEdge: ["#1b232b", "#1b232b", "#1a2129"],
    street: "#8b99a8", paper: "#18212b", buildingNone: "#2e3944", buildingLine: "#566473",
    building: ["#7d5330", "#b96f2e", "#f29a4f"],
  },
};

let dark = false;
let ink = INK.light;
const themeListeners = new Set();

function luminance(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = "#808080";
  probe.fillStyle = colour;
  const hex = /^#(..)(..)(..)$/.exec(probe.fillStyle);
  if (!hex) return null;
  const [r, g, b] = hex.slice(1).map((part) => parseInt(part, 16) / 255);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function readTheme() {
  const given = getComputedStyle(document.documentElement).getPropertyValue("--background-color");
  const light = given.trim() ? luminance(given.trim()) : null;
  const now = light === null ? matchMedia("(prefers-color-scheme: dark)").matches : light < 0.4;
  document.documentElement.dataset.theme = now ? "dark" : "light";
  if (now === dark) return;
  dark = now;
  ink = dark ? INK.dark : INK.light;
  for (const listener of themeListeners) listener();
}

function watchTheme() {
  readTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readTheme);
  // The component library writes the theme into the page just before it tells of a render.
  window.Streamlit?.events?.addEventListener("streamlit:render", () => readTheme());
}

// One of a pair [light, dark] that came with the words.
function shade(pair) {
  return pair ? pair[dark ? 1 : 0] : ink.soft;
}
