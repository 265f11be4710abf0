/* Rows copied from a spreadsheet, pasted into a cell of a form's table: spread over rows and columns, after a look.
   A field of one line takes neither tabs nor several lines. Needs static/js/forms.js. */
(() => {
  "use strict";
  const all = (selector, root) => [...root.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...parts) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...parts);
    return element;
  };
  const LINE = /\r\n?|[\n\v\f\u0085\u2028\u2029]/;

  /* Cells as spreadsheets copy them: tabs between columns, lines between rows, quotes around a cell that holds either. */
  function cellsOf(text) {
    const rows = [[]];
    let cell = "", at = 0, quoted = false;
    const put = () => { rows[rows.length - 1].push(cell); cell = ""; };
    while (at < text.length) {
      const sign = text[at];
      if (quoted) {
        if (sign === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
        else if (sign === '"') quoted = false;
        else cell += sign;
      } else if (sign === '"' && cell === "" && /^"(?:[^"]|"")*"(?=[\t\r\n]|$)/.test(text.slice(at))) quoted = true;
      else if (sign === "\t") put();
      else if (sign === "\n" || sign === "\r") {
        if (sign === "\r" && text[at + 1] === "\n") at += 1;
        put();
        rows.push([]);
      } else cell += sign;
      at += 1;
    }
    put();
    while (rows.length && rows[rows.length - 1].every((last) => last.trim() === "")) rows.pop();
    return rows.map((row) => row.map((one) => one.trim()));
  }

  if (typeof module === "object" && typeof document === "undefined") { module.exports = { cellsOf }; return; }
  if (window.lianpeiPasting) return;
  window.lianpeiPasting = true;

  const plain = (text) => text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();

  /* A pasted text as the cell's answer: the code of an option by code or name; null where there is none. */
  function answerOf(holder, text) {
    const { type } = holder.dataset;
    if (text === "" || type === "file") return type === "multichoice" || type === "file" ? [] : "";
    if (type === "period") {
      const [from, to] = text.split(/\s*(?:至|到|~|～|—+|–)\s*/);
      return { from: from || "", to: to || "" };
    }
    const options = all("option", holder).map((option) => [option.value, option.textContent]);
    const boxes = all("input[type=checkbox], input[type=radio]", holder)
      .map((box) => [box.value, (box.closest("label") || box).textContent]);
    const known = [...options, ...boxes].filter(([code]) => code !== "");
    const find = (name) => known.find(([code, label]) => plain(code) === plain(name) || plain(label) === plain(name));
    if (type === "multichoice") {
      const found = text.split(/[、,，;；]/).map((name) => find(name));
      return found.includes(undefined) ? null : found.map(([code]) => code);
    }
    if (holder.querySelector("select")) {
      const yes = { 有: "true", 是: "true", "√": "true", 无: "false", 否: "false", "×": "false" }[text];
      const found = find(type === "boolean" && yes ? yes : text);
      return found ? found[0] : null;
    }
    return text;
  }

  const heading = (cell) => (cell.querySelector(".cell-label") || cell).firstChild.textContent.trim();

  function look(cell, cells) {
    const forms = window.lianpeiForms, root = cell.closest(".dform"), table = cell.closest("[data-table]");
    const word = (key, values) => forms.word(root, key, values);
    const start = cell.closest("[data-row]"), rows = all("tbody > [data-row]", table), at = rows.indexOf(start);
    const fields = all(":scope > [data-field]", start), from = fields.indexOf(cell);
    const columns = fields.slice(from), wide = Math.max(...cells.map((row) => row.length));
    const most = Number(table.dataset.maxRows) || Infinity, after = Math.max(rows.length, at + cells.length);
    const faults = [];
    if (wide > columns.length) faults.push(word("pasteextra", { n: wide - columns.length }));
    if (after > most) faults.push(word("pastemany", { most, rows: after, n: after - most }));
    const hints = [];
    if (!faults.length) {
      cells.forEach((row, n) => row.forEach((text, m) => {
        if (answerOf(columns[m], text) === null) {
          hints.push(word("pasteunknown", { row: at + n + 1, column: heading(columns[m]), value: text }));
        }
      }));
    }
    const head = make("tr", {}, ...columns.slice(0, wide).map((column) => make("th", { scope: "col" }, heading(column))));
    const body = cells.map((row) => make("tr", {}, ...row.map((text) => make("td", { className: "pre" }, text))));
    const title = make("h2", { id: "paste-title" }, word("paste"));
    const intro = word("pastehint", { row: at + 1, column: heading(cell), rows: cells.length, columns: wide });
    const take = make("button", { type: "button", className: "btn btn-primary" }, word("take"));
    const cancel = make("button", { type: "button", className: "btn btn-plain" }, word("cancel"));
    const dialog = make("dialog", { className: "ask dform-paste" }, title,
      make("div", { className: "ask-body" },
        ...(faults.length ? faults : [intro, ...hints]).map((line) => make("p", {}, line)),
        make("div", { className: "scroll-x" },
          make("table", { className: "grid" }, make("thead", {}, head), make("tbody", {}, ...body)))),
      make("div", { className: "ask-foot" }, cancel, ...(faults.length ? [] : [take])));
    dialog.setAttribute("aria-labelledby", title.id);
    const close = () => { dialog.remove(); (cell.querySelector("input, select, textarea") || cell).focus(); };
    cancel.addEventListener("click", close);
    dialog.addEventListener("cancel", close);
    take.addEventListener("click", () => {
      close();
      cells.forEach((row, n) => {
        const there = all("tbody > [data-row]", table)[at + n] || forms.addRow(table);
        const targets = all(":scope > [data-field]", there).slice(from);
        row.forEach((text, m) => {
          const answer = answerOf(targets[m], text);
          if (targets[m].dataset.type !== "file") forms.fill(targets[m], answer === null ? "" : answer);
        });
      });
      table.dispatchEvent(new Event("input", { bubbles: true }));
    });
    document.body.append(dialog);
    if (dialog.showModal) dialog.showModal(); else dialog.setAttribute("open", "");
  }

  function refuse(holder, input) {
    const root = holder.closest(".dform");
    const old = holder.querySelector("[data-paste-said]");
    if (old) old.remove();
    const said = make("p", { className: "dform-error" }, window.lianpeiForms.word(root, "pasteline"));
    said.dataset.pasteSaid = "";
    said.setAttribute("role", "alert");
    (input.closest(".input-group") || input).after(said);
    input.addEventListener("input", () => said.remove(), { once: true });
  }

  document.addEventListener("paste", (event) => {
    const input = event.target;
    if (!input.matches || !input.matches(".dform input, .dform textarea, .dform select") || !event.clipboardData) return;
    const text = event.clipboardData.getData("text/plain").replace(/^[\r\n]+|\s+$/g, "");
    const cell = input.closest("[data-row] > [data-field]");
    const several = text.includes("\t") || (input.tagName !== "TEXTAREA" && LINE.test(text));
    if (!several) return;
    if (cell) {
      event.preventDefault();
      look(cell, cellsOf(text));
    } else if (input.tagName === "INPUT") {
      event.preventDefault();
      refuse(input.closest("[data-field]") || input.parentElement, input);
    }
  });
})();
