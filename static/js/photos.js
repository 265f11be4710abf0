/* Photos of a paper's pages before they are sent: gathered from several takes, looked at, put in order, taken out. They go
   with the form as one input's files; without this script they go as they were chosen. */
(() => {
  "use strict";

  const one = (selector, root) => root.querySelector(selector);
  const all = (selector, root) => [...root.querySelectorAll(selector)];
  const able = (() => { try { return Boolean(new DataTransfer().items); } catch { return false; } })();
  if (!able || window.lianpeiPhotos) return;
  window.lianpeiPhotos = true;

  const WIDTH = 112; /* pixels of a picture in the list */
  const picked = new WeakMap(); /* place → its files in order */
  const word = (place, key, values) => window.lianpeiForms.word(place.closest(".dform"), key, values);
  const megabytes = (bytes) => (bytes / 1048576).toFixed(1).replace(/\.0$/, "");
  const same = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

  function button(text, label, act) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "btn btn-text btn-sm", textContent: text });
    made.setAttribute("aria-label", `${text}${document.documentElement.lang === "en" ? ": " : "："}${label}`);
    made.addEventListener("click", act);
    return made;
  }

  async function draw(canvas, file) {
    if (!/^image\//.test(file.type) || !window.createImageBitmap) return;
    try {
      const picture = await createImageBitmap(file, { resizeWidth: WIDTH * 2, imageOrientation: "from-image" });
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext("2d").drawImage(picture, 0, 0);
      picture.close();
      canvas.hidden = false;
    } catch { /* no picture that this browser knows: its name stands there */ }
  }

  /* The files as the form sends them: all in the first input. */
  function settle(place) {
    const [first, ...others] = all("input[type=file]", place), held = new DataTransfer();
    picked.get(place).forEach((file) => held.items.add(file));
    first.files = held.files;
    others.forEach((input) => { input.value = ""; });
    first.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function move(place, from, to) {
    const files = picked.get(place);
    files.splice(to, 0, files.splice(from, 1)[0]);
    settle(place);
    show(place);
    const row = all(".photo-list > li", place)[to];
    (one(from > to ? "[data-up]:not([disabled])" : "[data-down]:not([disabled])", row) || one("button:not([disabled])", row)).focus();
    tell(place, [word(place, "movedto", { n: to + 1 })]);
  }

  function show(place) {
    const files = picked.get(place);
    let list = one(".photo-list", place);
    if (!list) {
      list = document.createElement("ol");
      list.className = "photo-list";
      one(".dform-pick", place).before(list);
    }
    const known = new Map(all("li", list).map((row) => [row.lianpeiFile, one("canvas", row)]));
    list.replaceChildren(...files.map((file, at) => {
      const row = document.createElement("li"), name = document.createElement("span");
      let canvas = known.get(file);
      if (!canvas) {
        canvas = document.createElement("canvas");
        Object.assign(canvas, { hidden: true });
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", file.name);
        draw(canvas, file);
      }
      row.lianpeiFile = file;
      name.className = "photo-name";
      name.textContent = `${at + 1}. ${file.name}（${megabytes(file.size)} MB）`;
      const up = button(word(place, "up"), file.name, () => move(place, at, at - 1));
      const down = button(word(place, "down"), file.name, () => move(place, at, at + 1));
      up.disabled = at === 0;
      down.disabled = at === files.length - 1;
      up.dataset.up = down.dataset.down = "";
      const out = button(word(place, "remove"), file.name, () => {
        files.splice(at, 1);
        settle(place);
        show(place);
        tell(place, [word(place, "removed", { name: file.name })]);
        (all(".photo-list button:not([disabled])", place)[0] || one("input[type=file]", place)).focus();
      });
      row.append(canvas, name, up, down, out);
      return row;
    }));
  }

  function tell(place, lines) {
    one("[data-chosen]", place).textContent = lines.join(" ");
  }

  document.addEventListener("change", (event) => {
    const input = event.target, place = input.closest && input.closest("[data-photos]");
    if (!place || input.type !== "file" || place.dataset.uploadUrl) return;
    event.stopPropagation();
    const files = picked.get(place) || [], wrong = [];
    picked.set(place, files);
    const largest = Number(place.closest(".dform").dataset.maxBytes) || Infinity;
    const kept = all("[data-file-list] > li", place).length, most = Number(place.dataset.maxFiles || Infinity) - kept;
    for (const file of input.files) {
      if (file.size > largest) {
        wrong.push(word(place, "large", { name: file.name, size: megabytes(file.size), most: megabytes(largest) }));
      } else if (files.some((other) => same(other, file))) {
        continue; /* the first input holds what was chosen before */
      } else if (files.length >= most) {
        wrong.push(word(place, "many", { n: Number(place.dataset.maxFiles) }));
        break;
      } else files.push(file);
    }
    settle(place);
    show(place);
    tell(place, wrong.length ? wrong : [word(place, "ordered", { n: files.length })]);
  }, true);
})();
