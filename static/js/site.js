// What makes pages quicker to use; each works without.
"use strict";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// A browser may keep nothing.
function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Then it holds for this page.
  }
}

function prepare(root) {
  for (const field of root.querySelectorAll("[data-time-zone]")) {
    if (zone) field.value = zone;
  }
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  for (const field of root.querySelectorAll("[data-filter]")) field.closest("p").hidden = false;
}

prepare(document);
// What htmx brings later holds such forms too.
document.addEventListener("htmx:load", (event) => prepare(event.target));
// Of what was found its count is read out, not all of it.
document.addEventListener("htmx:afterSwap", (event) => {
  const told = document.getElementById("told");
  if (told) told.textContent = event.target.querySelector("[data-told]")?.textContent ?? "";
});

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

// Copying and sharing.
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return false;
  }
  const label = button.innerHTML;
  button.textContent = "Copied";
  setTimeout(() => (button.innerHTML = label), 2000);
  return true;
}

document.addEventListener("click", (event) => {
  const copies = event.target.closest("[data-copy]");
  if (copies) copy(copies.previousElementSibling.textContent, copies);
  const shares = event.target.closest("[data-share]");
  if (!shares) return;
  const url = shares.dataset.share;
  if (navigator.share) {
    event.preventDefault();
    navigator.share({ title: document.querySelector("h1").textContent, url }).catch(() => {});
  } else if (navigator.clipboard) {
    event.preventDefault();
    copy(url, shares).then((done) => done || location.assign(shares.href));
  }
});

// A long list of choices, narrowed by what is typed.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-filter]")) return;
  const typed = event.target.value.trim().toLowerCase();
  for (const one of document.querySelectorAll(event.target.dataset.filter)) {
    one.hidden = !one.textContent.toLowerCase().includes(typed);
  }
});

// Keys.
const papers = () => [...document.querySelectorAll(".card")];
const here = () => document.activeElement.closest(".card, .paper") ?? document.querySelector(".paper");

function move(by) {
  const all = papers();
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(here()) + by))];
  next?.querySelector(".card-title a")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": () => document.querySelector("#q, #search-box")?.focus(),
  "?": () => document.getElementById("keys").togglePopover?.(),
  j: () => move(1),
  k: () => move(-1),
  o: () => here()?.querySelector(".card-title a")?.click(),
  v: () => here()?.querySelector(".votes")?.click(),
  s: () => here()?.querySelector(".save button, a.save")?.click(),
};

// Somebody who speaks to their browser, or whose hand trembles, presses keys that they do not mean.
const keySwitch = document.querySelector("[data-keys]");
if (keySwitch) {
  keySwitch.checked = kept("keys") !== "off";
  keySwitch.addEventListener("change", () => keep("keys", keySwitch.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  if (keySwitch && !keySwitch.checked) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
