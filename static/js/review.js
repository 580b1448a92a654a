// The queue by keyboard: while a row has the focus, j and k (or the arrows) go to the next and the one before, x ticks it.
"use strict";

document.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-rows] tbody tr");
  if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
  const to = { j: "nextElementSibling", ArrowDown: "nextElementSibling", k: "previousElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  const box = row.querySelector("input[type=checkbox]");
  if (to) row[to]?.querySelector("th a").focus();
  else if (event.key === "x" && box) box.checked = !box.checked;
  else return;
  event.preventDefault();
});
