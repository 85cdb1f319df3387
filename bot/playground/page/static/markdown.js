// The markdown block: the common forms of Markdown. What is none of these stays as typed.
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { isSafe, linkTo } from "./entities.js";

const INLINE = [
  [/^`([^`\n]+)`/, (found) => el("code", { class: "b-code" }, found[1])],
  [/^\*\*(?=\S)(.+?)(?<=\S)\*\*/, (found) => el("strong", {}, ...inline(found[1]))],
  [/^__(?=\S)(.+?)(?<=\S)__/, (found) => el("strong", {}, ...inline(found[1]))],
  [/^~~(?=\S)(.+?)(?<=\S)~~/, (found) => el("s", {}, ...inline(found[1]))],
  [/^\*(?=[^\s*])([^*\n]+?)(?<=\S)\*/, (found) => el("em", {}, ...inline(found[1]))],
  [/^_(?=[^\s_])([^_\n]+?)(?<=\S)_(?!\w)/, (found) => el("em", {}, ...inline(found[1]))],
  [/^\[([^\]\n]+)\]\(([^\s()]+)\)/, (found) => (isSafe(found[2]) ? linkTo(found[2], found[1]) : document.createTextNode(found[0]))],
  [/^https?:\/\/[^\s<>]*[^\s<>.,;:!?)]/i, (found) => linkTo(found[0])],
];
const STARTS = /[`*_~[hH]/;

/** A Markdown text: headings, lists, quotations, fences, rules, and styles within a line. */
export function renderMarkdown(source) {
  const shown = document.createDocumentFragment();
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  while (lines.length) shown.append(...piece(lines));
  return shown;
}

// Takes the lines of one piece from the front and makes its nodes.
function piece(lines) {
  const line = lines.shift();
  if (!line.trim()) return [];
  const fence = /^```/.test(line);
  if (fence) {
    const inner = taken(lines, (one) => !/^```/.test(one));
    lines.shift();
    return [el("pre", { class: "b-pre", dir: "auto" }, inner.join("\n"))];
  }
  const heading = /^(#{1,6}) +(.*?) *#*$/.exec(line);
  if (heading) return [el(heading[1].length < 3 ? "h3" : "h4", { class: "b-markdown-heading" }, ...inline(heading[2]))];
  if (/^(?:-{3,}|\*{3,}|_{3,})$/.test(line.trim())) return [el("hr")];
  if (/^> ?/.test(line)) {
    const held = [line, ...taken(lines, (one) => /^> ?/.test(one))].map((one) => one.replace(/^> ?/, ""));
    return [el("blockquote", { class: "b-quote" }, renderMarkdown(held.join("\n")))];
  }
  for (const [tag, mark] of [["ul", /^\s*[-*+] +/], ["ol", /^\s*\d{1,9}[.)] +/]]) {
    if (!mark.test(line)) continue;
    const items = [line, ...taken(lines, (one) => mark.test(one))].map((one) => el("li", {}, ...inline(one.replace(mark, ""))));
    return [el(tag, { class: "b-list b-indent-0 b-marks-0", start: tag === "ol" ? Number.parseInt(line, 10) : null }, ...items)];
  }
  const plain = [line, ...taken(lines, (one) => one.trim() && !/^(?:```|#{1,6} |> ?|\s*[-*+] |\s*\d{1,9}[.)] )/.test(one))];
  return [el("p", {}, ...inline(plain.join("\n")))];
}

function taken(lines, fits) {
  const end = lines.findIndex((one) => !fits(one));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function inline(source) {
  const nodes = [];
  let words = "";
  for (let at = 0; at < source.length; ) {
    const rest = STARTS.test(source[at]) && !(/\w/.test(source[at - 1] ?? "") && /[_hH]/.test(source[at])) ? source.slice(at, at + 4000) : "";
    const rule = rest && INLINE.find(([form]) => form.test(rest));
    if (!rule) {
      words += source[at];
      at += 1;
      continue;
    }
    if (words) nodes.push(document.createTextNode(withEmoji(words)));
    words = "";
    const found = rule[0].exec(rest);
    nodes.push(rule[1](found));
    at += found[0].length;
  }
  if (words) nodes.push(document.createTextNode(withEmoji(words)));
  return nodes;
}
