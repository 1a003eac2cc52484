// The tabs of comparisons, checks and word counts: forms are submitted in place, and the URL reproduces a result.

import { announce, fetchHtml, gettext as _, isPage, parseHtml, save, tabHeading } from "./page.js";

async function answered(form) {
  const sent = new FormData(form);
  if (form.method === "post") return fetchHtml(form.action, { method: "POST", body: sent });
  const fields = new URLSearchParams(sent);
  for (const [name, value] of [...fields]) if (!value && name !== "topic") fields.delete(name);
  return fetchHtml(`${form.getAttribute("action")}?${fields}`);
}

async function ask(form) {
  const place = form.closest(".yq-compare").querySelector(".yq-compared");
  const button = form.querySelector('button[type="submit"]');
  const wait = form.parentElement.querySelector(".yq-wait");
  const what = form.dataset.wait;
  button.disabled = true;
  wait.textContent = what;
  announce(what);
  wait.hidden = false;
  place.setAttribute("aria-busy", "true");
  if (place.querySelector(":scope > .yq-message")) place.replaceChildren();
  form.parentElement.querySelector(".yq-fault")?.remove();
  try {
    const response = await answered(form);
    const text = await response.text();
    const found = parseHtml(text).querySelector(".yq-compared");
    if (found) place.replaceChildren(...found.childNodes);
    else place.replaceChildren(said(text.slice(0, 300)));
  } catch {
    place.replaceChildren(said(silence()));
  }
  place.removeAttribute("aria-busy");
  button.disabled = false;
  wait.hidden = true;
  announce(place.querySelector(".yq-summary, .yq-message")?.textContent ?? "");
  const link = place.querySelector(".yq-link");
  if (link && link.href !== location.href) history.pushState(null, "", link.href);
}

// Back and Forward: the tab shows what the URL asks, or its empty form.
async function restore() {
  const name = location.hash.slice(1);
  if (!/^[a-z]+$/.test(name)) return;
  const part = document.querySelector(`#yq-tab-${name} .yq-compare`);
  if (!part?.querySelector(".yq-compared")) return;
  if ((part.querySelector(".yq-link")?.href ?? `${location.origin}${location.pathname}#${name}`) === location.href) return;
  part.setAttribute("aria-busy", "true");
  const main = parseHtml(await (await fetchHtml(`./${name}${location.search}`)).text()).querySelector("main");
  if (main) tabHeading(main);
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

const silence = () => _("The form does not answer: is its server still running?");

// Save a report or an export. What went wrong is told in the page, which would otherwise be replaced by the answer.
async function download(form, address) {
  form.parentElement.querySelector(".yq-fault")?.remove();
  let fault = silence();
  try {
    const response = await fetchHtml(address, { method: "POST", body: new FormData(form) });
    const sent = response.headers.get("content-disposition");
    const encoded = /filename\*=UTF-8''([^;]+)/.exec(sent)?.[1];
    const name = encoded ? decodeURIComponent(encoded) : /filename="([^"]+)"/.exec(sent)?.[1];
    if (name) return save(name, await response.blob());
    const text = await response.text();
    const isJson = response.headers.get("content-type").startsWith("application/json");
    fault = (isJson ? JSON.parse(text).error : parseHtml(text).querySelector(".yq-message")?.textContent) ?? text.slice(0, 300);
  } catch {
    // the server is gone
  }
  const line = said(fault);
  line.classList.add("yq-fault");
  form.after(line);
  announce(fault);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".yq-compare-form");
  if (!form || isPage) return;
  event.preventDefault();
  if (event.submitter?.hasAttribute("formaction")) download(form, event.submitter.formAction);
  else if (!form.querySelector('button[type="submit"]').disabled) ask(form);
});

// Offer only the editions of the selected series.
function narrow(select, choose) {
  select.form.querySelectorAll(".yq-of-series").forEach((editions, at) => {
    for (const group of editions.children) group.hidden = group.disabled = group.label !== select.value;
    const own = [...editions.children].find((group) => !group.hidden);
    if (own && choose) own.children[Math.max(0, own.children.length - 2 + at)].selected = true;
  });
}

// A chosen file is sent instead of the text, which is hidden until the file is discarded.
function showChosen(form) {
  const input = form.querySelector('input[type="file"]');
  const isChosen = input.files.length > 0;
  form.querySelector(".yq-instead").hidden = isChosen;
  form.querySelector(".yq-forget").hidden = !isChosen;
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".yq-choose-file input")) showChosen(event.target.form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest(".yq-forget");
  if (!button) return;
  const input = button.form.querySelector('input[type="file"]');
  input.value = "";
  showChosen(button.form);
  input.focus();
  announce(_("The file is discarded."));
});

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
