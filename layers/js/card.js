// The small card beside the pointer: what is under it, in words.

class Card {
  constructor(root) {
    this.root = root;
    this.node = el("div", "gm-card");
    this.node.setAttribute("role", "status");
    this.node.hidden = true;
    root.append(this.node);
    this.incidents = new Shelf(300);
  }

  hide() {
    this.node.hidden = true;
    this.about = null;
  }

  // `fill` writes the card's content; it runs once for each thing that is pointed at.
  show(about, point, fill) {
    if (this.about !== about) {
      this.about = about;
      this.node.replaceChildren();
      fill();
    }
    this.node.hidden = this.node.childElementCount === 0;
    this.move(point);
  }

  move(point) {
    const { clientWidth: w, clientHeight: h } = this.root;
    const { offsetWidth: cw, offsetHeight: ch } = this.node;
    const x = point.x + 16 + cw > w ? point.x - cw - 14 : point.x + 16;
    const y = point.y + 18 + ch > h ? point.y - ch - 12 : point.y + 18;
    this.node.style.transform = `translate(${Math.max(6, x)}px, ${Math.max(6, y)}px)`;
  }

  head(title, detail) {
    const head = el("div", "gm-card-head", title);
    this.node.append(head);
    if (detail) this.node.append(el("div", "gm-card-detail", detail));
  }

  rows(pairs) {
    const list = el("dl", "gm-card-rows");
    for (const [name, value, mark] of pairs) {
      const row = el("div", mark ? `gm-${mark}` : "");
      row.append(el("dt", "", name), el("dd", "", value));
      list.append(row);
    }
    this.node.append(list);
  }

  area(area, view, point) {
    this.show(area, point, () => {
      this.head(area.name, words.levels[area.level]);
      const f = area.figures;
      if (!f) return;
      const rows = [
        [words.figures.open, figureText(f.open, "count")],
        [words.figures.overdue, figureText(f.overdue, "count"), f.overdue > 0 ? "alarm" : ""],
        [words.figures.new, figureText(f.new, "count")],
        [words.figures.load, figureText(f.load, "ratio"), f.load > 1.2 ? "alarm" : ""],
        [say("households"), figureText(f.households, "count")],
      ];
      if (!["open", "overdue", "new", "load"].includes(view.figure.key)) {
        rows.unshift([words.figures[view.figure.key], figureText(f.value, view.figure.form), "chosen"]);
      }
      this.rows(rows);
    });
  }

  building(building, point) {
    this.show(building, point, () => {
      this.head(building.label || building.code, building.address);
      this.rows([
        [say("households"), figureText(building.households, "count")],
        [say("chief"), building.chief || say("no_data")],
        [words.figures.open, figureText(building.open, "count")],
        [words.figures.overdue, figureText(building.overdue, "count"), building.overdue ? "alarm" : ""],
      ]);
    });
  }

  cluster(cluster, point) {
    this.show(cluster, point, () => {
      this.head(say("cluster", { n: whole.format(cluster.count) }));
      this.rows([[words.figures.overdue, whole.format(cluster.overdue), cluster.overdue ? "alarm" : ""]]);
      this.node.append(el("div", "gm-card-hint", say("cluster_hint")));
    });
  }

  incident(item, point) {
    this.show(item, point, () => {
      const state = words.states[item.state]?.label ?? "";
      this.head(words.kinds[item.kind] ?? item.kind, state);
      this.incidents.get(`/map/incident/${item.id}`).then((facts) => {
        if (this.about !== item || !facts) return;
        this.node.replaceChildren();
        this.head(facts.title, `${words.kinds[facts.kind] ?? facts.kind} · ${words.states[facts.state]?.label ?? ""}`);
        this.rows([
          [say("number"), facts.number],
          [say("address"), facts.address || say("no_data")],
          [say("reported"), momentText(facts.reported_at)],
          [say("due"), momentText(facts.due_at), facts.overdue ? "alarm" : ""],
        ]);
        if (item.heap?.length > 1) this.node.append(el("div", "gm-card-hint", say("heap", { n: item.heap.length })));
        this.move(point);
      }).catch(() => {});
    });
  }
}
