// The Compare tab: forms are submitted in place, and the URL reproduces a comparison.

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
  const wait = form.closest("details").querySelector(".yq-wait");
  const what = form.method === "post" ? "Checking …" : "Comparing …";
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
    place.replaceChildren(said("The form does not answer: is its server still running?"));
  }
  place.removeAttribute("aria-busy");
  button.disabled = false;
  wait.hidden = true;
  status.textContent = place.querySelector(".yq-summary, .yq-message")?.textContent ?? "";
  const link = place.querySelector(".yq-link");
  if (link) history.replaceState(null, "", link.href);
}

function said(text) {
  const line = document.createElement("p");
  line.className = "yq-message";
  line.textContent = text;
  return line;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".yq-compare-form");
  if (!form || isPage) return;
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
