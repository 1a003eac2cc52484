// What the Batch and Library tabs need beyond Gradio: included pages, dropped files, and URLs of tabs.

import { announce, fetchHtml, gettext as _, isPage, isPlainClick, parseHtml } from "./page.js";

const fetched = async (address) => parseHtml(await (await fetchHtml(address)).text()).querySelector("main");

// What the URL asks of the tab that it names.
function withAddress(link) {
  const address = new URL(link.href);
  if (link.closest(`#yq-tab-${current()}`)) {
    for (const [name, value] of new URLSearchParams(location.search)) address.searchParams.set(name, value);
  }
  return address.href;
}

// Gradio components strip SVG and aria attributes. The included pages are escaped by the server.
async function include(link) {
  link.classList.remove("yq-include");
  const main = await fetched(link.matches(".yq-with-address") ? withAddress(link) : link.href);
  main.querySelector("h1")?.remove();
  const part = document.createElement("section");
  part.className = `${main.className} yq-included`;
  part.append(...main.childNodes);
  link.replaceWith(part);
  announce(part.querySelector(".yq-summary")?.textContent ?? "");
}

async function view(link) {
  const column = link.closest("th")?.cellIndex;
  const rows = link.closest(".yq-rows");
  const table = await replaced(rows, link.href);
  if (column === undefined) table.scrollIntoView({ block: "start" });
  const next = column === undefined ? table.querySelector("a") : table.querySelectorAll("th")[column].querySelector("a");
  next.focus({ preventScroll: true });
}

async function replaced(rows, address) {
  const table = (await fetched(address)).querySelector(".yq-rows");
  rows.replaceWith(table);
  announce(table.querySelector("caption").textContent);
  return table;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".yq-find");
  if (!form || isPage) return;
  event.preventDefault();
  replaced(form.parentElement.querySelector(".yq-rows"), `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`);
});

const tab = (name) => document.querySelector(`#yq-tab-${name}-button`);
const current = () => location.hash.slice(1) || "ask";

// Select a tab without a step in the browser's history.
let quiet = false;
function select(name) {
  const button = tab(name);
  if (button?.getAttribute("aria-selected") !== "false") return;
  quiet = true;
  button.click();
  quiet = false;
}

// The URL of what a tab shows: that of its result, or the tab itself.
function addressOf(name) {
  const link = document.querySelector(`#yq-tab-${name} .yq-link`);
  const shown = link ? new URL(link.href) : null;
  return `${location.pathname}${shown?.search ?? ""}${name === "ask" ? "" : `#${name}`}`;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest('button[role="tab"]');
  if (button) {
    const name = button.id.replace(/^yq-tab-|-button$/g, "");
    if (!quiet && name !== current()) history.pushState(null, "", addressOf(name));
    return;
  }
  const link = event.target.closest(".yq-view, .yq-ask, .yq-jump");
  if (!link || !isPlainClick(event) || isPage) return;
  if (link.matches(".yq-ask")) {
    // form.js submits the question; here only its tab is selected
    if (current() !== "ask") {
      select("ask");
      scrollTo({ top: 0 });
    }
    return;
  }
  event.preventDefault();
  if (link.matches(".yq-view")) view(link);
  else document.querySelector(link.hash)?.scrollIntoView({ block: "start" });
});

// Files that the server would reject are not sent: Gradio would show only a vague pop-up.
const mega = (bytes) => `${(bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

function refusal(zone, input) {
  const limit = (what) => Number(zone.className.match(new RegExp(`yq-${what}-(\\d+)`))?.[1] ?? Infinity);
  const files = [...input.files];
  if (files.length > limit("files")) return _("%(count)s files: at most %(most)s can be uploaded at once.", { count: files.length, most: limit("files") });
  const kinds = input.accept.split(",").map((one) => one.trim().toLowerCase()).filter(Boolean);
  const other = files.find((file) => kinds.length && !kinds.some((kind) => file.name.toLowerCase().endsWith(kind)));
  if (other) return _("%(name)s is not accepted here: it must be one of %(kinds)s.", { name: other.name, kinds: kinds.join(", ") });
  const large = files.find((file) => file.size > limit("most"));
  if (!large) return "";
  return _("%(name)s has %(size)s: the limit is %(limit)s.", { name: large.name, size: mega(large.size), limit: mega(limit("most")) });
}

document.addEventListener(
  "change",
  (event) => {
    const zone = event.target.matches?.('input[type="file"]') ? event.target.closest(".yq-drop") : null;
    if (!zone) return;
    zone.querySelector(".yq-not-taken")?.remove();
    const reason = refusal(zone, event.target);
    for (const earlier of zone.querySelectorAll(".yq-message")) earlier.hidden = Boolean(reason);
    if (!reason) return;
    event.stopImmediatePropagation();
    event.target.value = "";
    const line = document.createElement("p");
    line.className = "yq-message yq-not-taken";
    line.textContent = reason;
    zone.append(line);
    announce(reason);
  },
  true,
);

for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.(".yq-drop");
    const input = zone?.querySelector('input[type="file"]');
    if (!input || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (name === "dragover") return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

if (!isPage) {
  let wanted = current();
  const seen = () => {
    for (const link of document.querySelectorAll("a.yq-include")) include(link);
    if (wanted && /^[a-z]+$/.test(wanted) && tab(wanted)) {
      const name = wanted;
      wanted = "";
      setTimeout(() => select(name));
    }
  };
  window.addEventListener("popstate", () => {
    if (/^[a-z]+$/.test(current())) select(current());
  });
  new MutationObserver(seen).observe(document.body, { childList: true, subtree: true });
}
