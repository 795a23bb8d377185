// Keys that do something: each part says which are its own while it is there. `?` lists them. None works while somebody writes in a field.

const groups = new Set();

/** `keys`: `{key, does, run}`. Returns how to take them back. */
export function listen(keys) {
  groups.add(keys);
  return () => groups.delete(keys);
}

/** All keys that work now; those of the innermost part first. */
export const working = () => [...groups].reverse().flatMap((keys) => keys());

const isWriting = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || (isWriting(event.target) && event.key !== "Escape")) return;
  const found = working().find(({ key }) => key === event.key);
  if (!found) return;
  event.preventDefault();
  found.run(event);
});
