// Colours of the workbench: six hues that neighbours never share, and the inks of its signs.

const HUES = {
  light: ["#8fbbe0", "#f3c27c", "#9fd0a4", "#d9aed6", "#efd46f", "#9fd6d4"],
  dark: ["#35608a", "#8a5d24", "#39704a", "#75497a", "#77682a", "#2f6d70"],
};

const PLAN_INK = {
  light: {
    border: "#22384f", mesh: "rgba(40,60,80,.34)", hatch: "rgba(20,40,70,.62)", was: "#b3201b",
    chip: "rgba(255,255,255,.94)", chipLine: "rgba(60,80,100,.45)", dot: "#33475b", open: "#d55e00",
    lock: "#7a4a00", preview: "#0b3d78", barrier: "#8d5a2b", below: "#9a5200", within: "#1f6b4c", above: "#b3201b",
  },
  dark: {
    border: "#dbe7f3", mesh: "rgba(190,210,230,.28)", hatch: "rgba(235,243,252,.62)", was: "#ff8a80",
    chip: "rgba(20,28,37,.94)", chipLine: "rgba(150,170,190,.5)", dot: "#c8d5e2", open: "#ff8a3d",
    lock: "#f0c067", preview: "#cfe6ff", barrier: "#c79a63", below: "#f0b45f", within: "#6fd0a4", above: "#ff8a80",
  },
};

const planInk = () => (dark ? PLAN_INK.dark : PLAN_INK.light);
const hue = (colour) => (dark ? HUES.dark : HUES.light)[colour % HUES.light.length];

// Below, within, above the band: a sign for each, so that colour never stands alone.
const VERDICT_SIGN = { below: "▼", within: "✓", above: "▲" };

// A colour for each label such that neighbours differ; a grid keeps its own as long as it can.
function colouring(sides, before = new Map()) {
  const near = new Map();
  const node = (label) => near.get(label) ?? near.set(label, new Set()).get(label);
  for (const side of sides) {
    for (const grid of side.grids) node(grid.label);
    for (const { a, b } of side.inner) {
      node(side.labelOf(a)).add(side.labelOf(b));
      node(side.labelOf(b)).add(side.labelOf(a));
    }
  }
  const found = new Map();
  const order = [...near].sort(([a, x], [b, y]) => before.has(b) - before.has(a) || y.size - x.size);
  for (const [label, around] of order) {
    const taken = new Set([...around].map((other) => found.get(other)));
    const kept = before.get(label);
    const free = [...HUES.light.keys()].filter((colour) => !taken.has(colour));
    const used = (colour) => [...found.values()].filter((other) => other === colour).length;
    free.sort((a, b) => used(a) - used(b) || a - b);
    found.set(label, free.includes(kept) ? kept : free[0] ?? around.size % HUES.light.length);
  }
  return found;
}
