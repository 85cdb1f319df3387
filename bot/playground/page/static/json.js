// JSON as a person reads it: indented, keys and values told apart.

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gu;

function kindOf(match) {
  if (match[2] !== undefined) return "key";
  return match[1] === undefined ? "literal" : "text";
}

export function prettyJson(content) {
  const text = JSON.stringify(content, null, 2);
  const fragment = document.createDocumentFragment();
  let done = 0;
  for (const match of text.matchAll(TOKEN)) {
    const span = document.createElement("span");
    span.className = `p-json-${kindOf(match)}`;
    span.textContent = match[1] ?? match[0];
    fragment.append(text.slice(done, match.index), span);
    done = match.index + span.textContent.length;
  }
  fragment.append(text.slice(done));
  return fragment;
}
