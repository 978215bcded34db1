// Shows what needs passkeys where the browser has them, and says in words when one fails.
"use strict";

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const words of document.querySelectorAll("[data-passkey-problem]")) words.hidden = false;
});
