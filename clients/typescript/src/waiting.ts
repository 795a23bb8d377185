/** Waiting for what happens off the request: a bank's event, a delivery, a run. */

/** What was waited for did not come. */
export class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

/** What `look` finds, as soon as it finds something. */
export async function until<T>(look: () => Promise<T | false | null | undefined>, seconds = 60, everyMs = 200): Promise<T> {
  const ends = Date.now() + seconds * 1_000;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > ends) throw new TookTooLong(`Nothing came in ${seconds} seconds.`);
    await new Promise((over) => setTimeout(over, everyMs));
  }
}
