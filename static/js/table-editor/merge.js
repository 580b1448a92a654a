// Two people edited one section. Cell by cell: what only one of them touched is taken, what both touched is asked.

const text = (row, field) => row?.cells[field] ?? "";

// `base` is what both began from, `mine` the rows here, `theirs` what the server has now. Rows come out by the keys of the
// server. `known` keeps the rows that were woven: the steps of one history share nearly all of theirs.
export function merge({ base, mine, theirs, columns, idOf, known = new Map() }) {
  const before = new Map(base.map((row) => [idOf(row), row]));
  const now = new Map(theirs.map((row) => [row.key, row]));
  const here = new Set(mine.map(idOf));
  const taken = [];
  const asked = [];
  const rows = new Map();
  for (const row of mine) {
    const id = idOf(row);
    const was = before.get(id);
    const other = now.get(id);
    if (was && !other) {
      if (!differs(row, was, columns)) continue; // removed there, untouched here
      asked.push({ id, field: "", title: "Строка", base: "", mine: "строка изменена", theirs: "строка удалена" });
    }
    if (!known.has(row)) known.set(row, { ...(was && other ? woven(row, was, other, columns, taken, asked, id) : row), key: id });
    rows.set(id, known.get(row));
  }
  for (const row of theirs) {
    if (here.has(row.key)) continue;
    const was = before.get(row.key);
    if (was && !differs(was, row, columns)) continue; // removed here, untouched there
    if (was) asked.push({ id: row.key, field: "", title: "Строка", base: "", mine: "строка удалена", theirs: "строка изменена" });
    else taken.push({ id: row.key, field: "", title: "Новая строка", base: "", theirs: named(row) });
    rows.set(row.key, row);
  }
  const lists = [mine.map(idOf), theirs.map((row) => row.key)];
  if (!isMoved([...before.keys()], lists[0])) lists.reverse(); // who moved nothing takes the order of the other
  const found = ordered(...lists).filter((id) => rows.has(id));
  const standing = ({ id, ...said }) => ({ ...said, row: rows.get(id) });
  return { rows: found.map((id) => rows.get(id)), taken: taken.map(standing), asked: asked.map(standing) };
}

const differs = (row, other, columns) => columns.some((column) => text(row, column.field) !== text(other, column.field));

// Whether the rows that both lists have stand in another order.
function isMoved(before, after) {
  const [had, has] = [new Set(before), new Set(after)];
  return before.filter((id) => has.has(id)).join() !== after.filter((id) => had.has(id)).join();
}

// The first list, and what only the second has under the row that it stands under there.
function ordered(first, second) {
  const known = new Set(first);
  const under = new Map();
  let above = null;
  for (const id of second) {
    if (known.has(id)) above = id;
    else under.set(above, [...(under.get(above) ?? []), id]);
  }
  return [null, ...first].flatMap((id) => [...(id === null ? [] : [id]), ...(under.get(id) ?? [])]);
}

function woven(row, was, other, columns, taken, asked, id) {
  const cells = { ...row.cells };
  for (const { field, title } of columns) {
    const [old, own, foreign] = [text(was, field), text(row, field), text(other, field)];
    if (foreign === old || foreign === own || field === "label") continue;
    if (own === old) {
      cells[field] = foreign;
      taken.push({ id, field, title, base: old, theirs: foreign });
    } else asked.push({ id, field, title, base: old, mine: own, theirs: foreign });
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
