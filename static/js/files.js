// A file may be dropped on the frame around a file field; the field itself does the rest.
"use strict";

function sizeInWords(bytes) {
  const thin = "\u202f";
  const units = [["МБ", 1024 * 1024], ["КБ", 1024]];
  const [name, unit] = units.find(([, size]) => bytes >= size) ?? ["байт", 1];
  const value = unit === 1 ? bytes : Math.round((bytes / unit) * 10) / 10;
  return `${String(value).replace(".", ",")}${thin}${name}`;
}

function tellChosen(zone, input) {
  const said = zone.querySelector("[data-drop-said]");
  if (!said) return;
  said.textContent = [...input.files].map((file) => `Выбран файл: ${file.name}, ${sizeInWords(file.size)}`).join("; ");
}

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target instanceof Element ? event.target.closest("[data-drop]") : null;
    const input = zone?.querySelector('input[type="file"]');
    if (!input || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.toggle("drop-over", kind === "dragenter" || kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    tellChosen(zone, input);
  });
}

document.addEventListener("change", (event) => {
  const zone = event.target.closest("[data-drop]");
  if (zone && event.target.type === "file") tellChosen(zone, event.target);
});
