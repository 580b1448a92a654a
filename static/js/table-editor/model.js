// The table as it stands on the page: rows that never change once made, so that a step back is an older list of them.
// A row is {key, kind, level, cells, options}; a key is the server's, or "new-1" until the server has given one.

const HISTORY = 300;

export class Model {
  constructor(data) {
    this.data = data;
    this.kinds = data.kinds;
    this.ids = new Map();
    this.made = 0;
    this.past = [];
    this.future = [];
    this.listeners = [];
    this.state = { rows: data.rows, years: data.years };
    this.rebase(data);
  }

  // What the server has: everything is compared with it to know what was touched.
  rebase(data) {
    this.version = data.version;
    this.base = { rows: data.rows, years: data.years, byKey: new Map(data.rows.map((row) => [row.key, row])) };
    for (const row of data.rows) this.ids.set(row.key, row.key);
  }

  get rows() {
    return this.state.rows;
  }

  get years() {
    return this.state.years;
  }

  get columns() {
    const { columns, years_at: at, yearly } = this.data;
    const plain = columns.filter((column) => !yearly || !column.field.startsWith(`${yearly}.`));
    const years = this.years.map((year) => ({ field: `${yearly}.${year}`, title: year, kind: "number", options: [], year }));
    return [...plain.slice(0, at), ...years, ...plain.slice(at)];
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  // One step that can be taken back.
  change(rows, years = this.years) {
    this.past.push(this.state);
    if (this.past.length > HISTORY) this.past.shift();
    this.future = [];
    this.show({ rows, years });
  }

  show(state) {
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }

  undo() {
    if (!this.past.length) return false;
    this.future.push(this.state);
    this.show(this.past.pop());
    return true;
  }

  redo() {
    if (!this.future.length) return false;
    this.past.push(this.state);
    this.show(this.future.pop());
    return true;
  }

  // `edits` are [row number, field, text]; rows beyond the last are added, of the kind of the last one.
  setCells(edits) {
    const rows = [...this.rows];
    let touched = false;
    for (const [at, field, text] of edits) {
      while (rows.length <= at && !this.data.fixed) rows.push(this.newRow(rows.at(-1)?.kind, rows, rows.length, {}));
      const row = rows[at];
      if (!row || field === "label" || (row.cells[field] ?? "") === text) continue;
      rows[at] = { ...row, cells: { ...row.cells, [field]: text } };
      touched = true;
    }
    if (touched) this.change(rows);
    return touched;
  }

  kindOf(key) {
    return this.kinds.find((kind) => kind.key === key) ?? this.kinds[0];
  }

  newRow(kindKey, rows, at, fills = null) {
    const kind = this.kindOf(kindKey);
    this.made += 1;
    const row = { key: `new-${this.made}`, kind: kind.key, level: kind.level, cells: { ...(fills ?? kind.fills) } };
    if (this.data.fixed) row.cells.label = `${kind.name[0].toUpperCase()}${kind.name.slice(1)}`;
    const number = this.numberAt(rows, at, row);
    if (number) row.cells.number = number;
    return row;
  }

  insert(at, kindKey) {
    const rows = [...this.rows];
    rows.splice(at, 0, this.newRow(kindKey, rows, at));
    this.change(rows);
  }

  // Single fields stay where the form has them; only what can be added can be removed.
  isLoose(row) {
    return !this.data.fixed || this.kinds.some((kind) => kind.key === row.kind);
  }

  remove(from, to) {
    const rows = this.rows.filter((row, at) => at < from || at > to || !this.isLoose(row));
    if (rows.length === this.rows.length) return false;
    this.change(rows);
    return true;
  }

  // Moves rows from..to by one place; tells whether it could.
  move(from, to, step) {
    const other = step < 0 ? from - 1 : to + 1;
    if (!this.rows[other] || !this.rows.slice(from, to + 1).every((row) => this.isLoose(row)) || !this.isLoose(this.rows[other])) {
      return false;
    }
    const rows = [...this.rows];
    const [neighbour] = rows.splice(other, 1);
    rows.splice(step < 0 ? to : from, 0, neighbour);
    this.change(rows);
    return true;
  }

  // A deeper or shallower kind of row: its number follows, its words stay.
  indent(from, to, step) {
    const rows = [...this.rows];
    let touched = false;
    for (let at = from; at <= to; at += 1) {
      const level = rows[at].level + step;
      const kind = this.kinds.find((known) => known.level === level);
      if (!kind) continue;
      const row = { ...rows[at], kind: kind.key, level };
      const number = this.numberAt(rows, at, row, 1);
      row.cells = { ...row.cells, ...(number ? { number } : {}) };
      // A line of money is a source by its name, so another kind has another name.
      if (this.data.numbered === "sources") row.cells.name = kind.fills.name ?? "";
      rows[at] = row;
      touched = true;
    }
    if (touched) this.change(rows);
    return touched;
  }

  addYear(year) {
    if (!this.years.includes(year)) this.change(this.rows, [...this.years, year].sort());
  }

  removeYear(year) {
    const field = `${this.data.yearly}.${year}`;
    const rows = this.rows.map((row) => {
      if (!(field in row.cells)) return row;
      const { [field]: _, ...cells } = row.cells;
      return { ...row, cells };
    });
    this.change(rows, this.years.filter((known) => known !== year));
  }

  // Numbers as the form counts them. In the plan activities stand before the control point they lead to.
  numbers(rows) {
    const counts = [0, 0, 0, 0];
    let heading = "";
    return rows.map((row) => {
      const { level } = row;
      if (this.data.numbered === "sources" && level === 0) {
        heading = row.cells.number ?? "";
        counts.fill(0);
        return heading;
      }
      if (this.data.numbered === "plan" && level === 2) {
        counts[2] += 1;
        return `${counts[0]}.${counts[1] + 1}.${counts[2]}`;
      }
      counts[level] += 1;
      counts.fill(0, level + 1);
      const own = counts.slice(this.data.numbered === "sources" ? 1 : 0, level + 1);
      if (this.data.numbered === "sources") return heading ? [heading, ...own].join(".") : row.cells.number ?? "";
      return own.some((count) => !count) ? row.cells.number ?? "" : own.join(".");
    });
  }

  numberAt(rows, at, row, replaced = 0) {
    if (!this.data.numbered) return "";
    const there = [...rows.slice(0, at), row, ...rows.slice(at + replaced)];
    return this.numbers(there)[at];
  }

  renumber() {
    const numbers = this.numbers(this.rows);
    return this.setCells(numbers.map((number, at) => [at, "number", number]));
  }

  changedCells(row) {
    const was = this.base.byKey.get(row.key)?.cells ?? {};
    const changed = {};
    for (const field of new Set([...Object.keys(was), ...Object.keys(row.cells)])) {
      if (field !== "label" && (row.cells[field] ?? "") !== (was[field] ?? "")) changed[field] = row.cells[field] ?? "";
    }
    return changed;
  }

  // Only what was touched travels; the rest is known by the keys of the rows.
  toSend() {
    const gone = new Set(this.base.years.filter((year) => !this.years.includes(year)).map((year) => `${this.data.yearly}.${year}`));
    const rows = this.rows.map((row) => {
      const cells = Object.entries(this.changedCells(row)).filter(([field]) => !gone.has(field));
      return { key: this.ids.get(row.key) ?? null, kind: row.kind, cells: Object.fromEntries(cells) };
    });
    return this.data.yearly ? { rows, years: this.years } : { rows };
  }

  get isDirty() {
    if (this.years.join() !== this.base.years.join()) return true;
    const rows = this.rows.filter((row) => this.base.byKey.has(row.key) || Object.values(row.cells).some((text) => text.trim()));
    if (rows.length !== this.base.rows.length) return true;
    return rows.some((row, at) => {
      const was = this.base.rows[at];
      return row !== was && (row.key !== was.key || row.kind !== was.kind || Object.keys(this.changedCells(row)).length > 0);
    });
  }

  // After a save: rows get their ids and the words that the server keeps, unless they were touched since.
  saved(sent, answer) {
    const kept = new Map();
    const base = [];
    sent.rows.forEach((row, at) => {
      const now = answer.rows[at];
      if (!now) return;
      this.ids.set(row.key, now.key);
      base.push({ ...now, key: row.key });
      kept.set(row.key, { sent: row, now: base.at(-1) });
    });
    const rows = this.rows.map((row) => {
      const found = kept.get(row.key);
      if (!found) return row;
      const cells = { ...found.now.cells };
      for (const [field, text] of Object.entries(row.cells)) {
        if (text !== (found.sent.cells[field] ?? "")) cells[field] = text;
      }
      return { ...found.now, kind: row.kind === found.sent.kind ? found.now.kind : row.kind, cells };
    });
    this.version = answer.version;
    this.base = { rows: base, years: sent.years, byKey: new Map(base.map((row) => [row.key, row])) };
    this.show({ rows, years: this.years });
  }

  // The table of a colleague becomes what everything is compared with. Her changes enter the steps of the history, too
  // (`lay` puts them into rows), so that a step back takes back one's own work and never hers.
  merged(grid, rows, lay) {
    const began = new Set(this.base.years);
    const theirs = new Set(grid.years);
    const within = (found, years) => {
      const mine = new Set(years);
      const filled = (year) => found.some((row) => row.cells[`${this.data.yearly}.${year}`]);
      const stays = (year) => (mine.has(year) && theirs.has(year)) || !began.has(year) || filled(year);
      return { rows: found, years: [...new Set([...mine, ...theirs])].filter(stays).sort() };
    };
    const step = (state) => within(lay(state.rows), state.years);
    [this.past, this.future] = [this.past.map(step), this.future.map(step)];
    const { years } = this;
    this.data = { ...this.data, columns: grid.columns, years_at: grid.years_at };
    this.rebase(grid);
    this.show(within(rows, years));
  }

  // Kinds and levels as the server sees them: a line of money is a source by its name.
  settleKinds(sent, answered) {
    const known = new Map(sent.rows.map((row, at) => [row.key, { row, now: answered[at] }]));
    let touched = false;
    const rows = this.rows.map((row) => {
      const found = known.get(row.key);
      if (!found?.now || found.row !== row || (found.now.kind === row.kind && found.now.level === row.level)) return row;
      touched = true;
      return { ...row, kind: found.now.kind, level: found.now.level };
    });
    if (touched) this.show({ rows, years: this.years });
  }
}

export function plural(count, one, few, many) {
  const tens = Math.abs(count) % 100;
  const last = tens % 10;
  const word = tens > 10 && tens < 15 ? many : last === 1 ? one : last > 1 && last < 5 ? few : many;
  return `${count}\u00a0${word}`;
}
