// Collections and judgements: the buttons beside passages, and the tab that lists what was kept.
// They are stored in the browser, or by the server where users have accounts.

import { announce, gettext as _, parseHtml, save as saveFile } from "./page.js";

const KEY = "yearbook-qa-desk";
const address = (path) => new URL(`../${path}`, import.meta.url);

let desk = { collections: [], current: 0, judgements: [] };
let revision = 0;
let onServer = false;
let loading = null;

// Return the JSON or the HTML of an answer. What the user can mend is an `error` in it.
async function asked(path, options = {}) {
  const silence = _("The form does not answer: is its server still running?");
  const response = await fetch(address(path), options).catch(() => {
    throw new Error(silence);
  });
  const type = response.headers.get("content-type") ?? "";
  const value = type.startsWith("application/json") ? await response.json() : await response.text();
  if (response.ok && value?.error === undefined) return value;
  const reason = value?.error ?? (type.startsWith("text/plain") ? value : silence);
  throw Object.assign(new Error(reason), { status: response.status });
}

const posted = (path, value) => asked(path, { method: "POST", body: JSON.stringify(value) });

function tell(text, isFault = false) {
  announce(text);
  const line = document.querySelector(".yq-desk-message");
  if (line) Object.assign(line, { textContent: isFault ? text : "", hidden: !isFault });
}

// Report a failure instead of losing it in the console.
const attempt = (step) => step().catch((error) => tell(error.message, true));

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

