// GridMap: what folium's constant scripts call on the workbench.

window.GridMap = {
  mount(map) {
    window.GridMap.bench = new Workbench(map);
  },
  plan: (id, version, seq, proposal) => window.GridMap.bench?.show(id, version, seq, proposal),
  point: (turn, label, cells, spot) => window.GridMap.bench?.point(turn, label, cells, spot),
  language: (language) => window.GridMap.bench?.language(language),
};
