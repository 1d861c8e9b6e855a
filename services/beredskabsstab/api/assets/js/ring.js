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
