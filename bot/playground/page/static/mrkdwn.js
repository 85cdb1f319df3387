// Slack's mrkdwn as DOM: fences, quotes, styles, code, links, mentions, dates, emoji. What is none of these stays as typed.
import { el } from "./dom.js";
import { plainWords, renderPlain, withEmoji } from "./emoji.js";
import { entityNode, isSafe, linkTo, unescaped } from "./entities.js";

export { renderPlain };

const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const BARE_URL = /^https?:\/\/[^\s<>"'`|]+/i;
const EMAIL = /^[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w@])/;
const CHANNEL = /^#([\p{Ll}\p{N}_-]{1,80})/u;
const DEEPEST = 6;

/** A mrkdwn text. `verbatim`: bare addresses and channel names are left as words, as Slack does then. */
export function renderMrkdwn(text, context, { verbatim = false } = {}) {
  const shown = document.createDocumentFragment();
  const source = String(text ?? "").replace(/\r\n?/g, "\n");
  let from = 0;
  for (const fence of source.matchAll(/```([\s\S]+?)```/g)) {
    quoted(shown, source.slice(from, fence.index).replace(/\n$/, ""), { context, verbatim });
    shown.append(el("pre", { class: "b-pre", dir: "auto" }, ...inCode(fence[1].replace(/^\n|\n$/g, ""), context)));
    from = fence.index + fence[0].length;
    if (source[from] === "\n") from += 1;
  }
  quoted(shown, source.slice(from), { context, verbatim });
  return shown;
}

/** A text object, plain or mrkdwn, or a string, which is plain. */
export function renderText(text, context) {
  if (text?.type === "mrkdwn") return renderMrkdwn(text.text, context, { verbatim: text.verbatim === true });
  return renderPlain(text);
}

/** The words that a text object comes to, without any styling: for labels that hold no markup. */
export function wordsOf(text, context) {
  return text?.type === "mrkdwn" ? renderText(text, context).textContent : plainWords(text);
}

// Lines that begin with > are a quotation; >>> takes all that follows.
function quoted(parent, source, reading) {
  const lines = source === "" ? [] : source.split("\n");
  let plain = [];
  const flush = (into, held) => {
    if (held.length) into.append(...inline(held.join("\n"), reading));
  };
  for (let at = 0; at < lines.length; at += 1) {
    const rest = /^(?:&gt;|>){3} ?/.exec(lines[at]);
    const start = rest ?? /^(?:&gt;|>) ?/.exec(lines[at]);
    if (start === null) {
      plain.push(lines[at]);
      continue;
    }
    flush(parent, plain);
    plain = [];
    const held = [lines[at].slice(start[0].length)];
    while (at + 1 < lines.length && (rest || /^(?:&gt;|>)/.test(lines[at + 1]))) {
      at += 1;
      held.push(rest ? lines[at] : lines[at].replace(/^(?:&gt;|>) ?/, ""));
    }
    const quote = el("blockquote", { class: "b-quote", dir: "auto" });
    flush(quote, held);
    parent.append(quote);
  }
  flush(parent, plain);
}

// The nodes of a text in one run: a scan from the left, where each thing that may mean something is tried in turn.
function inline(source, reading, depth = 0) {
  const nodes = [];
  let words = "";
  const say = () => {
    if (words) nodes.push(document.createTextNode(withEmoji(unescaped(words))));
    words = "";
  };
  for (let at = 0; at < source.length; ) {
    const found = somethingAt(source, at, reading, depth);
    if (found === null || found.node === null) {
      const length = found?.length ?? 1;
      words += source.slice(at, at + length);
      at += length;
    } else {
      say();
      nodes.push(found.node);
      at += found.length;
    }
  }
  say();
  return nodes;
}

function somethingAt(source, at, reading, depth) {
  const sign = source[at];
  if (sign === "<") return entityAt(source, at, reading.context);
  if (sign === "`") return codeAt(source, at, reading.context);
  if (sign in STYLES) return styledAt(source, at, reading, depth);
  if (reading.verbatim || !startsAt(source, at)) return null;
  if (sign === "h" || sign === "H") return urlAt(source, at);
  if (sign === "#") return channelAt(source, at, reading.context);
  return /[\w]/.test(sign) ? emailAt(source, at) : null;
}

function entityAt(source, at, context) {
  const found = /^<([^<>\n]+)>/.exec(source.slice(at, at + 3100));
  // One that means nothing stays as typed, and nothing in it comes alive.
  return found && { node: entityNode(found[1], context), length: found[0].length };
}

function codeAt(source, at, context) {
  const found = startsAt(source, at) && /^`([^`\n]+)`/.exec(source.slice(at));
  if (!found || WORD.test(source[at + found[0].length] ?? "")) return null;
  return { node: el("code", { class: "b-code", dir: "auto" }, ...inCode(found[1], context)), length: found[0].length };
}

// A sign opens a style at the start of a word and closes it at the end of one, on the same line.
function styledAt(source, at, reading, depth) {
  const sign = source[at];
  const after = source[at + 1];
  if (depth >= DEEPEST || !startsAt(source, at) || source[at - 1] === sign) return null;
  if (after === undefined || after === sign || /\s/.test(after)) return null;
  const end = closing(source, at, sign);
  if (end < 0) return null;
  return { node: el(STYLES[sign], {}, ...inline(source.slice(at + 1, end), reading, depth + 1)), length: end + 1 - at };
}

function closing(source, from, sign) {
  for (let at = from + 1; at < source.length && source[at] !== "\n"; at += 1) {
    if (source[at] === "<" || source[at] === "`") {
      const whole = /^(?:<[^<>\n]+>|`[^`\n]+`)/.exec(source.slice(at, at + 3100));
      if (whole) at += whole[0].length - 1;
    } else if (source[at] === sign && at > from + 1 && !/\s/.test(source[at - 1])) {
      const next = source[at + 1] ?? "";
      if (next !== sign && !WORD.test(next)) return at;
    }
  }
  return -1;
}

// Code shows what is in it as it stands, but for links and mentions, which Slack keeps alive there.
function inCode(source, context) {
  return source.split(/(<[^<>\n]+>)/).map((part) => {
    const inner = /^<([^<>\n]+)>$/.exec(part);
    return (inner && entityNode(inner[1], context)) ?? document.createTextNode(unescaped(part));
  });
}

function urlAt(source, at) {
  const found = BARE_URL.exec(source.slice(at, at + 3000));
  if (!found) return null;
  // What ends a sentence, and a bracket that was opened before the address, are no part of it.
  let raw = found[0].split(/&(?:lt|gt);/)[0].replace(/[.,;:!?*_~]+$/, "");
  if (raw.endsWith(")") && !raw.includes("(")) raw = raw.replace(/\)+$/, "");
  const url = unescaped(raw);
  return isSafe(url) ? { node: linkTo(url), length: raw.length } : null;
}

function emailAt(source, at) {
  const found = EMAIL.exec(source.slice(at, at + 330));
  return found && { node: linkTo(`mailto:${found[0]}`, found[0]), length: found[0].length };
}

function channelAt(source, at, context) {
  const found = CHANNEL.exec(source.slice(at, at + 90));
  const known = found && (context.channels ?? []).find((one) => one.name === found[1] && one.kind !== "im");
  return known ? { node: entityNode(`#${known.id}`, context), length: found[0].length } : null;
}

function startsAt(source, at) {
  return at === 0 || !WORD.test(source[at - 1]);
}
