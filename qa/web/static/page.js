// What all scripts of the page share: messages in its language, announcements, downloads.

const translations = JSON.parse(document.querySelector("#yq-messages")?.textContent || "{}");

export function gettext(message, values = {}) {
  return (translations[message] ?? message).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

// A page of its own, instead of a tab of the form.
export const isPage = document.documentElement.matches(".yq-page");

export const isPlainClick = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

// One permanent live region: screen readers often miss text in a region that was just created.
const status = document.createElement("div");
status.className = "yq-unseen";
status.setAttribute("role", "status");
document.body.append(status);

export function announce(text) {
  status.textContent = text;
}

// The title names the question or the tab, in the list of windows and in the browser's history.
export function retitle() {
  if (isPage) return;
  const selected = document.querySelector('button[role="tab"][aria-selected="true"]');
  const link = document.querySelector("#yq-answer .yq-link");
  const question = link && new URL(link.href).searchParams.get("q");
  const name = !selected || selected.id === "yq-tab-ask-button" ? question : selected.textContent.trim();
  const title = name ? `${name} · Yearbook QA` : "Yearbook QA";
  if (document.title !== title) document.title = title;
}

// The page that a tab includes is a part of the form: its heading is below that of the form, and the tab shows it.
export function tabHeading(main) {
  const heading = main.querySelector("h1");
  if (!heading) return;
  const below = document.createElement("h2");
  below.className = "yq-unseen";
  below.textContent = heading.textContent;
  heading.replaceWith(below);
}

export const fetchHtml = (address, options = {}) => fetch(address, { ...options, headers: { accept: "text/html" } });

export const parseHtml = (text) => new DOMParser().parseFromString(text, "text/html");

export function save(name, blob) {
  const link = Object.assign(document.createElement("a"), { download: name, href: URL.createObjectURL(blob) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

// The language that the user chooses in the page; the server reads the cookie.
document.addEventListener("click", (event) => {
  const button = event.target.closest(".yq-language");
  if (!button) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `yq-language=${button.value}; Path=${new URL(".", location).pathname}; Max-Age=31536000; SameSite=Lax${secure}`;
  location.reload();
});
