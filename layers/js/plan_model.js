// The plan in the browser: cells, the sides they share, and the grids that they make.
// Grids are never sent as shapes: a border is every side with other grids on its two hands.

class PlanModel {
  constructor(body, colours) {
    this.colours = colours;
    this.origin = originOf(body);
    this.perMetre = LOCAL / CIRCUMFERENCE / Math.cos((body.origin[1] * Math.PI) / 180);
    this.pack = { origin: body.origin, unit: body.unit };
    this.bounds = body.bounds;
    this.outline = pathOf(body.outline, this.pack, this.origin);
    this.barriers = this.linesOf(body.barriers);
    this.homes = this.homesOf(body.homes);
    this.cells = new Map();
    this.start = body.start.grids;
    this.community = body.community;
    this.editable = body.editable;
    this.put(body.cells);
    this.stand(body);
    this.join();
    this.regroup();
  }

  // What an edit changed. Gives the cells that look different now.
  take(change) {
    const touched = [];
    for (const [n, label] of change.moved ?? []) {
      const cell = this.cells.get(n);
      if (!cell) continue;
      cell.label = label;
      touched.push(cell);
    }
    for (const n of change.gone ?? []) this.cells.delete(n);
    if (change.cells) touched.push(...this.put(change.cells));
    this.stand(change);
    if (change.gone || change.cells) this.join();
    this.regroup();
    return touched;
  }

  stand(body) {
    this.version = body.version;
    this.state = body.state;
    this.seq = body.seq;
    this.canUndo = body.can_undo;
    this.canRedo = body.can_redo;
    this.band = body.band;
    this.marks = body.grids;
    this.lockedCells = new Set(body.locked.cells);
    this.lockedBorders = new Set(body.locked.borders.map(([a, b]) => pairKey(a, b)));
  }

  // Words of review; on a grid they stand beside its name.
  noteAll(comments) {
    this.comments = comments;
  }

  // A place in whole steps, in the units of the paths.
  local(x, y) {
    const { origin, unit } = this.pack;
    return [
      (mercX(origin[0] + x * unit) - this.origin.x) * LOCAL,
      (mercY(origin[1] + y * unit) - this.origin.y) * LOCAL,
    ];
  }

  merc([x, y]) {
    return { x: this.origin.x + x / LOCAL, y: this.origin.y + y / LOCAL };
  }

  toLocal(x, y) {
    return [(x - this.origin.x) * LOCAL, (y - this.origin.y) * LOCAL];
  }

  linesOf(lines) {
    const path = new Path2D();
    for (const line of lines) {
      let [x, y] = [0, 0];
      for (let i = 0; i < line.length; i += 2) {
        x += line[i];
        y += line[i + 1];
        path[i ? "lineTo" : "moveTo"](...this.local(x, y));
      }
    }
    return path;
  }

  homesOf(homes) {
    return new Map(homes.id.map((id, i) => {
      const at = this.local(homes.at[2 * i], homes.at[2 * i + 1]);
      return [id, { id, at, households: homes.households[i], open: homes.open[i], label: homes.label[i] }];
    }));
  }

  put(columns) {
    return columns.n.map((n, i) => {
      const cell = {
        n, label: columns.label[i], base: columns.base[i], households: columns.households[i],
        open: columns.open[i], load: columns.load[i],
        homes: columns.homes[i].map((id) => this.homes.get(id)).filter(Boolean),
        anchor: this.local(columns.anchor[2 * i], columns.anchor[2 * i + 1]),
        ...pathOf(columns.rings[i], this.pack, this.origin),
        ends: this.endsOf(columns.rings[i]),
      };
      this.cells.set(n, cell);
      return cell;
    });
  }

  // The ends of a cell's sides in whole steps: x, y of one end, x, y of the other.
  endsOf(polygons) {
    const found = [];
    let area = 0;
    for (const ring of polygons.flat()) {
      const points = [];
      let [x, y] = [0, 0];
      for (let i = 0; i < ring.length; i += 2) {
        x += ring[i];
        y += ring[i + 1];
        points.push([x, y]);
      }
      points.forEach(([ax, ay], i) => {
        const [bx, by] = points[(i + 1) % points.length];
        area += ax * by - bx * ay;
        found.push(ax < bx || (ax === bx && ay < by) ? [ax, ay, bx, by] : [bx, by, ax, ay]);
      });
    }
    found.area = Math.abs(area);
    return found;
  }

  // Which cells touch, and where: done again only when a cell was cut.
  join() {
    const sides = new Map();
    for (const cell of this.cells.values()) {
      cell.near = new Set();
      for (const ends of cell.ends) {
        const key = ends.join();
        const side = sides.get(key);
        if (side) side.b = cell;
        else sides.set(key, { a: cell, b: null, ends });
      }
    }
    this.sides = [...sides.values()];
    this.mesh = new Path2D();
    for (const side of this.sides) {
      side.from = this.local(side.ends[0], side.ends[1]);
      side.to = this.local(side.ends[2], side.ends[3]);
      if (!side.b) continue;
      side.a.near.add(side.b);
      side.b.near.add(side.a);
      stroke(this.mesh, side);
    }
  }

  regroup() {
    this.now = this.grouped((cell) => cell.label, this.marks);
    this.was = this.grouped((cell) => cell.base, this.start);
    this.moved = [...this.cells.values()].filter((cell) => cell.label !== cell.base);
    this.movedPath = union(this.moved);
    this.movedHouseholds = this.moved.reduce((sum, cell) => sum + cell.households, 0);
    // The grids at the start come first, so that whoever comes back finds the same colours.
    const colours = colouring([this.now, this.was], this.colours ?? colouring([this.was]));
    this.colours = colours;
    for (const side of [this.now, this.was]) for (const grid of side.grids) grid.colour = colours.get(grid.label);
  }

