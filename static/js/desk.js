// On an edition's page.
"use strict";

// Its words are one form and each button is another: the browser asks before what was typed is lost.
const words = document.getElementById("edition_form");
let isTyped = false;
words?.addEventListener("input", () => (isTyped = true));
words?.addEventListener("submit", () => (isTyped = false));
addEventListener("beforeunload", (event) => isTyped && event.preventDefault());

// Orders the picks by dragging. The numbers beside them do the same without.
const body = document.querySelector("[data-ordered]");
const save = document.querySelector("[data-save-order]");

function drag(handle, row) {
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    row.classList.add("desk-dragged");
    const before = [...body.rows];

    const move = (moved) => {
      const over = [...body.rows].find((one) => {
        const box = one.getBoundingClientRect();
        return one !== row && moved.clientY > box.top && moved.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      // Beyond its middle, so that a tall row does not jump to and fro.
      const isBelow = row.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isBelow && moved.clientY > box.top + box.height / 2) over.after(row);
      if (!isBelow && moved.clientY < box.top + box.height / 2) over.before(row);
    };
    const end = (ended) => {
      document.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) document.removeEventListener(name, end);
      row.classList.remove("desk-dragged");
      if (ended.type === "pointercancel") return body.append(...before);
      if ([...body.rows].every((one, place) => one === before[place])) return;
      [...body.rows].forEach((one, place) => (one.querySelector("[type=number]").value = place + 1));
      // One revision: or the words that somebody else was faster.
      save.form.requestSubmit(save);
    };
    // The document hears them: what is moved in its table holds no pointer.
    document.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, end);
  });
}

if (body && save && body.rows.length > 1) {
  for (const row of body.rows) {
    const handle = document.createElement("span");
    handle.className = "desk-handle";
    // The number beside it is for keys and for readers of screens.
    handle.setAttribute("aria-hidden", "true");
    handle.title = "Drag to order";
    handle.textContent = "⠿";
    row.cells[0].prepend(handle);
    drag(handle, row);
  }
}
