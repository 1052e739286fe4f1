"""Where areas on the map can be clicked: for browser tests and for measurements."""

from typing import Final

FREE_SPOTS: Final = """(() => {
  const outer = window.frameElement.getBoundingClientRect(), inner = command.root.getBoundingClientRect();
  const left = outer.x + inner.x + command.root.clientLeft, top = outer.y + inner.y + command.root.clientTop;
  const step = 7, spots = new Map(), at = (x, y) => `${x} ${y}`;
  for (let y = step; y < inner.height; y += step) for (let x = step; x < inner.width; x += step) {
    const area = command.under(L.point(x, y)).area;
    if (!area || document.elementFromPoint(x, y)?.closest('.leaflet-container > :not(.leaflet-pane)')) continue;
    if (!spots.has(area)) spots.set(area, new Map());
    spots.get(area).set(at(x, y), [x, y]);
  }
  const mean = (all, i) => all.reduce((sum, spot) => sum + spot[i], 0) / all.length;
  return [...spots].flatMap(([area, held]) => {
    const free = [...held.values()].filter(([x, y]) =>  // nothing else within a step
      [-step, 0, step].every((dx) => [-step, 0, step].every((dy) => held.has(at(x + dx, y + dy)))));
    if (!free.length) return [];
    const [mx, my] = [mean(free, 0), mean(free, 1)], far = ([x, y]) => Math.hypot(x - mx, y - my);
    const [x, y] = free.reduce((best, spot) => (far(spot) < far(best) ? spot : best));
    return [{name: area.name, code: area.code, x: left + x, y: top + y}];
  });
})()"""
"""Evaluated in the map's frame: areas drawn, each with a point in the page around which nothing
else lies within 7 pixels, the one nearest to the middle of what is free of the area."""