  // One way to see the plan: its grids with their sums, and the borders between them.
  grouped(labelOf, marks) {
    const grids = marks.map((mark, i) => ({ ...mark, order: i, cells: [], households: 0, open: 0, load: 0, homes: 0 }));
    const byLabel = new Map(grids.map((grid) => [grid.label, grid]));
    for (const cell of this.cells.values()) {
      const grid = byLabel.get(labelOf(cell));
      if (!grid) continue;
      grid.cells.push(cell);
      grid.households += cell.households;
      grid.open += cell.open;
      grid.load += cell.load;
      grid.homes += cell.homes.length;
    }
    for (const grid of grids) {
      grid.path = union(grid.cells);
      grid.spot = spotOf(grid.cells);
      grid.box = boxOf(grid.cells);
      // The community that they all belong to need not be said on each.
      const own = grid.name.startsWith(this.community) ? grid.name.slice(this.community.length).trim() : "";
      grid.title = own || grid.name;
    }
    const borders = new Path2D();
    const locked = new Path2D();
    const inner = [];
    for (const side of this.sides) {
      if (!side.b || labelOf(side.a) === labelOf(side.b)) continue;
      inner.push(side);
      stroke(borders, side);
      if (this.lockedBorders.has(pairKey(labelOf(side.a), labelOf(side.b)))) stroke(locked, side);
    }
    return { grids, byLabel, borders, locked, inner, labelOf };
  }

  grid(label) {
    return this.now.byLabel.get(label);
  }

  cellAt(x, y) {
    for (const cell of this.cells.values()) if (pathHolds(cell, this.origin, x, y)) return cell;
    return null;
  }

  verdict(households) {
    return households < this.band[0] ? "below" : households > this.band[1] ? "above" : "within";
  }

  // Households of grids if cells went elsewhere; `moves` is cell → label.
  sums(moves) {
    const found = new Map();
    const at = (label) => {
      if (!found.has(label)) found.set(label, { before: this.grid(label)?.households ?? 0, after: this.grid(label)?.households ?? 0 });
      return found.get(label);
    };
    for (const [cell, to] of moves) {
      if (cell.label === to) continue;
      at(cell.label).after -= cell.households;
      at(to).after += cell.households;
    }
    return found;
  }

  // Whether a grid would lie in more pieces than now if cells went elsewhere.
  apart(label, moves) {
    const now = this.grid(label)?.cells ?? [];
    const after = now.filter((cell) => (moves.get(cell) ?? label) === label);
    for (const [cell, to] of moves) if (to === label && cell.label !== label) after.push(cell);
    return pieces(after) > Math.max(1, pieces(now));
  }

  // The border that runs near a place, if it is one between exactly two grids.
  borderAt([x, y], reach) {
    const pairs = new Map();
    for (const side of this.now.inner) {
      const away = distance([x, y], side.from, side.to);
      if (away > reach) continue;
      const key = pairKey(side.a.label, side.b.label);
      if (!pairs.has(key) || away < pairs.get(key).away) pairs.set(key, { side, away });
    }
    if (pairs.size !== 1) return null;
    const [{ side, away }] = pairs.values();
    return { one: side.a.label, other: side.b.label, away };
  }

  awayFrom(at, one, other) {
    const key = pairKey(one, other);
    const sides = this.now.inner.filter((side) => pairKey(side.a.label, side.b.label) === key);
    return Math.min(...sides.map((side) => distance(at, side.from, side.to)));
  }

  borderPath(one, other) {
    const path = new Path2D();
    const key = pairKey(one, other);
    for (const side of this.now.inner) if (pairKey(side.a.label, side.b.label) === key) stroke(path, side);
    return path;
  }
}

const labelRank = (label) => [label[0], Number(label.slice(1))];

// A pair of labels in the order of the plan's own keys: living grids before new ones, by number.
function pairKey(one, other) {
  const [a, b] = [labelRank(one), labelRank(other)];
  return a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]) ? `${one}|${other}` : `${other}|${one}`;
}

function stroke(path, side) {
  path.moveTo(...side.from);
  path.lineTo(...side.to);
}

function union(cells) {
  const path = new Path2D();
  for (const cell of cells) path.addPath(cell.path);
  return path;
}

function boxOf(cells) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const cell of cells) {
    box[0] = Math.min(box[0], cell.box[0]);
    box[1] = Math.min(box[1], cell.box[1]);
    box[2] = Math.max(box[2], cell.box[2]);
    box[3] = Math.max(box[3], cell.box[3]);
  }
  return box;
}

// Where a grid's name stands: inside the cell nearest to the middle of all its land.
function spotOf(cells) {
  let [x, y, all] = [0, 0, 0];
  for (const { anchor, ends } of cells) {
    x += anchor[0] * ends.area;
    y += anchor[1] * ends.area;
    all += ends.area;
  }
  if (!all) return null;
  const away = ({ anchor }) => Math.hypot(anchor[0] - x / all, anchor[1] - y / all);
  return cells.reduce((best, cell) => (away(cell) < away(best) ? cell : best)).anchor;
}

function pieces(cells) {
  const left = new Set(cells);
  let count = 0;
  for (const first of left) {
    count += 1;
    const edge = [first];
    left.delete(first);
    while (edge.length) {
      for (const cell of edge.pop().near) if (left.delete(cell)) edge.push(cell);
    }
  }
  return count;
}

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy;
  const t = long ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / long)) : 0;
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

function ringHolds(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[ax, ay], [bx, by]] = [ring[i], ring[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
