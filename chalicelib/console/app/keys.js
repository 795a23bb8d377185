// Keys that do something: each part says which are its own while it is there. `?` lists them. None works while somebody writes in a field.

import { t } from "./texts.js";

const groups = new Set();

/** `keys`: `{key, does, run}`. Returns how to take them back. */
export function listen(keys) {
  groups.add(keys);
  return () => groups.delete(keys);
}

/** All keys that work now; those of the innermost part first. */
export const working = () => [...groups].reverse().flatMap((keys) => keys());

/** The keys that lead from row to row of a table: `step(1)` to the next one, `step(-1)` back. */
export const rowKeys = (step) => [
  { key: "j", does: t("next row"), run: () => step(1) },
  { key: "k", does: t("row before"), run: () => step(-1) },
];

/** The number of the row that has the focus, by its `data-place`; -1 where none has it. */
export const chosenRow = () => Number(document.activeElement?.closest("tr[data-place]")?.dataset.place ?? -1);

const isWriting = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || (isWriting(event.target) && event.key !== "Escape")) return;
  const binding = working().find(({ key }) => key === event.key);
  if (!binding) return;
  event.preventDefault();
  binding.run(event);
});
