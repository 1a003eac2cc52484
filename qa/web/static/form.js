// What Gradio components cannot do: copying, the context dialog, URLs of questions, and screen reader announcements.

import { announce, fetchHtml, gettext as _, isPage, isPlainClick, parseHtml, retitle } from "./page.js";

const answer = () => document.querySelector("#yq-answer");

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // over plain HTTP from another machine navigator.clipboard is undefined
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "yq-unseen" });
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

async function copyFrom(button) {
  const what = button.value;
  await copy(button.closest(".yq-card, .yq-section").querySelector(`.yq-${what}`).textContent);
  const label = button.textContent;
  button.textContent = _("Copied");
  button.disabled = true;
  announce(what === "citation" ? _("The citation is copied.") : _("The quotation is copied."));
  setTimeout(() => {
    button.textContent = label;
    button.disabled = false;
  }, 1500);
}

async function showContext(address) {
  let dialog = document.querySelector("#yq-dialog");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "yq-dialog";
    dialog.setAttribute("aria-label", _("The passage in its context"));
    dialog.innerHTML =
      '<div class="yq-bar"><span class="yq-title"></span><button type="button" class="yq-close"></button></div>' +
      '<div class="yq-body"></div>';
    dialog.querySelector(".yq-close").textContent = _("Close");
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest(".yq-close")) dialog.close();
    });
    dialog.addEventListener("close", () => {
      if (history.state?.yqDialog) history.back();
    });
    (document.querySelector(".gradio-container") ?? document.body).append(dialog);
  }
  const page = parseHtml(await (await fetchHtml(address)).text());
  const body = dialog.querySelector(".yq-body");
  body.replaceChildren(page.querySelector("main"));
  dialog.querySelector(".yq-title").replaceChildren(body.querySelector("h1"));
  if (!dialog.open) {
    dialog.showModal();
    history.pushState({ yqDialog: true }, "", location.href); // the next step back closes the dialog
  }
  body.scrollTop = 0;
  const passage = body.querySelector("#passage");
  if (passage) body.scrollTop = passage.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 4;
}

let restored = "";
function restore(address) {
  restored = address;
  const box = document.querySelector("#yq-address textarea, #yq-address input");
  // must differ from the last value, or Gradio sees no change
  box.value = address;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => document.querySelector("#yq-go").click());
}

document.addEventListener("click", (event) => {
  const target = event.target.closest(".yq-copy, .yq-context, .yq-ask, .yq-ref, .yq-link");
  if (!target || !isPlainClick(event)) return;
  if (target.matches(".yq-copy")) {
    copyFrom(target);
    return;
  }
  if (target.matches(".yq-context, .yq-ask") && isPage) return;
  event.preventDefault();
  if (target.matches(".yq-context")) showContext(target.getAttribute("href"));
  else if (target.matches(".yq-ask")) restore(new URL(target.href).search);
  else if (target.matches(".yq-link")) {
    copy(target.href).then(() => announce(_("The link is copied.")));
    const label = target.textContent;
    target.textContent = _("Link copied");
    setTimeout(() => (target.textContent = label), 1500);
  } else {
    const card = document.getElementById(target.hash.slice(1));
    card.scrollIntoView({ block: "start" });
    card.focus({ preventScroll: true });
  }
});

// Keep the address bar in step with the question, so that Back, Forward, reload and bookmarks work.
let shown = "";
function follow() {
  const link = answer()?.querySelector(".yq-link");
  // without the buttons, whose words change when they are used
  const parts = answer()?.querySelectorAll(".yq-result :is(.yq-notices, h2, .yq-quote, .yq-card blockquote)") ?? [];
  const result = [link?.href ?? "", ...[...parts].map((part) => part.textContent)].join("\n");
  if (result === shown) return;
  shown = result;
  // Gradio makes every link open a new browser tab
  for (const one of document.querySelectorAll(".yq-result a[target], .yq-history a[target], .yq-examples a[target]")) {
    if (one.host === location.host) one.removeAttribute("target");
  }
  if (link) {
    const search = new URL(link.href).search;
    const isOpen = document.querySelector("#yq-tab-ask-button")?.getAttribute("aria-selected") !== "false";
    if (isOpen && (search !== location.search || location.hash)) history.pushState(null, "", `${location.pathname}${search}`);
  }
  retitle();
  if (!result) {
    // after an empty question neither the address nor the announcement may be that of the old answer
    const isOpen = document.querySelector("#yq-tab-ask-button")?.getAttribute("aria-selected") !== "false";
    if (isOpen && location.search && location.search !== restored) history.pushState(null, "", location.pathname);
    setTimeout(() => announce(document.querySelector("#yq-message")?.textContent.trim() ?? ""), 100); // once it is shown
    return;
  }
  restored = "";
  const cards = answer().querySelectorAll(".yq-card").length;
  const heading = answer().querySelector(".yq-answer h2")?.textContent ?? _("No passage found");
  const confidence = answer().querySelector(".yq-confidence span")?.textContent ?? "";
  announce([heading, confidence, _("Passages: %(count)s", { count: cards })].filter(Boolean).join(". "));
}

if (!isPage) {
  new MutationObserver(follow).observe(document.body, { childList: true, subtree: true, characterData: true });
  // tabs.js selects the tab; a question that is already shown is not asked again
  window.addEventListener("popstate", () => {
    document.querySelector("#yq-dialog[open]")?.close();
    const link = answer()?.querySelector(".yq-link");
    if (!location.hash && location.search !== (link ? new URL(link.href).search : "")) restore(location.search);
  });
}
