/* Forms as data in the browser: counting characters, rows, files, codes, progress; reading answers out of the page
   and putting them back. The page works without it. static/js/forms-save.js builds on window.lianpeiForms. */
(() => {
  "use strict";

  /* --- 字 as RR-3 counts them; core/forms/count.py is the same, sign for sign ------------------------------------ */

  const SPACE = "\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ud800-\\udfff";
  const UNSEEN = "\\u00ad\\u034f\\u061c\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff" +
    "\\u{e0000}-\\u{e0fff}";
  const WIDE = "\\u2014\\u2018\\u2019\\u201c\\u201d\\u2026\\u2e80-\\u2fdf\\u2ff0-\\u2fff\\u3001-\\u303f\\u3040-\\u30ff" +
    "\\u3100-\\u312f\\u31a0-\\u31ef\\u3200-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\ufe30-\\ufe4f" +
    "\\uff01-\\uff60\\uffe0-\\uffe6\\u{20000}-\\u{3ffff}";
  const unseen = new RegExp(`[${UNSEEN}]`, "gu");
  const token = new RegExp(`[${WIDE}]|[^${SPACE}${WIDE}]+`, "gu");

  function charCount(text) {
    const found = (text || "").replace(unseen, "").match(token);
    return found ? found.length : 0;
  }

  if (typeof module === "object" && typeof document === "undefined") { module.exports = { charCount }; return; }
  if (window.lianpeiForms) return;

  const one = (selector, root) => root.querySelector(selector);
  const all = (selector, root) => [...root.querySelectorAll(selector)];
  const named = (name, root) => one(`[name="${CSS.escape(name)}"]`, root);
  const rootOf = (part) => part.closest(".dform");

  function word(root, key, values = {}) {
    if (!root.lianpeiWords) root.lianpeiWords = JSON.parse(root.dataset.words || "{}");
    return (root.lianpeiWords[key] || key).replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  }

  function changed(part) { part.dispatchEvent(new Event("input", { bubbles: true })); }

  const send = (address, options) => window.lianpeiSession.fetch(address, options);

  /* --- Answers: out of the page and back into it ----------------------------------------------------------------- */

  const holders = (root) => all("[data-field]", root).filter((holder) => !holder.closest("[data-row]"));

  function valueOf(holder) {
    const { type, name } = holder.dataset;
    const text = (part) => (named(part, holder) || { value: "" }).value;
    if (type === "table") return all("tbody > [data-row]", holder).map(rowValue);
    if (type === "period") return { from: text(`${name}-from`), to: text(`${name}-to`) };
    if (type === "multichoice" || type === "file") {
      return all(`input[type=checkbox][name="${CSS.escape(name)}"]:checked`, holder).map((box) => box.value);
    }
    if (type === "checklist") {
      const ticks = all("[data-item]", holder).map((item) => [item.dataset.item, {
        checked: one("input[type=checkbox]", item).checked, remark: one("input[type=text]", item).value,
      }]);
      return Object.fromEntries(ticks);
    }
    const radios = all("input[type=radio]", holder);
    if (radios.length) return (radios.find((radio) => radio.checked) || { value: "" }).value;
    return text(name);
  }

  function put(answers, holder) {
    answers[holder.dataset.field] = valueOf(holder);
    const other = one("[data-other]", holder);
    if (other && other.closest("[data-field]") === holder) answers[`${holder.dataset.field}_other`] = other.value;
    return answers;
  }

  const rowValue = (row) => all("[data-field]", row).reduce(put, {});
  const collect = (root) => holders(root).reduce(put, {});

  function fill(holder, value, other) {
    const { type, name } = holder.dataset;
    const set = (part, text) => { const input = named(part, holder); if (input) setText(input, text ?? ""); };
    if (type === "table") {
      all("tbody > [data-row]", holder).forEach((row) => row.remove());
      (value || []).forEach((cells) => {
        const row = addRow(one("[data-table]", holder));
        all("[data-field]", row).forEach((cell) => fill(cell, cells[cell.dataset.field], cells[`${cell.dataset.field}_other`]));
      });
      tidyRows(one("[data-table]", holder));
    } else if (type === "period") {
      set(`${name}-from`, value && value.from);
      set(`${name}-to`, value && value.to);
    } else if (type === "multichoice") {
      const chosen = (value || []).map(String);
      all(`input[name="${CSS.escape(name)}"]`, holder).forEach((box) => { box.checked = chosen.includes(box.value); });
    } else if (type === "file") {
      fillFiles(holder, (value || []).map(String));
    } else if (type === "checklist") {
      all("[data-item]", holder).forEach((item) => {
        const tick = (value || {})[item.dataset.item] || {};
        one("input[type=checkbox]", item).checked = tick.checked === true;
        one("input[type=text]", item).value = tick.remark || "";
      });
    } else {
      const radios = all("input[type=radio]", holder);
      radios.forEach((radio) => { radio.checked = String(value ?? "") === radio.value; });
      if (!radios.length) set(name, value);
    }
    const box = one("[data-other]", holder);
    if (box && box.closest("[data-field]") === holder) box.value = other || "";
    refresh(holder);
  }

  function setText(input, text) {
    input.value = String(text);
    if (input.value !== String(text) && /^(date|month)$/.test(input.type)) { input.type = "text"; input.value = String(text); }
    if (input.tomselect) input.tomselect.sync();
  }

  /* --- What a change means for the page ---------------------------------------------------------------------------- */

  function isFilled(holder) {
    const value = valueOf(holder);
    if (holder.dataset.type === "table") {
      return value.some((row) => Object.values(row).some((cell) => (typeof cell === "string" ? cell.trim() : cell.length || cell.from || cell.to)));
    }
    if (holder.dataset.type === "checklist") return Object.values(value).every((tick) => tick.checked);
    if (holder.dataset.type === "period") return Boolean(value.from && value.to);
    return Array.isArray(value) ? value.length > 0 : value.trim() !== "";
  }

  function refreshCount(holder) {
    const place = one("[data-count-for]", holder);
    const input = place && document.getElementById(place.dataset.countFor);
    if (!input) return;
    const root = rootOf(holder), n = charCount(input.value);
    const least = Number(place.dataset.least || 0), most = Number(place.dataset.most || Infinity);
    const short = n > 0 && n < least, over = n > most;
    const rest = short ? word(root, "short", { n: least - n }) : over ? word(root, "over", { n: n - most }) : "";
    one("[data-count]", place).textContent = [word(root, "count", { n }), rest].filter(Boolean).join(document.documentElement.lang === "en" ? ", " : "，");
    place.classList.toggle("off", short || over);
  }

  function refreshBadge(section) {
    const badge = section && one("[data-badge]", section);
    if (!badge) return;
    const needed = holders(section).filter((holder) => "needed" in holder.dataset);
    const n = needed.filter(isFilled).length;
    if (badge.dataset.now === `${n}`) return;
    if (!badge.dataset.now && n === Number(badge.dataset.filled)) return;
    badge.dataset.now = `${n}`;
    const tag = document.createElement("span");
    tag.className = `tag tag-${n < needed.length ? "yellow" : "blue"}`;
    tag.textContent = word(rootOf(section), "filled", { n, all: needed.length });
    badge.replaceChildren(tag);
    const link = one(`[data-index="${section.dataset.section}"]`, rootOf(section));
    if (!link) return;
    const text = document.createElement("span");
    text.className = "num muted";
    text.textContent = `${n}/${needed.length}`;
    link.querySelectorAll("svg, span").forEach((old) => old.remove());
    link.append(text);
  }

  function refreshOther(holder) {
    const other = one("[data-other]", holder);
    if (!other || other.closest("[data-field]") !== holder) return;
    const value = valueOf(holder);
    other.hidden = !(Array.isArray(value) ? value.includes(other.dataset.other) : value === other.dataset.other) && !other.value;
  }

  function refreshCode(input, typed) {
    const list = input.list, holder = input.closest("[data-field]"), place = one("[data-code-name]", holder);
    if (!list || !place) return;
    let found = [...list.options].find((option) => option.value === input.value.trim());
    if (!found && typed) {
      found = [...list.options].find((option) => option.textContent === input.value.trim());
      if (found) input.value = found.value;
    }
    const name = found ? found.textContent : "";
    if (!input.dataset.names) { place.textContent = name; return; }
    const scope = input.closest("[data-row]") || rootOf(input);
    const sibling = one(`[data-field="${CSS.escape(input.dataset.names)}"] input`, scope);
    if (typed && sibling && name && (!sibling.value.trim() || sibling.value === sibling.dataset.auto)) {
      sibling.value = name;
      sibling.dataset.auto = name;
      changed(sibling);
    }
  }

  function refresh(holder) {
    refreshCount(holder);
    refreshOther(holder);
    all(".code-input", holder).forEach((input) => refreshCode(input, false));
    refreshBadge(holder.closest("[data-section]"));
  }

  /* --- Rows ------------------------------------------------------------------------------------------------------ */

  function addRow(table) {
    const body = one("tbody", table);
    const next = Math.max(Number(table.dataset.next || 0), ...all("[data-row] [data-field]", body).map((cell) => {
      const at = cell.dataset.name.slice(`f-${table.dataset.table}-`.length);
      return parseInt(at, 10) + 1;
    }));
    table.dataset.next = next + 1;
    const mould = document.createElement("template");
    mould.innerHTML = one("template[data-blank]", table).innerHTML.replaceAll("__row__", String(next));
    body.append(mould.content);
    const row = body.lastElementChild;
    all("[data-field]", row).forEach(refresh);
    tidyRows(table);
    return row;
  }

  function tidyRows(table) {
    const rows = all("tbody > [data-row]", table);
    rows.forEach((row, n) => {
      one("[data-number]", row).textContent = String(n + 1);
    });
    one("table", table).hidden = rows.length === 0;
    one("[data-add-row]", table).disabled = rows.length >= Number(table.dataset.maxRows);
  }

  function removeRow(row) {
    const table = row.closest("[data-table]"), root = rootOf(table), place = one("[data-gone]", table);
    const rows = all("tbody > [data-row]", table), at = rows.indexOf(row), before = rows[at + 1] || null;
    const held = all("[data-field]", row).some(isFilled);
    row.remove();
    tidyRows(table);
    place.replaceChildren();
    if (held) {
      const back = document.createElement("button");
      back.type = "button";
      back.className = "btn btn-text btn-sm";
      back.textContent = word(root, "undo");
      back.addEventListener("click", () => {
        one("tbody", table).insertBefore(row, before && before.isConnected ? before : null);
        tidyRows(table);
        place.replaceChildren();
        changed(row);
        (one("input, select, textarea", row) || back).focus();
      });
      place.append(word(root, "gone", { n: at + 1 }), " ", back);
    }
    (one("input, select, textarea", rows[at + 1] || rows[at - 1] || document.createElement("i")) || one("[data-add-row]", table)).focus();
    changed(table);
  }

  /* --- Files ------------------------------------------------------------------------------------------------------ */

  function fileRow(holder, file) {
    const root = rootOf(holder), row = document.createElement("li");
    const link = document.createElement(file.url ? "a" : "span");
    link.textContent = file.name;
    if (file.url) Object.assign(link, { href: file.url, target: "_blank", rel: "noopener" });
    const size = document.createElement("span");
    size.className = "muted num";
    size.textContent = file.size ? (file.size < 1048576 ? `${Math.max(1, Math.round(file.size / 1024))} KB` : `${(file.size / 1048576).toFixed(1)} MB`) : "";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: holder.dataset.name, value: file.id, checked: true, hidden: true });
    row.append(link, size, box);
    one("[data-file-list]", holder).append(row);
    removable(root, row, box, file.name);
  }

  function removable(root, row, box, name) {
    const kept = box.closest("label");
    if (kept) kept.hidden = true;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-text btn-sm";
    button.textContent = word(root, "remove");
    button.setAttribute("aria-label", `${word(root, "remove")}${document.documentElement.lang === "en" ? ": " : "："}${name}`);
    button.addEventListener("click", () => {
      const next = row.nextElementSibling || row.previousElementSibling, holder = row.closest("[data-field]");
      row.remove();
      tell(holder, [word(root, "removed", { name })]);
      ((next && one("button", next)) || one("input[type=file]", holder)).focus();
      changed(holder);
    });
    row.append(button);
  }

  function fillFiles(holder, ids) {
    const boxes = all(`input[type=checkbox][name="${CSS.escape(holder.dataset.name)}"]`, holder);
    boxes.filter((box) => !ids.includes(box.value)).forEach((box) => box.closest("li").remove());
    ids.filter((id) => !boxes.some((box) => box.value === id)).forEach((id) => fileRow(holder, { id, name: `#${id}` }));
  }

  function tell(holder, lines) {
    const place = one("[data-chosen]", holder);
    place.replaceChildren(...lines.flatMap((line, n) => (n ? [document.createElement("br"), line] : [line])));
  }

  const largest = (root) => Number(root.dataset.maxBytes) || Infinity;
  const megabytes = (bytes) => (bytes / 1048576).toFixed(1).replace(/\.0$/, "");

  function tooLarge(root, file) {
    return word(root, "large", { name: file.name, size: megabytes(file.size), most: megabytes(largest(root)) });
  }

  async function choose(input) {
    const holder = input.closest("[data-field]"), root = rootOf(holder), place = one("[data-files]", holder);
    const files = [...input.files], address = place.dataset.uploadUrl;
    if (!files.length) return;
    const wrong = files.filter((file) => file.size > largest(root)).map((file) => tooLarge(root, file));
    if (!address) {
      if (wrong.length) input.value = "";
      tell(holder, wrong.length ? wrong : files.map((file) => file.name));
      changed(holder);
      return;
    }
    const there = all("[data-file-list] > li", holder).length, most = Number(place.dataset.maxFiles || Infinity);
    const good = files.filter((file) => file.size <= largest(root));
    if (there + good.length > most) wrong.push(word(root, "many", { n: most }));
    const taken = good.slice(0, Math.max(0, most - there));
    place.setAttribute("aria-busy", "true");
    let done = 0;
    for (const file of taken) {
      tell(holder, [word(root, "uploading", { n: done + 1, all: taken.length, name: file.name })]);
      const body = new FormData();
      body.append("field", place.dataset.uploadKey);
      body.append("file", file);
      try {
        const answer = await send(address, { method: "POST", body });
        const said = await answer.json();
        (said.documents || []).forEach((document) => { fileRow(holder, document); done += 1; });
        wrong.push(...(said.messages || (said.message ? [said.message] : [])));
      } catch {
        wrong.push(word(root, "failed", { name: file.name }));
      }
    }
    input.value = "";
    place.removeAttribute("aria-busy");
    tell(holder, [...wrong, ...(done ? [word(root, "uploaded", { n: done })] : [])]);
    holder.classList.toggle("has-error", wrong.length > 0);
    if (done) changed(holder);
  }

  /* --- Long lists of organisations ---------------------------------------------------------------------------------- */

  function searchable(select) {
    const { find, findStyle } = select.dataset;
    if (!find || select.options.length < 30) return;
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: findStyle });
    const script = Object.assign(document.createElement("script"), { src: find });
    script.addEventListener("load", () => {
      if (!select.isConnected || select.tomselect) return;
      new window.TomSelect(select, { maxOptions: 200, allowEmptyOption: false, placeholder: select.options[0].textContent });
      select.setAttribute("aria-hidden", "true");
    });
    document.head.append(style, script);
  }

  /* --- Listening ---------------------------------------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]"), remove = event.target.closest("[data-remove-row]");
    if (add) {
      event.preventDefault();
      const row = addRow(add.closest("[data-table]"));
      (one("input, select, textarea", row) || add).focus();
      changed(row);
    } else if (remove) {
      event.preventDefault();
      removeRow(remove.closest("[data-row]"));
    }
  });
  function typed(event) {
    if (event.isComposing) return; /* pinyin on its way to become a word is no text yet */
    const holder = event.target.closest && event.target.closest("[data-field]");
    if (!holder || !rootOf(holder)) return;
    refresh(holder);
    const outer = holder.parentElement.closest("[data-field]");
    if (outer) refreshBadge(outer.closest("[data-section]"));
  }
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.matches(".dform input[type=file]")) choose(input);
    if (input.matches(".dform .code-input")) refreshCode(input, true);
  });

  function anchored() {
    const target = location.hash.startsWith("#f-") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest(".dform")) target.focus();
  }

  function start() {
    all(".dform", document).forEach((root) => {
      all("[data-field]", root).forEach((holder) => { refreshCount(holder); refreshOther(holder); });
      all(".code-input", root).forEach((input) => refreshCode(input, false));
      all("[data-file-list] > li", root).forEach((row) => {
        removable(root, row, one("input[type=checkbox]", row), one("a", row).textContent);
      });
      all("select[data-find]", root).forEach(searchable);
    });
    anchored();
    window.addEventListener("hashchange", anchored);
  }

  window.lianpeiForms = { addRow, charCount, collect, fill, holders, valueOf, word, send };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
