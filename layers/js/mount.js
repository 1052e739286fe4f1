// GridMap: what folium's constant scripts call.

window.GridMap = {
  mount(map) {
    window.GridMap.command = new CommandMap(map);
    window.GridMap.command.placing = new Placing(window.GridMap.command);
  },
  show: (key) => window.GridMap.command?.show(key),
  select: (kind, id) => window.GridMap.command?.select(kind, id),
  place: (turn, chosen, spots) => window.GridMap.command?.placing.set(turn, chosen, spots),
  language: (language) => window.GridMap.command?.language(language),
};
