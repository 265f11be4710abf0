/* The total of a scoring sheet while it is filled in. The page works without it: the total is computed again on arrival. */
(() => {
  "use strict";

  const bar = document.querySelector("[data-sheet-total]");
  if (!bar) return;
  const form = bar.closest("form");
  const cents = (text) => Math.round(Number(text) * 100);

  function refresh() {
    const typed = [...form.querySelectorAll("input[name^='f-mark_']")].map((input) => input.value.normalize("NFKC").trim());
    const marks = typed.filter((text) => text !== "" && Number.isFinite(Number(text)));
    const sum = marks.reduce((total, text) => total + cents(text), cents(bar.dataset.computed));
    bar.querySelector("[data-marked]").textContent = marks.length;
    bar.querySelector("[data-sum]").textContent = String(sum / 100);
  }

  form.addEventListener("input", refresh);
  refresh();
})();
