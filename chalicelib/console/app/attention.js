// Whether somebody looks at this page: it is asked anew by itself only then.

const LASTS = 30 * 60_000; // milliseconds without a key or a click, after which nobody looks any more
let touched = Date.now();
for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => (touched = Date.now()), { passive: true });

export const isLookedAt = () => document.visibilityState === "visible" && Date.now() - touched < LASTS;
