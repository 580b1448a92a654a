// The table on the screen: a grid with one cell in the order of tabs, a range that is chosen, a field where one types.
// A row is drawn again only when it or what is said about it has changed, so that 400 rows stay quick.

const NUMBER = /^[-−–]?\d+(?:[.,]\d+)?$/;
const WORST = { refused: 0, error: 1, warning: 2, notice: 3 };

export class View {
  constructor(root, model, { onEdit }) {
    this.root = root;
    this.model = model;
    this.onEdit = onEdit;
    this.table = root.querySelector("[data-grid]");
    this.head = this.table.tHead;
    this.body = this.table.tBodies[0];
    this.messages = root.querySelector("[data-messages]");
    this.drawn = new Map();
    this.marks = new Map();
    this.at = { row: 0, column: model.data.fixed ? 1 : 0 };
    this.from = { ...this.at };
    this.editing = null;
    this.bind();
  }

  get columns() {
    return this.model.columns;
  }

  get range() {
    const [top, bottom] = [this.from.row, this.at.row].sort((a, b) => a - b);
    const [left, right] = [this.from.column, this.at.column].sort((a, b) => a - b);
    return { top, bottom, left, right };
  }

  isOpen(column) {
    return this.columns[column]?.field !== "label";
  }

  draw() {
    const hadFocus = this.hasFocus && !this.editing;
    this.drawHead();
    const keys = new Set();
    let before = null;
    this.model.rows.forEach((row, index) => {
      keys.add(row.key);
      const marks = this.marks.get(row.key) ?? "";
      let known = this.drawn.get(row.key);
      const isOpen = this.editing?.key === row.key; // a field that is open is not drawn over
      if (!known || (!isOpen && (known.row !== row || known.marks !== marks || known.head !== this.headKey))) {
        const line = this.drawRow(row, index, marks);
        if (known) known.line.replaceWith(line);
        known = { row, line, marks, head: this.headKey, index: -1 };
        this.drawn.set(row.key, known);
      }
      const place = before ? before.nextElementSibling : this.body.firstElementChild;
      if (place !== known.line) this.body.insertBefore(known.line, place);
      if (known.index !== index) this.renumberLine(known, index);
      before = known.line;
    });
    for (const [key, known] of this.drawn) {
      if (keys.has(key)) continue;
      known.line.remove();
      this.drawn.delete(key);
    }
    this.table.setAttribute("aria-rowcount", this.model.rows.length + 1);
    this.keepInside();
    this.drawChoice();
    if (hadFocus) this.focus();
  }

