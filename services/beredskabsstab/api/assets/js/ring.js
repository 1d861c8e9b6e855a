// Two keys to an answer, where the focus is within a person: 1 and then the minutes; 2, 3 or 4 and then Enter.
// Without this the same buttons do the same.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !/^[1-4]$/.test(event.key)) return;
  const person = event.target.closest(".callee");
  if (!person || event.target.matches("select, input, textarea")) return;
  const minutes = event.target.closest(".coming");
  const key = `[data-key="${event.key}"]`;
  const found = minutes ? minutes.querySelector(`button${key}`) : person.querySelector(`.coming${key}, .others > ${key}`);
  if (!found) return;
  event.preventDefault();
  found.closest("details")?.setAttribute("open", "");
  if (minutes) found.click();
  else (found.matches("button") ? found : found.querySelector("button")).focus();
});

// The list follows by itself, but never under the hands of whoever is writing an answer: a button that moved would
// answer for somebody else.

const busy = () => document.querySelector(".callee form:focus-within, .callee form:hover, .callee details[open]");
const told = (changed) => document.getElementById("aendret")?.toggleAttribute("hidden", !changed);
let rung = null;

document.addEventListener("htmx:sseBeforeMessage", (event) => {
  const isList = event.target.id === "ringeliste";
  if (isList && busy()) event.preventDefault();
  if (isList) told(Boolean(busy()));
  rung = document.activeElement?.closest(".callee");
});

document.addEventListener("htmx:sseMessage", () => {
  // Whoever was about to be rung has answered: the focus goes to the list, and to nobody else in it.
  if (rung && !rung.isConnected) document.getElementById("ikke-svaret")?.focus();
});

// What came by itself was shown to others as well: the key of a form is its own, made as it is first sent.
document.addEventListener("submit", (event) => {
  const key = event.target.elements.noegle;
  if (key && !key.value) key.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
});
