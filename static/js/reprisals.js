// The few things that script adds: drafts, keys, a name that hides itself. Every page works without it.
"use strict";

(() => {
  const GENEVA = "Europe/Zurich";
  const PAUSE = 3000;
  const AGAIN = 15000;
  const AWAKE = 10000;
  const WARN_BEFORE = 5 * 60 * 1000;
  const words = document.getElementById("words")?.dataset ?? {};
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  const clock = (moment) =>
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: GENEVA }).format(moment);

  // Drafts: what is typed is kept as it is typed ------------------------------------------------

  const SECRET = /passw|secret|token|otp|^code$/i;

  function typed(form) {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) {
      if (SECRET.test(name) || value instanceof File) fields.delete(name);
    }
    return new URLSearchParams(fields);
  }

  function keepDraft(form) {
    const state = form.querySelector("[data-draft-state]") ?? document.querySelector("[data-draft-state]");
    let timer = 0;
    let kept = typed(form).toString();
    let sent = false;

    const say = (text) => {
      if (state) state.textContent = text;
    };

    async function save(leaving) {
      const body = typed(form);
      if (sent || body.toString() === kept) return;
      const token = form.elements.namedItem("csrfmiddlewaretoken")?.value ?? "";
      try {
        if (!leaving) say(words.saving);
        const answer = await fetch(form.dataset.draftUrl, {
          method: "POST",
          body,
          headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
          credentials: "same-origin",
          keepalive: leaving,
          redirect: "manual",
        });
        if (answer.ok) {
          kept = body.toString();
          say(`${words.saved} ${clock(new Date())}`);
          goOn(answer.headers.get("Session-Ends"));
        } else if (answer.type === "opaqueredirect" || answer.status === 403) {
          say(words.refused);
        } else {
          say(words.failed);
          later(AGAIN);
        }
      } catch {
        say(words.offline);
        later(AGAIN);
      }
    }

    function later(wait) {
      clearTimeout(timer);
      timer = setTimeout(() => save(false), wait);
    }

    form.addEventListener("input", () => later(PAUSE));
    form.addEventListener("change", () => later(PAUSE));
    form.addEventListener("submit", () => {
      sent = true;
      clearTimeout(timer);
    });
    window.addEventListener("pagehide", () => save(true));
    window.addEventListener("pageshow", () => {
      sent = false;
    });
    window.addEventListener("online", () => save(false));
  }

  // One press, one act: a second press of the same button does nothing ---------------------------

  function guard(form) {
    if (form.matches("[hx-post], [hx-get], [data-hx-post], [method=dialog]")) return;
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      if (form.method.toLowerCase() !== "post" || event.defaultPrevented) return;
      form.dataset.sent = "1";
      // After the browser has read the form: the name of the pressed button belongs to it.
      setTimeout(() => {
        for (const button of all("button:not([type=button])", form)) {
          if (!button.disabled) {
            button.disabled = true;
            button.dataset.asleep = "1";
          }
        }
      });
      setTimeout(wake, AWAKE); // a download leaves the page where it is
    });
  }

  function wake() {
    for (const form of all("form[data-sent]")) delete form.dataset.sent;
    for (const button of all("button[data-asleep]")) {
      button.disabled = false;
      delete button.dataset.asleep;
    }
  }

  // Keys --------------------------------------------------------------------------------------------

  const writing = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

  const rows = () => all(".r-table--rows tbody tr");
  const chosen = () => rows().findIndex((row) => row.classList.contains("is-here"));

  function go(step) {
    const list = rows();
    if (!list.length) return;
    const next = Math.min(Math.max(chosen() + step, 0), list.length - 1);
    list.forEach((row, place) => row.classList.toggle("is-here", place === next));
    list[next].querySelector("a")?.focus({ preventScroll: true });
    list[next].scrollIntoView({ block: "nearest" });
  }

  function pick() {
    const box = rows()[chosen()]?.querySelector("input[type=checkbox]");
    box?.click();
  }

  const showKeys = () => document.getElementById("keys")?.showModal();

  const KEYS = {
    "/": () => document.querySelector("[data-find]")?.focus(),
    "?": showKeys,
    j: () => go(1),
    k: () => go(-1),
    x: pick,
    Enter: () => rows()[chosen()]?.querySelector("a")?.click(),
  };

  function onKey(event) {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    if (event.key === "Enter" && event.target !== document.body) return;
    event.preventDefault();
    act();
  }

  // Which section is on the screen -------------------------------------------------------------------

  function followSections(nav) {
    const links = all("a[href^='#']", nav);
    const parts = links.map((link) => document.getElementById(link.hash.slice(1)));
    const mark = () => {
      const line = window.innerHeight / 4;
      let here = parts.findLastIndex((part) => part && part.getBoundingClientRect().top <= line);
      const end = window.scrollY > 0 && window.innerHeight + window.scrollY >= document.body.scrollHeight - 2;
      if (end) here = parts.length - 1;
      links.forEach((link, place) => {
        if (place === Math.max(here, 0)) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    let waiting = false;
    const soon = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    };
    window.addEventListener("scroll", soon, { passive: true });
    mark();
  }

  // A long row of steps begins where one is; a code of a person goes where the cursor was ----------------

  function showStep(step) {
    const list = step.closest("ol");
    const [box, row] = [step.getBoundingClientRect(), list.getBoundingClientRect()];
    if (list.scrollWidth > list.clientWidth) list.scrollBy({ left: box.left + box.width / 2 - row.left - row.width / 2 });
  }

  let lastText = null;

  function insert(words) {
    const text = lastText?.isConnected ? lastText : document.querySelector("textarea[name=summary]");
    if (!text) return;
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  }

  // Clocks: a shown name, a session --------------------------------------------------------------------

  function hideName(person) {
    const masked = person.querySelector("template[data-masked]");
    if (masked) person.replaceWith(masked.content.cloneNode(true));
    else person.remove();
  }

  function hideNames(everything) {
    for (const person of all("[data-hide-at]")) {
      if (everything || Date.parse(person.dataset.hideAt) <= Date.now()) hideName(person);
    }
  }

  function goOn(until) {
    const mark = document.querySelector("[data-session-ends]");
    if (!mark || !until) return;
    mark.dataset.sessionEnds = until;
    mark.textContent = clock(new Date(until));
    warnOfEnd();
  }

  function warnOfEnd() {
    const mark = document.querySelector("[data-session-ends]");
    const box = document.getElementById("session-end");
    if (!mark || !box) return;
    const ends = Date.parse(mark.dataset.sessionEnds);
    const left = ends - Date.now();
    const near = left > 0 && left <= WARN_BEFORE;
    if (near && box.hidden) box.textContent = `${words.ends} ${clock(new Date(ends))}`;
    box.hidden = !near;
  }

  // Begin ---------------------------------------------------------------------------------------------

  function prepare(root) {
    for (const form of all("form", root)) {
      if (form.dataset.ready) continue;
      form.dataset.ready = "1";
      if (form.dataset.draftUrl) keepDraft(form);
      guard(form);
    }
    for (const button of all("[data-insert]", root)) button.hidden = false;
    const errors = root.querySelector("[data-errors]");
    if (errors) errors.focus();
    else root.querySelector("[data-take-focus]")?.focus();
  }

  function leave(event) {
    const way = event.target.closest("a[data-leave]");
    if (!way) return;
    event.preventDefault();
    window.location.replace(way.href);
  }

  // Asked for a part of this page and led elsewhere, to sign in or to one case: go there.
  function goWhereLed(event) {
    const { xhr, requestConfig } = event.detail;
    const asked = new URL(requestConfig.path, location.href);
    const led = new URL(xhr.responseURL || asked);
    if (led.pathname === asked.pathname) return;
    event.detail.shouldSwap = false;
    window.location.assign(led.href);
  }

  function openKeys(event) {
    if (!event.target.closest("[data-keys]")) return;
    event.preventDefault();
    showKeys();
  }

  document.addEventListener("focusout", (event) => {
    if (event.target.matches("textarea")) lastText = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (button) insert(button.dataset.insert);
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", leave);
  document.addEventListener("click", openKeys);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest(".r-toast").remove();
  });
  document.addEventListener("htmx:beforeSwap", goWhereLed);
  document.addEventListener("htmx:load", (event) => prepare(event.target.parentElement ?? document));
  // Kept by the browser for "back": a name must not wait there.
  window.addEventListener("pagehide", () => hideNames(true));
  window.addEventListener("pageshow", () => {
    wake();
    hideNames(false);
  });
  setInterval(() => {
    hideNames(false);
    warnOfEnd();
  }, 1000);

  prepare(document);
  for (const nav of all("[data-sections]")) followSections(nav);
  for (const step of all("[aria-current=step]")) showStep(step);
  warnOfEnd();
})();
