/* Wires a button to the passkey dialog of the browser; the ceremony itself is allauth's script. */
document.addEventListener("DOMContentLoaded", () => {
  const forms = window.allauth && window.allauth.webauthn && window.allauth.webauthn.forms;
  document.querySelectorAll("[data-passkey]").forEach((button) => {
    if (!forms || !window.PublicKeyCredential) { button.hidden = true; return; }
    const ids = { [button.dataset.role]: button.id, credential: button.dataset.credential };
    if (button.dataset.options) ids.data = button.dataset.options;
    if (button.dataset.passwordless) ids.passwordless = button.dataset.passwordless;
    forms[button.dataset.passkey]({ ids });
  });
  document.addEventListener("allauth.error", (e) => {
    e.preventDefault();
    const said = document.getElementById("passkey-error");
    if (said) said.hidden = false;
  });
});
