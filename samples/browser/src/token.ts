import { byId } from "./dom";

// The browser keeps it for this tab alone, and forgets it with the tab.
const KEY = "token";

const dialog = byId<HTMLDialogElement>("token");
const text = byId<HTMLInputElement>("token-text");
const why = byId("token-why");
let changed = Promise.withResolvers<void>();

export const current = () => sessionStorage.getItem(KEY) ?? "";

/** Whom the token names: in a chat, its caller speaks as this one. */
export function subject(): string | undefined {
  try {
    const claims = current().split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
    return claims && JSON.parse(atob(claims)).sub;
  } catch {
    return undefined; // No JWT: the server says so.
  }
}

/** Asks for a token, and ends when there is a new one. */
export function ask(sentence: string): Promise<void> {
  why.textContent = sentence;
  if (!dialog.open) dialog.showModal();
  return changed.promise;
}

byId("token-open").addEventListener("click", () => dialog.showModal());
byId("token-cancel").addEventListener("click", () => dialog.close());
dialog.querySelector("form")!.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, text.value.trim());
  text.value = "";
  dialog.close();
  changed.resolve();
  changed = Promise.withResolvers();
});
