/* Runs before the page is drawn: styles know that scripts are there; older browsers get what the other scripts use. */
document.documentElement.classList.add("js");
(() => {
  "use strict";

  /* Safari before 16: a form is sent by pressing a button of it, so that every listener sees it as the user's click. */
  if (!HTMLFormElement.prototype.requestSubmit) {
    HTMLFormElement.prototype.requestSubmit = function requestSubmit(button) {
      const pressed = button || Object.assign(document.createElement("button"), { type: "submit", hidden: true });
      if (!button) this.append(pressed);
      pressed.click();
      if (!button) pressed.remove();
    };
  }

  /* Safari before 15.4: a form's event does not say which button sent it. */
  if (!("submitter" in Event.prototype) && !(window.SubmitEvent && "submitter" in window.SubmitEvent.prototype)) {
    let pressed = null;
    window.addEventListener("click", (event) => {
      const button = event.target.closest && event.target.closest("button, input");
      pressed = button && button.form && /^(submit|image)$/.test(button.type) ? button : null;
    }, true);
    window.addEventListener("submit", (event) => {
      Object.defineProperty(event, "submitter", { value: pressed && pressed.form === event.target ? pressed : null });
      pressed = null;
    }, true);
  }
})();
