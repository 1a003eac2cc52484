// The tabs of comparisons, checks and word counts: forms are submitted in place, and the URL reproduces a result.

import { gettext as _ } from "./messages.js";

const isPage = document.documentElement.matches(".yq-page");
const status = document.createElement("div");
status.className = "yq-unseen";
status.setAttribute("role", "status");
document.body.append(status);

async function answered(form) {
  const sent = new FormData(form);
  if (form.method === "post") return fetch(form.action, { method: "POST", body: sent, headers: { accept: "text/html" } });
  const fields = new URLSearchParams(sent);
  for (const [name, value] of [...fields]) if (!value && name !== "topic") fields.delete(name);
  return fetch(`${form.getAttribute("action")}?${fields}`, { headers: { accept: "text/html" } });
}

async function ask(form) {
  const place = form.closest(".yq-compare").querySelector(".yq-compared");
  const button = form.querySelector('button[type="submit"]');
  const wait = form.parentElement.querySelector(".yq-wait");
  const what = form.dataset.wait;
  button.disabled = true;
  wait.textContent = status.textContent = what;
  wait.hidden = false;
  place.setAttribute("aria-busy", "true");
  try {
    const response = await answered(form);
    const text = await response.text();
    const found = new DOMParser().parseFromString(text, "text/html").querySelector(".yq-compared");
    if (found) place.replaceChildren(...found.childNodes);
    else place.replaceChildren(said(text.slice(0, 300)));
  } catch {
    place.replaceChildren(said(_("The form does not answer: is its server still running?")));
  }
  place.removeAttribute("aria-busy");
  button.disabled = false;
  wait.hidden = true;
  status.textContent = place.querySelector(".yq-summary, .yq-message")?.textContent ?? "";
  const link = place.querySelector(".yq-link");
  if (link && link.href !== location.href) history.pushState(null, "", link.href);
}

// Back and Forward: the tab shows what the URL asks, or its empty form.
async function restore() {
  const name = location.hash.slice(1);
  if (!/^[a-z]+$/.test(name)) return;
  const part = document.querySelector(`#yq-tab-${name} .yq-compare`);
  if (!part?.querySelector('form[method="get"]')) return;
  if ((part.querySelector(".yq-link")?.href ?? `${location.origin}${location.pathname}#${name}`) === location.href) return;
  part.setAttribute("aria-busy", "true");
  const response = await fetch(`./${name}${location.search}`, { headers: { accept: "text/html" } });
  const main = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main");
  main?.querySelector("h1")?.remove();
  if (main) part.replaceChildren(...main.childNodes);
  part.removeAttribute("aria-busy");
}
if (!isPage) window.addEventListener("popstate", restore);

function said(text) {
  const line = document.createElement("p");
  line.className = "yq-message";
  line.textContent = text;
  return line;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".yq-compare-form");
  if (!form || isPage || event.submitter?.hasAttribute("formaction")) return; // a download
  event.preventDefault();
  if (!form.querySelector('button[type="submit"]').disabled) ask(form);
});

// Offer only the editions of the selected series.
function narrow(select, choose) {
  select.form.querySelectorAll(".yq-of-series").forEach((editions, at) => {
    for (const group of editions.children) group.hidden = group.disabled = group.label !== select.value;
    const own = [...editions.children].find((group) => !group.hidden);
    if (own && choose) own.children[Math.max(0, own.children.length - 2 + at)].selected = true;
  });
}

const whole = 'form:has(.yq-of-series) select[name="series"]';

document.addEventListener("change", (event) => {
  if (event.target.matches?.(whole)) narrow(event.target, true);
});

const seen = new WeakSet();
function prepare() {
  for (const select of document.querySelectorAll(whole)) {
    if (seen.has(select)) continue;
    seen.add(select);
    narrow(select, false);
  }
}
new MutationObserver(prepare).observe(document.body, { childList: true, subtree: true });
prepare();
