// What the Batch and Library tabs need beyond Gradio: included pages, dropped files, and URLs of tabs.

import { announce, fetchHtml, gettext as _, isPage, isPlainClick, parseHtml, retitle, tabHeading } from "./page.js";

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
  tabHeading(main);
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

// One Tab stop for all tabs, and the arrow keys between them, as in the ARIA pattern.
const tabsOf = (list) => [...list.querySelectorAll('button[role="tab"]')];
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.('button[role="tab"]');
  const step = STEPS[event.key];
  if (!button || step === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const tabs = tabsOf(button.closest('[role="tablist"]'));
  const to = tabs.indexOf(button) + step;
  const next = tabs[Number.isFinite(to) ? (to + tabs.length) % tabs.length : to < 0 ? 0 : tabs.length - 1];
  event.preventDefault();
  next.focus();
  next.click();
});

function setTabStops() {
  for (const button of document.querySelectorAll('button[role="tab"]')) {
    const index = button.getAttribute("aria-selected") === "true" ? 0 : -1;
    if (button.tabIndex !== index) button.tabIndex = index;
  }
  retitle();
}

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

const either = (kinds) => (kinds.length > 1 ? _("%(first)s or %(last)s", { first: kinds.slice(0, -1).join(", "), last: kinds.at(-1) }) : kinds[0]);

// Split the chosen files into those that can be sent, and the reasons why the others cannot.
function sorted(zone, input) {
  const limit = (what) => Number(zone.className.match(new RegExp(`yq-${what}-(\\d+)`))?.[1] ?? Infinity);
  const kinds = input.accept.split(",").map((one) => one.trim().toLowerCase()).filter(Boolean);
  const most = limit("files");
  if (most === 1 && input.files.length > 1) return { good: [], reasons: [_("%(count)s files: at most %(most)s can be uploaded at once.", { count: input.files.length, most })] };
  const good = [];
  const reasons = [];
  let surplus = 0;
  for (const file of input.files) {
    const { name } = file;
    if (kinds.length && !kinds.some((kind) => name.toLowerCase().endsWith(kind))) {
      reasons.push(_("%(name)s is not accepted here: it must be a %(kinds)s file.", { name, kinds: either(kinds) }));
    } else if (file.size > limit("most")) {
      reasons.push(_("%(name)s has %(size)s: the limit is %(limit)s.", { name, size: mega(file.size), limit: mega(limit("most")) }));
    } else if (good.length === most) surplus += 1;
    else good.push(file);
  }
  if (surplus) reasons.push(_("%(count)s files: at most %(most)s can be uploaded at once. The last %(surplus)s are left out.", { count: input.files.length, most, surplus }));
  return { good, reasons };
}

// Say that files are on their way, until the server has said something about them.
function showSending(zone, count) {
  const line = document.createElement("p");
  line.className = "yq-soft yq-sending";
  line.textContent = count > 1 ? _("Reading %(count)s files …", { count }) : _("Reading the file …");
  zone.append(line);
  announce(line.textContent);
  new MutationObserver((changes, observer) => {
    const isTold = changes.some(({ target }) => target.nodeType === Node.ELEMENT_NODE && target.closest(".yq-told"));
    if (line.isConnected && !isTold && !document.querySelector(".toast-wrap .error")) return;
    line.remove();
    observer.disconnect();
  }).observe(document.body, { childList: true, subtree: true });
}

document.addEventListener(
  "change",
  (event) => {
    const zone = event.target.matches?.('input[type="file"]') ? event.target.closest(".yq-drop") : null;
    if (!zone) return;
    for (const line of zone.querySelectorAll(".yq-not-taken, .yq-sending")) line.remove();
    const { good, reasons } = sorted(zone, event.target);
    for (const earlier of zone.querySelectorAll(".yq-message")) earlier.hidden = !good.length && reasons.length > 0;
    for (const reason of reasons) {
      const line = document.createElement("p");
      line.className = "yq-message yq-not-taken";
      line.textContent = reason;
      zone.append(line);
    }
    if (reasons.length) announce(reasons.join(" "));
    if (!good.length) {
      event.stopImmediatePropagation();
      event.target.value = "";
      return;
    }
    if (reasons.length) {
      const files = new DataTransfer();
      for (const file of good) files.items.add(file);
      event.target.files = files.files;
    }
    showSending(zone, good.length);
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
  const tabs = { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-selected"] };
  new MutationObserver(setTabStops).observe(document.body, tabs);
}
