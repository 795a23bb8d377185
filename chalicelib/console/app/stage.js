// What the page was told of its stage: whether it is a sandbox, where people sign in, which languages there are.

export const stage = JSON.parse(document.getElementById("stage").textContent);

/** An address of this API, wherever the page is served from. */
export const address = (path) => new URL(path.replace(/^\//, ""), document.baseURI);

/** What is for everybody: asked without a token. */
export async function fetched(path, headers = {}) {
  const answer = await fetch(address(path), { headers });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}
