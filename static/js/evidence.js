// Files of a form go up as soon as they are chosen, one by one, each with how far it is: a phone on a slow line can take
// minutes. <div data-files="address" data-code="question"> holds the field, the list and <p data-files-said>.
// The address takes "file" and "code" and answers with the list anew, or with {"message": "sentence"}.
"use strict";

const LARGEST = 20 * 1024 * 1024;
let underWay = 0;

function sendFile(box, file, token, told) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append("code", box.dataset.code);
    body.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", box.dataset.files);
    request.setRequestHeader("X-CSRFToken", token);
    request.upload.onprogress = (event) => {
      const percent = Math.floor((100 * event.loaded) / event.total);
      told(percent < 100 ? `${file.name}: отправлено ${percent} %` : `${file.name}: проверяем…`);
    };
    request.onerror = () => resolve("нет связи, выберите файл ещё раз");
    request.onload = () => {
      const sentHere = request.responseURL.endsWith(box.dataset.files);
      if (request.status === 200 && sentHere) {
        box.querySelector("[data-files-list]").outerHTML = request.responseText;
        resolve("");
        return;
      }
      try {
        resolve(JSON.parse(request.responseText).message);
      } catch {
        resolve(request.status === 413 ? "файл слишком велик" : "портал не принял файл: обновите страницу и выберите его снова");
      }
    };
    request.send(body);
  });
}

document.addEventListener("change", async (event) => {
  const box = event.target.closest("[data-files]");
  if (!box || event.target.type !== "file") return;
  const field = event.target;
  const said = box.querySelector("[data-files-said]");
  const told = (words) => (said.textContent = words);
  const failed = [];
  const files = [...field.files];
  // What is sent here must not go with the form again.
  field.value = "";
  underWay += 1;
  for (const file of files) {
    const token = field.form.elements.csrfmiddlewaretoken.value;
    const refusal = file.size > LARGEST ? "больше 20 МБ, уменьшите его" : await sendFile(box, file, token, told);
    if (refusal) failed.push(`${file.name}: ${refusal}`);
  }
  underWay -= 1;
  told(failed.length ? `Не приложено. ${failed.join(" ")}` : "Приложено.");
  box.classList.toggle("field-bad", failed.length > 0);
  if (!failed.length) box.querySelector('[id$="_error"]')?.replaceChildren();
});

// A file that was chosen before this script arrived.
for (const field of document.querySelectorAll('[data-files] input[type="file"]')) {
  if (field.files.length) field.dispatchEvent(new Event("change", { bubbles: true }));
}

window.addEventListener("beforeunload", (event) => {
  if (underWay) event.preventDefault();
});
