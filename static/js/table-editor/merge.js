// Two people edited one section. Cell by cell: what only one of them touched is taken, what both touched is asked.

const text = (row, field) => row?.cells[field] ?? "";

// `base` is what both began from, `mine` the rows here, `theirs` what the server has now; keys are the server's.
export function merge({ base, mine, theirs, columns, idOf }) {
  const before = new Map(base.map((row) => [row.key, row]));
  const now = new Map(theirs.map((row) => [row.key, row]));
  const taken = [];
  const asked = [];
  const here = new Set();
  const rows = [];
  for (const row of mine) {
    const id = idOf(row);
    here.add(id);
    const was = before.get(row.key);
    const other = now.get(id);
    if (!was) rows.push(row);
    else if (!other) keepUnlessUntouched(row, was, columns, rows, asked);
    else rows.push(woven(row, was, other, columns, taken, asked));
  }
  theirs.forEach((row, at) => {
    if (here.has(row.key)) return;
    const was = base.find((known) => idOf(known) === row.key);
    const changed = was && columns.some((column) => text(was, column.field) !== text(row, column.field));
    if (was && !changed) return; // removed here, untouched there
    if (was) asked.push({ row, field: "", title: "Строка", base: "", mine: "строка удалена", theirs: "строка изменена" });
    else taken.push({ row, field: "", title: "Новая строка", base: "", theirs: named(row) });
    const above = theirs.slice(0, at).reverse().find((known) => rows.some((kept) => idOf(kept) === known.key));
    const place = above ? rows.findIndex((kept) => idOf(kept) === above.key) + 1 : 0;
    rows.splice(place, 0, row);
  });
  // From now on everybody's rows go by the server's keys.
  const settledKey = (row) => ({ ...row, key: idOf(row) ?? row.key });
  return { rows: rows.map(settledKey), taken, asked: asked.map((question) => ({ ...question, row: settledKey(question.row) })) };
}

function keepUnlessUntouched(row, was, columns, rows, asked) {
  if (!columns.some((column) => text(row, column.field) !== text(was, column.field))) return; // removed there
  asked.push({ row, field: "", title: "Строка", base: "", mine: "строка изменена", theirs: "строка удалена" });
  rows.push(row);
}

function woven(row, was, other, columns, taken, asked) {
  const cells = { ...row.cells };
  for (const { field, title } of columns) {
    const [old, own, foreign] = [text(was, field), text(row, field), text(other, field)];
    if (foreign === old || foreign === own || field === "label") continue;
    if (own === old) {
      cells[field] = foreign;
      taken.push({ row, field, title, base: old, theirs: foreign });
    } else asked.push({ row, field, title, base: old, mine: own, theirs: foreign });
  }
  return row.kind === was.kind ? { ...row, kind: other.kind, level: other.level, cells } : { ...row, cells };
}

export function named(row) {
  const words = [row.cells.number, row.cells.label ?? row.cells.name ?? row.cells.territory ?? row.cells.indicator];
  return words.filter(Boolean).join(" ") || "строка без названия";
}

// Puts the answers in: «theirs» replaces the words of a cell; for a whole row it brings it back or lets it go.
export function settled(rows, asked, choices) {
  let found = rows;
  asked.forEach((question, at) => {
    const takeTheirs = choices[at] === "theirs";
    const is = (row) => row.key === question.row.key;
    if (question.field) {
      if (takeTheirs) found = found.map((row) => (is(row) ? { ...row, cells: { ...row.cells, [question.field]: question.theirs } } : row));
    } else if (takeTheirs === (question.theirs === "строка удалена")) found = found.filter((row) => !is(row));
  });
  return found;
}
