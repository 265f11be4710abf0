/* Keys for what has one (data-key), while the reader wants them: a box on the page turns them on, and is remembered. */
(() => {
  "use strict";

  const box = document.querySelector("[data-keys]");
  if (!box) return;
  const NAME = "lp-keys";
  try { box.checked = localStorage.getItem(NAME) === "on"; } catch { /* forbidden */ }
  box.addEventListener("change", () => {
    try { localStorage.setItem(NAME, box.checked ? "on" : "off"); } catch { /* forbidden */ }
  });

  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("textarea, select, input:not([type=checkbox])")) return;
    const place = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key.toLowerCase());
    if (!place) return;
    event.preventDefault();
    place.click();
    const field = place.matches("summary") && place.parentElement.querySelector("textarea");
    if (field) setTimeout(() => field.focus());
  });
})();
