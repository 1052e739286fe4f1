// One shape per kind, one colour per type of state, a red ring when overdue.

const polygon = (n, r, turn = 0) =>
  Array.from({ length: n }, (_, i) => {
    const a = turn - Math.PI / 2 + (i * 2 * Math.PI) / n;
    return [r * Math.cos(a), r * Math.sin(a)];
  });

const star = (n, out, inner) =>
  polygon(2 * n, 1).map(([x, y], i) => [x * (i % 2 ? inner : out), y * (i % 2 ? inner : out)]);

// Corner points around (0, 0); null is a circle. Sizes are balanced by eye.
const SHAPES = {
  hazard: polygon(3, 7.6).map(([x, y]) => [x, y + 1.3]),
  dispute: polygon(4, 7.2),
  public_service: null,
  environment: polygon(6, 6.6, Math.PI / 6),
  opinion: polygon(5, 6.8),
  legal_service: [[-5.2, -5.2], [5.2, -5.2], [5.2, 5.2], [-5.2, 5.2]],
  emergency: star(5, 8.4, 4.1),
  other: [[-2.1, -6.2], [2.1, -6.2], [2.1, -2.1], [6.2, -2.1], [6.2, 2.1], [2.1, 2.1], [2.1, 6.2],
    [-2.1, 6.2], [-2.1, 2.1], [-6.2, 2.1], [-6.2, -2.1], [-2.1, -2.1]],
};

function trace(ctx, kind, size) {
  const points = SHAPES[kind] === undefined ? SHAPES.other : SHAPES[kind];
  ctx.beginPath();
  if (points === null) ctx.arc(0, 0, 5.7 * size, 0, 2 * Math.PI);
  else points.forEach(([x, y], i) => ctx[i ? "lineTo" : "moveTo"](x * size, y * size));
  ctx.closePath();
}

const sprites = new Map();
themeListeners.add(() => sprites.clear());

// A drawn symbol, kept; 28 px wide so that the ring has room.
function sprite(kind, type, overdue, size = 1) {
  const key = `${kind} ${type} ${overdue} ${size} ${RATIO()}`;
  let canvas = sprites.get(key);
  if (canvas) return canvas;
  const ratio = RATIO();
  const side = 28 * size;
  canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil(side * ratio);
  canvas.side = side;
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  ctx.translate(side / 2, side / 2);
  ctx.lineJoin = "round";
  if (overdue) {
    ctx.beginPath();
    ctx.arc(0, 0, 10.6 * size, 0, 2 * Math.PI);
    ctx.fillStyle = dark ? "rgba(14,20,27,.55)" : "rgba(255,255,255,.7)";
    ctx.fill();
    ctx.lineWidth = 2.2 * size;
    ctx.strokeStyle = shade(words.colours?.overdue);
    ctx.stroke();
  }
  trace(ctx, kind, size);
  ctx.lineWidth = 3 * size;
  ctx.strokeStyle = dark ? "#0d141b" : "#ffffff";
  ctx.stroke();
  ctx.fillStyle = shade(words.colours?.states?.[type]);
  ctx.fill();
  sprites.set(key, canvas);
  return canvas;
}

// The shape of a kind as an element, for the legend; its colour says nothing there.
function symbolNode(kind) {
  const ratio = RATIO();
  const node = document.createElement("canvas");
  node.width = node.height = Math.ceil(20 * ratio);
  node.className = "gm-symbol";
  const ctx = node.getContext("2d");
  ctx.scale(ratio, ratio);
  ctx.translate(10, 10);
  trace(ctx, kind, 0.95);
  ctx.fillStyle = ink.soft;
  ctx.fill();
  return node;
}