  drawHead() {
    const key = this.columns.map((column) => column.field).join();
    if (key === this.headKey) return;
    this.headKey = key;
    const line = document.createElement("tr");
    line.setAttribute("aria-rowindex", "1");
    const corner = document.createElement("td");
    corner.className = "te-gutter";
    line.append(corner);
    this.columns.forEach((column, index) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = column.title;
      cell.className = `te-${column.kind} te-f-${column.field.split(".")[0]}`;
      cell.setAttribute("aria-colindex", index + 2);
      line.append(cell);
    });
    this.head.replaceChildren(line);
    this.table.setAttribute("aria-colcount", this.columns.length + 1);
  }

  drawRow(row, index, marks) {
    const line = document.createElement("tr");
    line.dataset.key = row.key;
    line.className = `te-level-${row.level}`;
    const said = marks ? JSON.parse(marks) : {};
    const gutter = document.createElement("th");
    gutter.scope = "row";
    gutter.className = "te-gutter";
    const place = document.createElement("span");
    place.className = "te-place";
    const kind = document.createElement("span");
    kind.className = "te-kind";
    kind.textContent = this.model.kinds.length > 1 ? this.model.kinds.find((known) => known.key === row.kind)?.name ?? "" : "";
    gutter.append(place, kind);
    if (said[""]) this.describe(gutter, row, "", said[""]);
    line.append(gutter);
    this.columns.forEach((column, at) => line.append(this.drawCell(row, column, at, said[column.field])));
    return line;
  }

  drawCell(row, column, at, said) {
    const cell = document.createElement("td");
    const text = row.cells[column.field] ?? "";
    cell.setAttribute("role", "gridcell");
    cell.setAttribute("aria-colindex", at + 2);
    cell.tabIndex = -1;
    cell.className = `te-cell te-${column.kind} te-f-${column.field.split(".")[0]}`;
    if (column.field === "label") cell.setAttribute("aria-readonly", "true");
    const words = document.createElement("span");
    words.className = "te-words";
    words.textContent = column.kind === "number" ? grouped(text) : text;
    cell.append(words);
    if (text !== (this.model.base.byKey.get(row.key)?.cells[column.field] ?? "")) cell.classList.add("te-touched");
    if (said) this.describe(cell, row, column.field, said);
    return cell;
  }

  describe(cell, row, field, said) {
    const worst = said.reduce((found, item) => (WORST[item.severity] < WORST[found] ? item.severity : found), "notice");
    const name = `said-${row.key}-${field || "row"}`.replaceAll(/[^\wа-яё-]/gi, "-");
    let note = document.getElementById(name);
    if (!note) {
      note = document.createElement("p");
      note.id = name;
      this.messages.append(note);
    }
    note.textContent = said.map((item) => item.message).join(" ");
    cell.classList.add(`te-${worst}`);
    cell.setAttribute("aria-describedby", name);
    if (field && WORST[worst] < 2) cell.setAttribute("aria-invalid", "true");
  }

  renumberLine(known, index) {
    known.index = index;
    known.line.setAttribute("aria-rowindex", index + 2);
    known.line.querySelector(".te-place").textContent = index + 1;
  }

  // `said` is a list of {row, field, severity, message} by the keys of rows.
  mark(said) {
    const marks = new Map();
    const known = new Set(this.columns.map((column) => column.field));
    for (const { key, field, severity, message } of said) {
      if (!key) continue;
      const cells = marks.get(key) ?? {};
      (cells[known.has(field) ? field : ""] ??= []).push({ severity, message });
      marks.set(key, cells);
    }
    this.marks = new Map([...marks].map(([key, cells]) => [key, JSON.stringify(cells)]));
    this.messages.replaceChildren();
    // Every described row is drawn anew: what describes it stands anew, too.
    for (const known of this.drawn.values()) if (known.marks) known.marks = null;
    this.draw();
  }

  saidAt(row, column) {
    const marks = this.marks.get(this.model.rows[row]?.key);
    const said = marks ? JSON.parse(marks) : {};
    return [...(said[this.columns[column]?.field] ?? []), ...(said[""] ?? [])];
  }

  cellAt(row, column) {
    const known = this.drawn.get(this.model.rows[row]?.key);
    return known?.line.cells[column + 1] ?? null;
  }

  keepInside() {
    for (const point of [this.at, this.from]) {
      point.row = Math.max(0, Math.min(point.row, this.model.rows.length - 1));
      point.column = Math.max(0, Math.min(point.column, this.columns.length - 1));
    }
  }

  drawChoice() {
    this.body.querySelectorAll(".te-chosen, .te-at").forEach((cell) => {
      cell.classList.remove("te-chosen", "te-at");
      cell.removeAttribute("aria-selected");
    });
    this.body.querySelectorAll('td[tabindex="0"]').forEach((cell) => {
      cell.tabIndex = -1;
    });
    const { top, bottom, left, right } = this.range;
    if (top !== bottom || left !== right) {
      for (let row = top; row <= bottom; row += 1) {
        for (let column = left; column <= right; column += 1) {
          const cell = this.cellAt(row, column);
          cell?.classList.add("te-chosen");
          cell?.setAttribute("aria-selected", "true");
        }
      }
    }
    const cell = this.cellAt(this.at.row, this.at.column);
    if (!cell) return;
    cell.classList.add("te-at");
    cell.tabIndex = 0;
  }

  go(row, column, { extend = false, focus = true } = {}) {
    this.at = { row, column };
    if (!extend) this.from = { row, column };
    this.keepInside();
    this.drawChoice();
    if (focus) this.focus();
    this.onEdit({ type: "moved" });
  }

  focus() {
    const cell = this.cellAt(this.at.row, this.at.column);
    if (!cell) return;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  get hasFocus() {
    return this.body.contains(document.activeElement);
  }

  bind() {
    this.body.addEventListener("mousedown", (event) => this.pressed(event));
    this.body.addEventListener("mouseover", (event) => {
      const place = this.dragging && this.placeOf(event.target);
      if (place) this.go(place.row, place.column, { extend: true });
    });
    document.addEventListener("mouseup", () => {
      this.dragging = false;
    });
    this.body.addEventListener("dblclick", (event) => this.placeOf(event.target) && this.edit());
    this.body.addEventListener("focusin", (event) => {
      const place = event.target.matches("td") && this.placeOf(event.target);
      if (place && (place.row !== this.at.row || place.column !== this.at.column)) this.go(place.row, place.column, { focus: false });
    });
  }

  pressed(event) {
    if (event.target.closest(".te-field")) return;
    const gutter = event.target.closest("th");
    const place = this.placeOf(event.target);
    if (!place) return;
    event.preventDefault();
    this.commit();
    if (gutter) {
      this.from = { row: event.shiftKey ? this.from.row : place.row, column: 0 };
      this.at = { row: place.row, column: this.columns.length - 1 };
      this.drawChoice();
      this.focus();
      this.onEdit({ type: "moved" });
      return;
    }
    const again = place.row === this.at.row && place.column === this.at.column && this.hasFocus;
    this.go(place.row, place.column, { extend: event.shiftKey });
    this.dragging = true;
    // A finger has no second button and no keys: a touch of the cell that is chosen already opens it.
    if (again && window.matchMedia("(pointer: coarse)").matches) this.edit();
  }

  placeOf(target) {
    const cell = target.closest("td, th");
    const key = cell?.parentElement.dataset.key;
    const row = this.model.rows.findIndex((known) => known.key === key);
    return row < 0 ? null : { row, column: Math.max(0, cell.cellIndex - 1) };
  }

  // Opens the field of a cell, with its words or with what was typed over them; `replace` offers them to be typed over.
  edit({ typed = null, replace = false } = {}) {
    this.commit();
    const { row, column } = this.at;
    const about = this.columns[column];
    const cell = this.cellAt(row, column);
    if (!cell || !this.isOpen(column)) return;
    const line = this.model.rows[row];
    const options = line.options?.length && about.field === "value" ? line.options : about.options;
    const field = document.createElement(options?.length ? "input" : "textarea");
    field.className = "te-field";
    field.value = typed ?? line.cells[about.field] ?? "";
    field.setAttribute("aria-label", `${about.title}, строка ${row + 1}`);
    field.spellcheck = true;
    if (options?.length) {
      const list = this.root.querySelector("[data-options]");
      list.replaceChildren(...options.map((words) => new Option(words, words)));
      field.setAttribute("list", list.id);
      field.autocomplete = "off";
    }
    this.editing = { field, key: line.key, about, cell, options: about.kind === "choice" || line.options ? options : [] };
    cell.classList.add("te-editing");
    cell.append(field);
    this.grow(field);
    field.addEventListener("input", () => this.grow(field));
    field.addEventListener("blur", () => this.commit());
    field.focus();
    field.setSelectionRange(replace ? 0 : field.value.length, field.value.length);
  }

  grow(field) {
    if (field.tagName !== "TEXTAREA") return;
    field.rows = 1;
    field.rows = Math.max(1, Math.min(12, Math.ceil(field.scrollHeight / 22)));
  }

  // Keeps what was typed; a field that lost the focus keeps it too.
  commit({ keep = true } = {}) {
    const open = this.editing;
    if (!open) return;
    this.editing = null;
    open.cell.classList.remove("te-editing");
    const text = completed(open.field.value, open.options);
    open.field.remove();
    const row = this.model.rows.findIndex((known) => known.key === open.key);
    if (!keep || row < 0 || !this.model.setCells([[row, open.about.field, text]])) this.draw();
  }
}

// Of a closed choice its first letters are enough.
function completed(text, options) {
  const begun = text.trim().toLowerCase();
  const found = begun ? options.filter((words) => words.toLowerCase().startsWith(begun)) : [];
  return found.length === 1 ? found[0] : text;
}

// Thin no-break groups of three, as everywhere in the portal; what is no number stays as it was typed.
export function grouped(text) {
  const words = text.trim();
  if (!NUMBER.test(words)) return text;
  const [whole, fraction] = words.replace("-", "−").replace(".", ",").split(",");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return fraction === undefined ? groups : `${groups},${fraction}`;
}
