/* Saving by itself what is typed into a form as data. What the server has not acknowledged stays in this browser;
   what somebody else saved meanwhile is put beside it, and nobody's text is lost. Needs static/js/forms.js. */
(() => {
  "use strict";
  if (window.lianpeiSaving) return;
  window.lianpeiSaving = true;

  const WAIT = 1500, LONGEST = 10000, AGE = 14 * 24 * 3600 * 1000, PREFIX = "lianpei:typed:";
  const make = (tag, attributes = {}, ...parts) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...parts);
    return element;
  };

  /* --- Comparing answers: as the server would store them ------------------------------------------------------------ */

  function canon(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return value.replace(/\r\n?/g, "\n").trim();
    if (Array.isArray(value)) return value.map(canon).filter((item) => item !== "" && item !== "{}").join("\u0001");
    if (typeof value === "object") {
      const parts = Object.keys(value).sort().map((key) => [key, canon(value[key])]);
      const held = parts.filter(([, text]) => text !== "" && text !== "false" && text !== "{}");
      return held.length ? `{${held.map((pair) => pair.join("\u0002")).join("\u0003")}}` : "";
    }
    return String(value);
  }

  const keysOf = (holder) => [holder.dataset.field, `${holder.dataset.field}_other`];
  const same = (holder, one, two) => keysOf(holder).every((key) => canon(one[key]) === canon(two[key]));

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

  /* --- One form -------------------------------------------------------------------------------------------------- */

  function attend(root) {
    const forms = window.lianpeiForms, form = root.closest("form");
    if (!form) return;
    const word = (key, values) => forms.word(root, key, values);
    const address = root.dataset.autosaveUrl || form.dataset.autosaveUrl || "";
    const name = `${PREFIX}${root.dataset.user}:${root.dataset.storage || location.pathname}:${root.dataset.form}`;
    let revision = Number(root.dataset.revision || form.dataset.revision || 0);
    let base = forms.collect(root);
    let dirty = false, since = 0, edition = 0, tries = 0, timer = 0, keeper = 0;
    let sending = null, submitting = false, stopped = false;

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

    function touched() {
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
      if (sending || !dirty || stopped || submitting || !address) return sending;
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
        return later(word("offline"));
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
        return undefined;
      }
      if (answer.status === 401) return say(word("login"), word("again"), save);
      if (answer.status === 409 && said.answers) return meet(answers, said.answers, said.revision, said.by, base);
      if (answer.status >= 500) return later(word("offline"));
      return say(word("refused", { message: said.message || answer.status }), word("again"), save);
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
      say(word("conflict", { by: by || word("somebody") }), word("choose"), () => dialog.showModal());
      dialog.showModal();
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
        dialog.close();
        dialog.remove();
        settled();
      });
      document.body.append(dialog);
      return dialog;
    }

    /* What was typed last time and never acknowledged. */
    function offer() {
      let stored = null;
      try { stored = JSON.parse(localStorage.getItem(name)); } catch { /* forbidden or damaged */ }
      if (!stored || !stored.answers) return;
      const differs = forms.holders(root).some((holder) => !same(holder, stored.answers, base));
      if (!differs) { drop(); return; }
      const time = new Date(stored.at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
      const yes = make("button", { type: "button", className: "btn btn-primary btn-sm" }, word("restore"));
      const no = make("button", { type: "button", className: "btn btn-plain btn-sm" }, word("discard"));
      const note = make("div", { className: "note note-yellow dform-kept" }, make("div", {}, make("p", {}, word("kept", { time })),
        make("p", { className: "row-flex" }, yes, no)));
      yes.addEventListener("click", () => {
        note.remove();
        if (stored.revision === revision) {
          forms.holders(root).forEach((holder) => {
            const [key, other] = keysOf(holder);
            if (key in stored.answers) forms.fill(holder, stored.answers[key], stored.answers[other]);
          });
          touched();
          say(word("restored"));
        } else {
          meet(stored.answers, base, revision, "", null);
        }
      });
      no.addEventListener("click", () => { note.remove(); drop(); });
      root.prepend(note);
    }

    root.addEventListener("input", touched);
    root.addEventListener("change", (event) => { if (event.target.type !== "file") touched(); });
    document.addEventListener("lianpei:login", () => { if (dirty) save(); });
    window.addEventListener("online", () => { if (dirty) save(); });
    form.addEventListener("lianpei:kept", () => { submitting = false; });
    window.addEventListener("pageshow", () => { submitting = false; });
    window.addEventListener("beforeunload", (event) => {
      if (!dirty || submitting) return;
      keep();
      event.preventDefault();
    });
    form.addEventListener("submit", (event) => {
      if (sending) {
        const button = event.submitter;
        event.preventDefault();
        event.stopImmediatePropagation();
        sending.finally(() => { if (!stopped) form.requestSubmit(button || undefined); });
        return;
      }
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
    document.querySelectorAll(".dform").forEach(attend);
  }

  if (document.readyState === "complete") start(); else window.addEventListener("DOMContentLoaded", start);
})();
