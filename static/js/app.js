/* The frame's behaviour. Every page works without it; it makes things quicker and keeps double clicks out. */
(() => {
  "use strict";

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* --- Menu on a narrow window ------------------------------------------------------------------------- */

  const menu = one("#menu");
  const opener = one("[data-menu=open]");

  function openMenu() {
    document.body.classList.add("menu-open");
    opener.setAttribute("aria-expanded", "true");
    all("#main, .foot, .crumbs").forEach((part) => { part.inert = true; });
    menu.focus();
  }

  function closeMenu(giveFocus) {
    if (!document.body.classList.contains("menu-open")) return;
    document.body.classList.remove("menu-open");
    opener.setAttribute("aria-expanded", "false");
    all("#main, .foot, .crumbs").forEach((part) => { part.inert = false; });
    if (giveFocus) opener.focus();
  }

  if (menu && opener) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-expanded", "false");
    opener.setAttribute("aria-controls", "menu");
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      if (document.body.classList.contains("menu-open")) closeMenu(true); else openMenu();
    });
    opener.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); opener.click(); }
    });
    one("[data-menu=close]").addEventListener("click", (event) => { event.preventDefault(); closeMenu(true); });
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target) && !opener.contains(event.target)) closeMenu(false);
    });
    window.matchMedia("(min-width: 992px)").addEventListener("change", () => closeMenu(false));
  }

  /* The line of the page that is open stays in view in a menu that is longer than the window. */
  const here = one("#menu [aria-current]");
  const lines = one(".menu-inner");
  if (here && lines && here.offsetTop + here.offsetHeight > lines.clientHeight) {
    lines.scrollTop = here.offsetTop - lines.clientHeight / 2;
  }

  /* --- Pop-up panels (details.pop) --------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    all("details.pop[open]").forEach((pop) => { if (!pop.contains(event.target)) pop.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeMenu(true);
    all("details.pop[open]").forEach((pop) => {
      pop.open = false;
      one("summary", pop).focus();
    });
  });

  /* --- Tabs: anchors to stacked sections become tabs ---------------------------------------------------- */

  function makeTabs(list) {
    const links = all("a[href^='#']", list);
    const parts = links.map((link) => document.getElementById(link.hash.slice(1)));
    if (parts.includes(null) || !links.length) return;
    list.setAttribute("role", "tablist");

    function show(index, focus) {
      links.forEach((link, at) => {
        const on = at === index;
        link.setAttribute("aria-selected", String(on));
        link.tabIndex = on ? 0 : -1;
        parts[at].hidden = !on;
      });
      if (focus) links[index].focus();
    }

    function named(hash) {
      const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
      return target ? parts.findIndex((part) => part === target || part.contains(target)) : -1;
    }

    links.forEach((link, at) => {
      link.setAttribute("role", "tab");
      link.id = link.id || `tab-of-${parts[at].id}`;
      link.setAttribute("aria-controls", parts[at].id);
      parts[at].setAttribute("role", "tabpanel");
      parts[at].setAttribute("aria-labelledby", link.id);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        history.replaceState(history.state, "", link.hash);
        show(at, false);
      });
      link.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) { event.preventDefault(); show((at + step + links.length) % links.length, true); }
        if (event.key === "Home") { event.preventDefault(); show(0, true); }
        if (event.key === "End") { event.preventDefault(); show(links.length - 1, true); }
        if (event.key === " ") { event.preventDefault(); link.click(); }
      });
    });
    const first = named(location.hash);
    show(first < 0 ? 0 : first, false);
    if (first >= 0) document.getElementById(decodeURIComponent(location.hash.slice(1))).scrollIntoView();
    window.addEventListener("hashchange", () => {
      const at = named(location.hash);
      if (at >= 0) { show(at, false); document.getElementById(decodeURIComponent(location.hash.slice(1))).scrollIntoView(); }
    });
  }

  all("[data-tabs]").forEach(makeTabs);

  /* --- Asking before an act, and one click only ---------------------------------------------------------- */

  const dialog = one("#ask");

  function ask(text, careful) {
    return new Promise((resolve) => {
      if (!dialog || !dialog.showModal) { resolve(window.confirm(text)); return; }
      one("#ask-text").textContent = text;
      const yes = one("[data-answer=yes]", dialog);
      yes.classList.toggle("btn-primary", !careful);
      yes.classList.toggle("btn-careful", careful);
      const done = (answer) => { dialog.close(); resolve(answer); };
      yes.onclick = () => done(true);
      one("[data-answer=no]", dialog).onclick = () => done(false);
      dialog.oncancel = () => resolve(false);
      dialog.showModal();
    });
  }

  const sent = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (sent.has(form)) { event.preventDefault(); return; }
    const button = event.submitter;
    const text = (button && button.dataset.confirm) || form.dataset.confirm;
    if (text && !form.dataset.confirmed) {
      event.preventDefault();
      ask(text, "careful" in ((button && button.dataset) || form.dataset)).then((answer) => {
        if (!answer) return;
        form.dataset.confirmed = "1";
        form.requestSubmit(button || undefined);
      });
      return;
    }
    if (event.defaultPrevented) return;
    sent.add(form);
    window.setTimeout(() => {
      all("button[type=submit], button:not([type])", form).forEach((item) => { item.setAttribute("aria-disabled", "true"); });
    });
    window.setTimeout(() => release(form), 8000);
  });

  function release(form) {
    sent.delete(form);
    delete form.dataset.confirmed;
    all("[aria-disabled=true]", form).forEach((item) => item.removeAttribute("aria-disabled"));
  }

  window.addEventListener("pageshow", () => all("form").forEach(release));
  document.addEventListener("lianpei:kept", (event) => release(event.target));

  /* --- Small helps ---------------------------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    if (phrase) {
      const box = one(`[name='f-${phrase.dataset.into}']`, phrase.closest("form"));
      if (!box) return;
      const text = phrase.dataset.phrase;
      box.value = box.value.trim() ? `${box.value.replace(/\s+$/, "")}\n${text}` : text;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    }
    const printer = event.target.closest("[data-print]");
    if (printer) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        copy.dataset.before = copy.dataset.before || copy.textContent;
        copy.textContent = copy.dataset.done || "✓";
        window.setTimeout(() => { copy.textContent = copy.dataset.before; }, 2000);
      });
    }
  });

  /* Rows are picked by boxes that belong to the form of the bulk acts, wherever they stand. */
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches) return;
    if (box.matches("[data-pick-all], input[name=pick]") && box.form) {
      const boxes = [...box.form.elements].filter((item) => item.name === "pick");
      if (box.matches("[data-pick-all]")) boxes.forEach((item) => { item.checked = box.checked; });
      const chosen = boxes.filter((item) => item.checked).length;
      all("[data-picked]", box.form).forEach((place) => { place.textContent = String(chosen); });
    }
    if (box.matches("select[data-submit]")) box.form.requestSubmit();
  });

  /* WeChat's own browser downloads nothing: say so where a file is offered. */
  if (/MicroMessenger/i.test(navigator.userAgent)) {
    all("[data-wechat]").forEach((hint) => { hint.hidden = false; });
  }

  /* The first thing that needs mending gets the focus. */
  const wrong = one("[data-first-problem]");
  if (wrong) wrong.focus();
})();
