// Messages of the scripts, in the language of the page.

const translations = JSON.parse(document.querySelector("#yq-messages")?.textContent || "{}");

export function gettext(message, values = {}) {
  return (translations[message] ?? message).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

// The language that the user chooses in the page; the server reads the cookie.
document.addEventListener("click", (event) => {
  const button = event.target.closest(".yq-language");
  if (!button) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `yq-language=${button.value}; Path=${new URL(".", location).pathname}; Max-Age=31536000; SameSite=Lax${secure}`;
  location.reload();
});
