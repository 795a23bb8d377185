/** Files: sent straight to storage, with the form that the API signed for it. */

/** Storage did not take the file: it is larger, of another type, or later than the form allows. */
export class UploadRefused extends Error {
  override readonly name = "UploadRefused";
}

/** Sends a file with `upload` of the answer that announced it. */
export async function upload(form: { url: string; fields: Record<string, unknown> }, file: Blob | Uint8Array<ArrayBuffer>): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, String(value));
  body.append("file", file instanceof Blob ? file : new Blob([file]), "file");
  const answer = await fetch(form.url, { method: "POST", body });
  if (!answer.ok) throw new UploadRefused(`${answer.status} from storage.`);
}
