// Passkeys: ask the browser for one, put its answer into the form, send the form.
// Every form[data-passkey] says what it wants: create, get, or login (whose question is fetched).
(() => {
  "use strict";

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

  function toText(buffer) {
    if (!buffer) return null;
    const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  const known = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

  function answerOf(credential, response) {
    return {
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
    };
  }

  async function create({ publicKey }) {
    const credential = await navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
        excludeCredentials: known(publicKey.excludeCredentials),
        authenticatorSelection: {
          ...publicKey.authenticatorSelection,
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
      },
    });
    const { response } = credential;
    return answerOf(credential, {
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    });
  }

  async function get({ publicKey }) {
    const credential = await navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        allowCredentials: known(publicKey.allowCredentials),
      },
    });
    const { response } = credential;
    return answerOf(credential, {
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: toText(response.userHandle),
    });
  }

  async function questionOf(form) {
    if (form.dataset.passkey !== "login") {
      return JSON.parse(form.querySelector("script[type='application/json']").textContent);
    }
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options;
  }

  async function begin(form) {
    const failed = form.querySelector("[data-passkey-failed]");
    const button = form.querySelector("[data-passkey-start]");
    failed.hidden = true;
    button.disabled = true;
    try {
      const question = await questionOf(form);
      const answer = await (form.dataset.passkey === "create" ? create : get)(question);
      form.querySelector("[data-credential]").value = JSON.stringify(answer);
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
      button.focus();
    }
  }

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    for (const words of form.querySelectorAll("[data-passkey-absent]")) words.hidden = true;
    const button = form.querySelector("[data-passkey-start]");
    button.hidden = false;
    button.addEventListener("click", () => begin(form));
    // Enter in the field of the name begins as the button does.
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        begin(form);
      },
      true,
    );
  }
})();
