/* A session that ran out loses nothing: before a form is sent the page asks whether somebody is still logged
   in; if not, it asks for the password in a dialog, and then sends what was typed.

   For other scripts: window.lianpeiSession
     .ensure()  → Promise<boolean>: logged in now (asks for the password if needed); false when the user gave up
     .fetch(address, options) → like fetch, for this site's own addresses, with the form token, log-in and a second try
     .token()   → the present form token
   Events on document: "lianpei:login" after a log-in within the page; "lianpei:kept" on a form that was not sent. */
(() => {
  "use strict";

  const dialog = document.getElementById("login-again");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const error = dialog.querySelector("[data-error]");
  const FRESH = 30000; /* milliseconds for which an answer of the server holds */
  let seen = Date.now();
  let token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  let asking = null;

  /* --- Form tokens ------------------------------------------------------------------------------------------ */

  function take(fresh) {
    if (!fresh) return;
    token = fresh;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = fresh; });
  }

  async function state() {
    const answer = await fetch(dialog.dataset.state, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status !== 200 && answer.status !== 401) throw new Error(String(answer.status));
    take((await answer.json()).token);
    if (answer.status === 200) seen = Date.now();
    return answer.status === 200;
  }

  function send(address, values) {
    return fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
      body: new URLSearchParams(values),
    });
  }

  /* --- The dialog ------------------------------------------------------------------------------------------- */

  function row(name) {
    dialog.querySelectorAll("[data-row]").forEach((part) => { part.hidden = part.dataset.row !== name; });
    form.elements[name].value = "";
    form.elements[name].focus();
  }

  function firstError(answer) {
    const fields = answer && answer.form ? answer.form : {};
    const own = Object.values(fields.fields || {}).flatMap((field) => field.errors || []);
    return (fields.errors || []).concat(own)[0] || dialog.dataset.wrong;
  }

  async function attempt() {
    const second = !dialog.querySelector("[data-row=code]").hidden;
    const values = second
      ? { code: form.elements.code.value.trim() }
      : { login: form.elements.login.value, password: form.elements.password.value };
    const answer = await send(second ? form.dataset.second : form.getAttribute("action"), values);
    if (answer.status === 429) { error.textContent = dialog.dataset.busy; return false; }
    const said = await answer.json().catch(() => null);
    if (!answer.ok) { error.textContent = firstError(said); row(second ? "code" : "password"); return false; }
    if (await state()) return true;
    if (said && said.location && said.location.startsWith(form.dataset.second)) {
      row("code");
      error.textContent = dialog.dataset.code;
      return false;
    }
    error.textContent = dialog.dataset.wrong;
    return false;
  }

  async function sameUnit() {
    if (!dialog.dataset.membership) return;
    await send(dialog.dataset.switch, { membership: dialog.dataset.membership });
  }

  function login() {
    if (!dialog.showModal) { window.alert(dialog.dataset.elsewhere); return Promise.resolve(false); }
    if (asking) return asking;
    asking = new Promise((resolve) => {
      let busy = false;
      const done = (answer) => { asking = null; dialog.close(); resolve(answer); };
      form.onsubmit = async (event) => {
        event.preventDefault();
        if (busy) return;
        busy = true;
        error.textContent = "";
        try {
          if (await attempt()) {
            await sameUnit();
            done(true);
            document.dispatchEvent(new CustomEvent("lianpei:login"));
          }
        } catch {
          error.textContent = dialog.dataset.offline;
        }
        busy = false;
      };
      dialog.querySelector("[data-answer=no]").onclick = () => done(false);
      dialog.oncancel = () => { asking = null; resolve(false); };
      error.textContent = "";
      dialog.showModal();
      row("password");
    });
    return asking;
  }

  async function ensure() {
    if (Date.now() - seen < FRESH) return true;
    return (await state()) || login();
  }

  /* --- Forms ------------------------------------------------------------------------------------------------ */

  const waiting = new WeakSet();

  window.addEventListener("submit", (event) => {
    const sent = event.target;
    if (!(sent instanceof HTMLFormElement) || dialog.contains(sent)) return;
    const method = (event.submitter?.getAttribute("formmethod") || sent.getAttribute("method") || "get").toLowerCase();
    if (method !== "post") return;
    if (waiting.has(sent)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (Date.now() - seen < FRESH) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.add(sent);
    const button = event.submitter;
    ensure()
      .catch(() => { window.alert(dialog.dataset.offline); return false; })
      .then((answer) => {
        waiting.delete(sent);
        if (answer) sent.requestSubmit(button && button.form === sent ? button : undefined);
        else sent.dispatchEvent(new CustomEvent("lianpei:kept", { bubbles: true }));
      });
  }, true);

  /* --- Other scripts ---------------------------------------------------------------------------------------- */

  async function ownFetch(address, options = {}) {
    const call = () => fetch(address, {
      ...options,
      headers: {
        Accept: "application/json", ...(options.headers || {}),
        "X-CSRFToken": token, "X-Acting-As": document.body.dataset.actingAs || "",
      },
    });
    let answer = await call();
    if (answer.status === 401 && answer.headers.get("X-Login-Required") === "1") {
      seen = 0;
      if ((await state()) || (await login())) answer = await call();
    } else if (answer.status === 403 && answer.headers.get("X-Token-Old") === "1") {
      if (await state()) answer = await call(); /* somebody logged in again in another tab */
    } else {
      seen = Date.now();
    }
    return answer;
  }

  /* Whoever comes back from another tab may be somebody else by now, with another token. */
  document.addEventListener("visibilitychange", () => { if (!document.hidden) seen = 0; });

  window.lianpeiSession = { ensure, fetch: ownFetch, token: () => token };
})();
