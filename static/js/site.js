// Fills in the browser's time zone where a form asks for it; the page works without.
"use strict";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function fillIn(root) {
  for (const field of root.querySelectorAll("[data-time-zone]")) {
    if (zone) field.value = zone;
  }
}

fillIn(document);
// What htmx brings later holds such forms too.
document.addEventListener("htmx:load", (event) => fillIn(event.target));

const offer = document.querySelector("[data-time-zone-offer]");
const select = document.querySelector("select[name=time_zone]");
if (offer && select && zone && select.value !== zone && [...select.options].some((option) => option.value === zone)) {
  offer.hidden = false;
  offer.querySelector("[data-zone]").textContent = zone.replaceAll("_", " ");
  offer.querySelector("button").addEventListener("click", () => {
    select.value = zone;
    offer.hidden = true;
  });
}