// What was not loaded must not be replaced: every change waits for it.
function loaded() {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load() {
  const answer = await asked("desk");
  onServer = answer.server;
  revision = answer.revision ?? 0;
  desk = (onServer ? answer.desk : stored()) ?? desk;
  located.clear();
  show();
}

// Writes to the server follow each other: each names the revision that the one before it made.
let writing = Promise.resolve();
function save() {
  mark();
  if (!onServer) {
    try {
      localStorage.setItem(KEY, JSON.stringify(desk));
    } catch {
      tell(_("The browser has no more space: export collections and delete some."), true);
    }
    return writing;
  }
  const step = async () => {
    try {
      const sent = { method: "PUT", body: JSON.stringify({ revision, desk }) };
      revision = (await asked("desk", sent)).revision;
    } catch (error) {
      if (error.status !== 409) throw error;
      await load();
      tell(_("Your collections were changed in another window: please repeat the last step."), true);
    }
  };
  return (writing = writing.then(() => attempt(step)));
}

const clamp = (position, list) => Math.min(Math.max(position, 0), list.length - 1);
const collection = () => desk.collections[clamp(desk.current, desk.collections)];

function create(name) {
  desk.collections.push({ version: 1, name, note: "", items: [] });
  desk.current = desk.collections.length - 1;
  return collection();
}

// The address of the answer on the page: its question and filters.
const question = () => new URLSearchParams(document.querySelector("#yq-answer .yq-link")?.search ?? "");

const idsOf = (item) => item.passages.map((passage) => passage.id).join("\n");
const heldIn = (ids) => collection()?.items.findIndex((item) => idsOf(item) === ids) ?? -1;

async function keep(button) {
  const ids = button.value;
  const place = heldIn(ids);
  if (place >= 0) {
    collection().items.splice(place, 1);
    tell(_("Removed from “%(name)s”.", { name: collection().name }));
  } else {
    const passages = await Promise.all(ids.split("\n").map((id) => asked(`kept?${new URLSearchParams({ passage: id })}`)));
    if (heldIn(ids) >= 0) return; // a second click meanwhile
    const target = collection() ?? create(_("My collection"));
    target.items.push({ passages, note: "", labels: [], question: question().get("q") ?? "" });
    tell(_("Kept in “%(name)s”.", { name: target.name }));
  }
  save();
  show();
}

const FILTERS = ["series", "edition", "covers", "document"];

function judgementOf(query, create = false) {
  const filters = Object.fromEntries(FILTERS.filter((name) => query.has(name)).map((name) => [name, query.getAll(name)]));
  const same = (one) => one.question === query.get("q") && JSON.stringify(one.filters ?? {}) === JSON.stringify(filters);
  let found = desk.judgements.find(same);
  if (!found && create) {
    found = { question: query.get("q"), evidence: [] };
    if (Object.keys(filters).length) found.filters = filters;
    desk.judgements.push(found);
  }
  return found;
}

function place(id) {
  const [, doc, start, end] = /^(.*)@(\d+)-(\d+)$/s.exec(id);
  return { doc, start: Number(start), end: Number(end) };
}

const isAt = (evidence, { doc, start, end }) => evidence.doc === doc && evidence.start === start && evidence.end === end;

function judge(button) {
  const judgement = judgementOf(question(), true);
  if (button.value === "unanswerable") {
    // in a file of questions, no evidence says that the documents do not answer
    if (judgement.answerable === false) delete judgement.answerable;
    else Object.assign(judgement, { evidence: [], answerable: false });
  } else {
    const [, grade, id] = /^(\d) (.*)$/s.exec(button.value);
    const at = place(id);
    const before = judgement.evidence.find((evidence) => isAt(evidence, at));
    judgement.evidence = judgement.evidence.filter((evidence) => evidence !== before);
    if (before?.grade !== Number(grade)) judgement.evidence.push({ ...at, grade: Number(grade) });
    delete judgement.answerable;
  }
  if (!judgement.evidence.length && judgement.answerable !== false) {
    desk.judgements = desk.judgements.filter((one) => one !== judgement);
  }
  tell(_("The judgement is saved."));
  save();
  showJudgements();
}

// Buttons show what is kept and judged. Only what differs is set: each change is seen by the observer below.
function press(button, isPressed, label) {
  if (button.getAttribute("aria-pressed") !== String(isPressed)) button.setAttribute("aria-pressed", isPressed);
  if (label && button.textContent !== label) button.textContent = label;
}

function mark() {
  for (const button of document.querySelectorAll(".yq-keep")) {
    const isKept = heldIn(button.value) >= 0;
    press(button, isKept, isKept ? _("Kept") : _("Keep"));
  }
  const judgement = judgementOf(question());
  for (const button of document.querySelectorAll(".yq-judge")) {
    const [, grade, id] = /^(\d) (.*)$/s.exec(button.value) ?? [];
    const isPressed = id
      ? Boolean(judgement?.evidence.some((evidence) => isAt(evidence, place(id)) && evidence.grade === Number(grade)))
      : judgement?.answerable === false;
    press(button, isPressed);
  }
}

// The tab.
const part = (name) => document.querySelector(`.yq-desk-${name}`);
const copyOf = (name) => document.querySelector(`#yq-desk-${name}`).content.firstElementChild.cloneNode(true);

function show() {
  mark();
  if (!part("items")) return;
  const choices = desk.collections.map((one, number) => new Option(`${one.name} (${one.items.length})`, number));
  part("choice").replaceChildren(...choices);
  part("choice").value = clamp(desk.current, desk.collections);
  const open = collection();
  part("open").hidden = !open;
  part("empty").hidden = Boolean(open);
  part("choice").disabled = part("delete").disabled = !open;
  showJudgements();
  if (!open) return;
  part("name").value = open.name;
  part("note").value = open.note ?? "";
  part("items").replaceChildren(...open.items.map(shownItem));
  filterItems();
  stated = stated.then(() => attempt(showStates));
}

// Only items with the chosen label are shown and exported.
const isShown = (item) => !part("filter").value || (item.labels ?? []).includes(part("filter").value);

function filterItems() {
  const { items } = collection();
  const label = part("filter").value;
  const labels = [...new Set(items.flatMap((item) => item.labels ?? []))].sort();
  part("filter").replaceChildren(new Option(_("all"), ""), ...labels.map((one) => new Option(one, one)));
  part("filter").value = labels.includes(label) ? label : "";
  part("filter").parentElement.hidden = !labels.length;
  [...part("items").children].forEach((row, place) => (row.hidden = !isShown(items[place])));
  const counts = { count: items.length, shown: items.filter(isShown).length };
  part("count").textContent = part("filter").value
    ? _("Items: %(shown)s of %(count)s. Only these are exported.", counts)
    : _("Items: %(count)s", counts);
}

function shownItem(item) {
  const row = copyOf("item");
  row.querySelector(".yq-desk-passages").append(...item.passages.map(shownPassage));
  row.querySelector(".yq-item-note").value = item.note ?? "";
  row.querySelector(".yq-item-labels").value = (item.labels ?? []).join(", ");
  row.querySelector(".yq-item-question").textContent = item.question ?? "";
  return row;
}

function shownPassage(passage) {
  const element = copyOf("passage");
  element.querySelector("h3").textContent = passage.title;
  const text = element.querySelector("blockquote");
  text.textContent = passage.text;
  text.lang = passage.language ?? "";
  const link = element.querySelector("a");
  link.textContent = passage.citation;
  link.href = address(`context?${new URLSearchParams({ passage: passage.id })}`);
  return element;
}

const STATES = { moved: _("moved in the library"), gone: _("no longer in the library") };

// Where passages are in the library: asked once, until the collection is opened again. What is shown again meanwhile
// waits for the answer instead of asking a second time.
const located = new Map();
let stated = Promise.resolve();
const placeKey = ({ document, start, end, sha256 }) => JSON.stringify([document, start, end, sha256]);

async function showStates() {
  const open = collection();
  if (!open) return; // deleted meanwhile
  const items = open.items.filter((item) => item.passages.some((passage) => !located.has(placeKey(passage))));
  if (items.length) {
    const states = await posted("collection-states", { ...open, items });
    items.flatMap((item) => item.passages).forEach((passage, position) => located.set(placeKey(passage), states[position]));
  }
  if (open !== collection()) return; // another one was opened meanwhile
  const elements = [...part("items").querySelectorAll(".yq-desk-passages > div")];
  const passages = open.items.flatMap((item) => item.passages.map((kept, number) => ({ item, number, ...located.get(placeKey(kept)) })));
  passages.forEach(({ item, number, state, passage }, position) => {
    const badge = document.createElement("span");
    badge.className = `yq-badge yq-state-${state}`;
    badge.textContent = STATES[state] ?? "";
    elements[position].querySelector(".yq-badges").replaceChildren(...(STATES[state] ? [badge] : []));
    const button = elements[position].querySelector(".yq-item-update");
    button.hidden = state !== "moved";
    button.onclick = () => {
      item.passages[number] = passage;
      save();
      show();
    };
  });
}

function showJudgements() {
  if (!part("questions-list")) return;
  part("judged-count").textContent = desk.judgements.length
    ? _("Judged questions: %(count)s", { count: desk.judgements.length })
    : _("No question is judged yet: judge passages of an answer, or say that it is not answered here.");
  part("measure").disabled = part("questions").disabled = !desk.judgements.length;
  part("questions-list").replaceChildren(
    ...desk.judgements.map((judgement) => {
      const row = document.createElement("li");
      const query = new URLSearchParams({ q: judgement.question });
      for (const [name, values] of Object.entries(judgement.filters ?? {})) for (const value of [values].flat()) query.append(name, value);
      const link = Object.assign(document.createElement("a"), { className: "yq-ask", href: address(`?${query}`), textContent: judgement.question });
      const count = (grade) => judgement.evidence.filter((evidence) => evidence.grade === grade).length;
      const counts = _("right %(right)s, partly %(partly)s, wrong %(wrong)s", { right: count(2), partly: count(1), wrong: count(0) });
      const told = Object.assign(document.createElement("span"), { className: "yq-source" });
      told.textContent = judgement.answerable === false ? _("not answered here") : counts;
      row.append(link, " ", told);
      return row;
    }),
  );
}

// Move an item by a number of shown items.
function move(row, step) {
  const { items } = collection();
  const rows = [...row.parentElement.children];
  const shown = rows.filter((one) => !one.hidden);
  const from = rows.indexOf(row);
  const to = rows.indexOf(shown[clamp(shown.indexOf(row) + step, shown)]);
  if (from === to) return;
  items.splice(to, 0, ...items.splice(from, 1));
  save();
  show();
  const moved = part("items").children[to];
  moved.querySelector(step < 0 ? ".yq-item-up" : ".yq-item-down").focus();
  tell(_("Moved to place %(place)s.", { place: to + 1 }));
}

// A file of questions may also have questions without judgements, and other forms of evidence.
function isJudgement(value) {
  const isObject = (one) => typeof one === "object" && one !== null;
  return typeof value?.question === "string" && Array.isArray(value.evidence) && value.evidence.every(isObject);
}

async function importFile(input) {
  const [file] = input.files;
  input.value = "";
  const isQuestions = file.name.toLowerCase().endsWith(".jsonl");
  const lines = isQuestions ? (await file.text()).split("\n").filter((line) => line.trim()) : [await file.text()];
  let values = [];
  try {
    values = lines.map((line) => JSON.parse(line));
  } catch {
    values = [null];
  }
  if (values.includes(null) || (isQuestions && !values.every(isJudgement))) {
    throw new Error(_("%(name)s is neither a collection nor a file of judged questions.", { name: file.name }));
  }
  if (isQuestions) {
    const known = new Set(desk.judgements.map((one) => JSON.stringify(one)));
    const judgements = values.map((one) => (one.evidence.length ? one : { ...one, answerable: false }));
    desk.judgements.push(...judgements.filter((one) => !known.has(JSON.stringify(one))));
  } else {
    const [imported] = values;
    if (!Array.isArray(imported.items ?? imported.passages)) {
      throw new Error(_("%(name)s is neither a collection nor a file of judged questions.", { name: file.name }));
    }
    await posted("collection-states", imported).catch((error) => {
      throw new Error(_("%(name)s was not imported: %(reason)s", { name: file.name, reason: error.message }));
    });
    desk.collections.push(imported);
    desk.current = desk.collections.length - 1;
  }
  save();
  show();
  tell(_("Imported: %(name)s", { name: file.name }));
}

async function measure() {
  part("measures").setAttribute("aria-busy", "true");
  tell(_("Answering the judged questions …"));
  try {
    const text = await posted("judged-measures", desk.judgements);
    part("measures").replaceChildren(...parseHtml(text).querySelector("main").childNodes);
    tell(part("measures").querySelector(".yq-summary")?.textContent ?? "");
  } finally {
    part("measures").removeAttribute("aria-busy");
  }
}

function saveQuestions() {
  const lines = desk.judgements.map((one) => `${JSON.stringify(one)}\n`);
  saveFile("questions.jsonl", new Blob(lines, { type: "application/jsonl" }));
}

const CLICKS = {
  ".yq-keep": keep,
  ".yq-judge": judge,
  ".yq-item-up": (button) => move(button.closest("li"), -1),
  ".yq-item-down": (button) => move(button.closest("li"), 1),
  ".yq-item-remove": (button) => {
    const row = button.closest("li");
    const number = [...row.parentElement.children].indexOf(row);
    collection().items.splice(number, 1);
    save();
    show();
    (part("items").children[clamp(number, collection().items)] ?? part("name")).focus();
  },
  ".yq-desk-new": () => {
    create(_("New collection"));
    save();
    show();
    part("name").select();
  },
  ".yq-desk-delete": () => {
    if (!confirm(_("Delete “%(name)s” and its notes?", { name: collection().name }))) return;
    desk.collections.splice(clamp(desk.current, desk.collections), 1);
    desk.current = 0;
    save();
    show();
    part("new").focus();
  },
  ".yq-desk-measure": measure,
  ".yq-desk-questions": saveQuestions,
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const name = button && Object.keys(CLICKS).find((selector) => button.matches(selector));
  if (name) attempt(() => loaded().then(() => CLICKS[name](button)));
});

