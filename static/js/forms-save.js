/* Saving by itself what is typed into a form as data. What the server has not acknowledged stays in this browser;
   what somebody else saved meanwhile is put beside it, and nobody's text is lost. Needs static/js/forms.js. */
(() => {
  "use strict";
  const WAIT = 1500, LONGEST = 10000, AGE = 14 * 24 * 3600 * 1000, PREFIX = "lianpei:typed:";
  const make = (tag, attributes = {}, ...parts) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...parts);
    return element;
  };

  /* --- Comparing answers: what the server stores alike is alike (core/text.py) -------------------------------------- */

  const WRITTEN = ["text", "longtext"];

  /* A text as it is compared: of one width and without unseen signs; a figure, date or number without its marks. */
  function folded(text, type) {
    const plain = text.normalize("NFKC").replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
      .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "").trim();
    if (!type || WRITTEN.includes(type)) return plain;
    const day = plain.match(/^(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?\s*[月日号]?$/);
    if (day && /^(date|month|period)$/.test(type)) return day.slice(1).filter(Boolean).map((part) => part.padStart(2, "0")).join("-");
    return plain.replace(/[\s,\u2010-\u2015\u2212-]/g, (sign) => (/[\s,]/.test(sign) ? "" : "-")).toUpperCase();
  }

  function canon(value, type, types = {}) {
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return folded(value, type);
    if (Array.isArray(value)) return value.map((item) => canon(item, type, types)).filter((item) => item !== "" && item !== "{}").join("\u0001");
    if (typeof value === "object") {
      const parts = Object.keys(value).sort().map((key) => [key, canon(value[key], types[key] || type, types)]);
      const held = parts.filter(([, text]) => text !== "" && text !== "false" && text !== "{}");
      return held.length ? `{${held.map((pair) => pair.join("\u0002")).join("\u0003")}}` : "";
    }
    return folded(String(value), type);
  }

  if (typeof module === "object" && typeof document === "undefined") { module.exports = { canon }; return; }
  if (window.lianpeiSaving) return;
  window.lianpeiSaving = true;

  const keysOf = (holder) => [holder.dataset.field, `${holder.dataset.field}_other`];

  function typesOf(holder) {
    const blank = holder.dataset.type === "table" && holder.querySelector("template[data-blank]");
    const cells = blank ? [...blank.content.querySelectorAll("[data-field]")] : [];
    return Object.fromEntries(cells.map((cell) => [cell.dataset.field, cell.dataset.type]));
  }

  function same(holder, one, two) {
    const types = typesOf(holder), type = holder.dataset.type === "table" ? "text" : holder.dataset.type;
    const [key, other] = keysOf(holder);
    return canon(one[key], type, types) === canon(two[key], type, types) && canon(one[other]) === canon(two[other]);
  }

  /* --- Tabs: what one tab keeps is its own until it is closed -------------------------------------------------------- */

  const TAB = "lianpei:tab";
  const locks = navigator.locks;
  const fresh = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  let tab = "";
  try { tab = sessionStorage.getItem(TAB) || ""; } catch { /* forbidden */ }

  const hold = (id) => new Promise((resolve) => {
    locks.request(`${TAB}:${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {}); /* until the page goes */
    }).catch(() => resolve(true));
  });

  /* A tab that was duplicated has its model's name and must take another. */
  async function ownTab() {
    if (!tab || (locks && !(await hold(tab)))) {
      tab = fresh();
      if (locks) await hold(tab);
    }
    try { sessionStorage.setItem(TAB, tab); } catch { /* forbidden */ }
  }

  async function openTabs() {
    if (!locks) return [];
    const { held } = await locks.query();
    return held.map((lock) => lock.name.slice(TAB.length + 1));
  }

  function shown(root, holder, value) {
    const word = window.lianpeiForms.word;
    const label = (code) => {
      const option = holder.querySelector(`option[value="${CSS.escape(String(code))}"]`);
      const box = holder.querySelector(`input[value="${CSS.escape(String(code))}"]`);
      return (option || (box && box.closest("label")) || { textContent: code }).textContent.trim();
    };
    const type = holder.dataset.type;
    if (canon(value) === "") return word(root, "nothing");
    if (type === "file") return word(root, "files", { n: value.length });
    if (type === "multichoice") return value.map(label).join(document.documentElement.lang === "en" ? ", " : "、");
    if (type === "choice" || type === "organisation" || type === "boolean") return label(value);
    if (type === "period") return [value.from, word(root, "until"), value.to].join(" ");
    if (type === "checklist") {
      return Object.entries(value).filter(([, tick]) => tick.checked || tick.remark).map(([code, tick]) => {
        const item = holder.querySelector(`[data-item="${CSS.escape(code)}"] label`);
        return `${tick.checked ? "☑" : "☐"} ${item ? item.textContent.trim() : code} ${tick.remark || ""}`;
      }).join("\n");
    }
    if (type === "table") {
      return value.map((row, n) => `${n + 1}. ${Object.values(row).map((cell) => (typeof cell === "object" && cell ? Object.values(cell).join("–") : cell)).filter(Boolean).join(document.documentElement.lang === "en" ? "; " : "；")}`).join("\n");
    }
    return String(value);
  }

  function show(dialog) { if (dialog.showModal) dialog.showModal(); else dialog.setAttribute("open", ""); }

  /* --- One form -------------------------------------------------------------------------------------------------- */

  function attend(root) {
    const forms = window.lianpeiForms, form = root.closest("form");
    if (!form) return;
    const word = (key, values) => forms.word(root, key, values);
    const address = root.dataset.autosaveUrl || form.dataset.autosaveUrl || "";
    const kept = `${PREFIX}${root.dataset.user}:${address}:${root.dataset.form}:`;
    const name = `${kept}${tab}`;
    let revision = Number(root.dataset.revision || form.dataset.revision || 0);
    let base = forms.collect(root);
    let dirty = false, since = 0, edition = 0, tries = 0, timer = 0, keeper = 0;
    let sending = null, submitting = false, stopped = false, composing = false, flushed = false;

    const place = form.querySelector("[data-autosave-say]") || make("p", { className: "dform-status muted small" });
    if (address && !place.isConnected) root.append(place);
    place.setAttribute("role", "status");

    function say(text, label, act) {
      const parts = [text];
      if (label) {
        const button = make("button", { type: "button", className: "btn btn-text btn-sm", textContent: label });
        button.addEventListener("click", act);
        parts.push(" ", button);
      }
      place.replaceChildren(...parts);
    }

    function keep(answers = forms.collect(root)) {
      if (!address) return;
      try { localStorage.setItem(name, JSON.stringify({ revision, answers, at: Date.now() })); } catch { /* full or forbidden */ }
    }

    function drop() { try { localStorage.removeItem(name); } catch { /* forbidden */ } }

    function setRevision(next) {
      revision = next;
      root.dataset.revision = String(next);
      form.querySelectorAll("input[name=revision]").forEach((input) => { input.value = String(next); });
    }

    function schedule(wait) {
      if (stopped || submitting || !address) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, Math.max(0, Math.min(wait, since + Math.max(LONGEST, wait) - Date.now())));
    }

    function touched(event) {
      if (event && event.isComposing) return;
      if (!dirty) since = Date.now();
      dirty = true;
      edition += 1;
      if (!address) return;
      if (!stopped) say(word("unsaved"));
      window.clearTimeout(keeper);
      keeper = window.setTimeout(keep, 400);
      schedule(WAIT);
    }

    function save() {
      if (sending || !dirty || stopped || submitting || composing || !address) return sending;
      sending = attempt().finally(() => {
        sending = null;
      });
      return sending;
    }

    async function attempt() {
      const at = edition, answers = forms.collect(root);
      keep(answers);
      say(word("saving"));
      let answer, said;
      try {
        answer = await forms.send(address, {
          method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ revision, answers }),
        });
        said = await answer.json().catch(() => ({}));
      } catch {
        later(word("offline"));
        return "offline";
      }
      if (answer.ok) {
        tries = 0;
        base = answers;
        setRevision(said.revision);
        if (edition === at) {
          dirty = false;
          window.clearTimeout(keeper);
          drop();
          say(word("saved", { time: said.saved || "" }));
        } else {
          since = Date.now();
          window.setTimeout(() => schedule(WAIT));
        }
        return "saved";
      }
      if (answer.status === 401) {
        say(word("login"), word("again"), save);
        return "offline";
      }
      if (answer.status === 409 && said.answers) meet(answers, said.answers, said.revision, said.by, base);
      else if (answer.status >= 500) later(word("offline"));
      else say(word("refused", { message: said.message || answer.status }), word("again"), save);
      return "refused";
    }

    function later(text) {
      say(text, word("again"), save);
      tries += 1;
      window.setTimeout(() => { since = Date.now(); schedule(Math.min(60000, 4000 * 2 ** tries)); });
    }

    /* Two people in one form: what only one of them changed is taken from that one; the rest is asked. */
    function meet(mine, theirs, theirRevision, by, ground) {
      const open = [];
      forms.holders(root).forEach((holder) => {
        const [key, other] = keysOf(holder);
        if (same(holder, mine, theirs)) return;
        if (ground && same(holder, theirs, ground)) return;
        if (ground && same(holder, mine, ground) && same(holder, forms.collect(root), ground)) {
          forms.fill(holder, theirs[key], theirs[other]);
        } else {
          open.push(holder);
        }
      });
      const settled = () => {
        setRevision(theirRevision);
        base = theirs;
        stopped = false;
        dirty = true;
        since = Date.now();
        edition += 1;
        keep();
        window.setTimeout(() => schedule(100));
      };
      if (!open.length) { settled(); return; }
      stopped = true;
      const dialog = choose(open, mine, theirs, by, settled);
      say(word("conflict", { by: by || word("somebody") }), word("choose"), () => show(dialog));
      show(dialog);
    }

    function choose(open, mine, theirs, by, settled) {
      const rows = open.map((holder, n) => {
        const title = (holder.querySelector("legend, label") || { firstChild: holder.dataset.field }).firstChild;
        const side = (kind, answers, checked) => make("label", { className: "dform-side" },
          make("span", { className: "dform-side-head" },
            make("input", { type: "radio", className: "form-check-input", name: `side-${n}`, value: kind, checked }),
            word(kind)),
          make("span", { className: "pre" }, shown(root, holder, answers[holder.dataset.field])));
        const group = make("fieldset", { className: "dform-sides" }, make("legend", {}, title.textContent || String(title)),
          side("mine", mine, true), side("theirs", theirs, false));
        if (holder.dataset.type === "longtext") {
          group.append(make("label", { className: "dform-both" },
            make("input", { type: "radio", className: "form-check-input", name: `side-${n}`, value: "both" }), word("both")));
        }
        return group;
      });
      const title = make("h2", { id: `conflict-${root.dataset.form}` }, word("changed"));
      const body = make("div", { className: "ask-body" }, make("p", {}, word("conflict", { by: by || word("somebody") })), ...rows);
      const apply = make("button", { type: "button", className: "btn btn-primary" }, word("apply"));
      const dialog = make("dialog", { className: "ask dform-conflict" }, title, body, make("div", { className: "ask-foot" }, apply));
      dialog.setAttribute("aria-labelledby", title.id);
      apply.addEventListener("click", () => {
        open.forEach((holder, n) => {
          const [key, other] = keysOf(holder);
          const kind = rows[n].querySelector("input:checked").value;
          if (kind === "mine") forms.fill(holder, mine[key], mine[other]);
          if (kind === "theirs") forms.fill(holder, theirs[key], theirs[other]);
          if (kind === "both") forms.fill(holder, `${mine[key] || ""}\n\n${theirs[key] || ""}`.trim());
        });
        dialog.remove();
        settled();
      });
      document.body.append(dialog);
      return dialog;
    }

    /* What was typed last time and never acknowledged, in this tab or in one that is closed. */
    async function offer() {
      const open = await openTabs();
      try {
        Object.keys(localStorage).filter((key) => key.startsWith(kept)).forEach((key) => {
          const of = key.slice(kept.length);
          if (of === tab || !open.includes(of)) offered(key, JSON.parse(localStorage.getItem(key)));
        });
      } catch { /* forbidden or damaged */ }
    }

    function offered(key, stored) {
      const forgotten = () => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };
      if (!stored || !stored.answers) { forgotten(); return; }
      const differs = forms.holders(root).some((holder) => !same(holder, stored.answers, base));
      if (!differs) { forgotten(); return; }
      const time = new Date(stored.at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
      const yes = make("button", { type: "button", className: "btn btn-primary btn-sm" }, word("restore"));
      const no = make("button", { type: "button", className: "btn btn-plain btn-sm" }, word("discard"));
      const note = make("div", { className: "note note-yellow dform-kept" }, make("div", {}, make("p", {}, word("kept", { time })),
        make("p", { className: "row-flex" }, yes, no)));
      yes.addEventListener("click", () => {
        note.remove();
        try { localStorage.setItem(name, JSON.stringify(stored)); } catch { /* full or forbidden */ }
        if (key !== name) forgotten();
        if (stored.revision === revision) {
          forms.holders(root).forEach((holder) => {
            const [own, other] = keysOf(holder);
            if (own in stored.answers) forms.fill(holder, stored.answers[own], stored.answers[other]);
          });
          touched();
          say(word("restored"));
        } else {
          meet(stored.answers, base, revision, "", null);
        }
      });
      no.addEventListener("click", () => { note.remove(); forgotten(); });
      root.prepend(note);
    }

    root.addEventListener("input", touched);
    root.addEventListener("compositionstart", () => { composing = true; });
    root.addEventListener("compositionend", () => { composing = false; touched(); });
    root.addEventListener("change", (event) => { if (event.target.type !== "file") touched(); });
    document.addEventListener("lianpei:login", () => { if (dirty) save(); });
    window.addEventListener("online", () => { if (dirty) save(); });
    form.addEventListener("lianpei:kept", () => { submitting = flushed = false; });
    window.addEventListener("pageshow", () => { submitting = false; });
    window.addEventListener("beforeunload", (event) => {
      if (!dirty || submitting) return;
      keep();
      event.preventDefault();
    });
    /* A button sends what is saved already: then nothing unsaved stays behind in this browser. */
    form.addEventListener("submit", (event) => {
      composing = false;
      const first = sending || (dirty && !flushed ? save() : null);
      if (first) {
        const button = event.submitter;
        event.preventDefault();
        event.stopImmediatePropagation();
        first.then((how) => {
          flushed = true;
          if (!stopped && how !== "offline") form.requestSubmit(button || undefined);
          else form.dispatchEvent(new CustomEvent("lianpei:kept", { bubbles: true }));
        });
        return;
      }
      flushed = false;
      submitting = true;
      window.clearTimeout(timer);
      if (dirty) keep();
      window.setTimeout(() => {
        if (!event.defaultPrevented) return;
        submitting = false;
        if (dirty) schedule(WAIT);
      });
    }, true);
    if (address) offer();
  }

  function forget() {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
        const stored = JSON.parse(localStorage.getItem(key) || "{}");
        if (!(Date.now() - stored.at < AGE)) localStorage.removeItem(key);
      });
    } catch { /* forbidden or damaged */ }
  }

  function start() {
    forget();
    ownTab().finally(() => document.querySelectorAll(".dform").forEach(attend));
  }

  if (document.readyState === "complete") start(); else window.addEventListener("DOMContentLoaded", start);
})();
