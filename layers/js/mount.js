// GridMap: what folium's constant scripts call.

window.GridMap = {
  mount(map) {
    window.GridMap.command = new CommandMap(map);
  },
  show: (key) => window.GridMap.command?.show(key),
  select: (kind, id) => window.GridMap.command?.select(kind, id),
  language: (language) => window.GridMap.command?.language(language),
};