const CHANGES = {
  ".yq-desk-choice": (input) => {
    desk.current = Number(input.value);
    located.clear();
  },
  ".yq-desk-name": (input) => (collection().name = input.value.trim() || _("My collection")),
  ".yq-desk-note": (input) => (collection().note = input.value),
  ".yq-item-note": (input, item) => (item.note = input.value),
  ".yq-item-labels": (input, item) => (item.labels = input.value.split(",").map((label) => label.trim()).filter(Boolean)),
};

document.addEventListener("change", (event) => {
  if (event.target.matches(".yq-desk-filter")) filterItems();
  if (event.target.matches(".yq-desk-import input")) {
    attempt(() => loaded().then(() => importFile(event.target)));
    return;
  }
  const name = Object.keys(CHANGES).find((selector) => event.target.matches(selector));
  if (!name) return;
  const row = event.target.closest("li");
  CHANGES[name](event.target, row && collection().items[[...row.parentElement.children].indexOf(row)]);
  save();
  if (name === ".yq-item-labels") filterItems();
  if (!row && name !== ".yq-desk-note") show();
});

// Before compare.js sends the form.
document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches(".yq-desk-export")) return;
    const open = collection();
    event.target.elements.collection.value = JSON.stringify({ ...open, items: open.items.filter(isShown) });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const row = event.altKey && event.target.closest?.(".yq-desk-items > li");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!row || !step) return;
  event.preventDefault();
  move(row, step);
});

// Items are dragged by the mouse; the keyboard has its buttons and Alt with the arrow keys.
let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".yq-desk-items > li") ?? null;
});
document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest(".yq-desk-items > li")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const target = event.target.closest(".yq-desk-items > li");
  if (!dragged || !target) return;
  event.preventDefault();
  const rows = [...target.parentElement.children].filter((row) => !row.hidden);
  move(dragged, rows.indexOf(target) - rows.indexOf(dragged));
});
document.addEventListener("dragend", () => (dragged = null));

// Another window of this browser changed what is stored.
window.addEventListener("storage", (event) => {
  if (event.key !== KEY || onServer) return;
  desk = stored() ?? desk;
  show();
});

let shown = null;
function seen() {
  mark();
  const items = part("items");
  if (items && items !== shown) {
    shown = items; // the tab was included
    located.clear();
    show();
  }
}

document.addEventListener("visibilitychange", () => located.clear()); // the library may change meanwhile

attempt(loaded);
let isDue = false;
new MutationObserver(() => {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    seen();
  });
}).observe(document.body, { childList: true, subtree: true });
