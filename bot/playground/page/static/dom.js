// Makes elements. Words go in as text nodes only, so that nothing that people wrote becomes markup.

/** An element with its attributes and children. A null, undefined or false attribute is left out, true is an empty one. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  setAll(node, attributes);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Sets attributes, and takes away those whose value is null, undefined or false. */
export function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** A small picture drawn from one path in a 20 by 20 field; screen readers pass it over. */
export function icon(path, name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [key, value] of [["viewBox", "0 0 20 20"], ["aria-hidden", "true"], ["class", `b-icon b-icon-${name}`]]) svg.setAttribute(key, value);
  const shape = document.createElementNS(space, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

/** The parts as an id that may stand in a list of ids: what is no letter, digit or hyphen becomes its code. */
export function idOf(...parts) {
  return parts.map((part) => String(part ?? "").replace(/[^A-Za-z0-9-]/gu, (one) => `_${one.codePointAt(0).toString(16)}`)).join("--");
}

/** Whether two pieces of JSON say the same, whatever the order of their keys. */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]));
}

/** Makes `parent` hold `wanted` in this order. What stays is not moved where that can be helped, so that it keeps the focus. */
export function arrange(parent, wanted) {
  const staying = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!staying.has(child)) child.remove();
  let cursor = parent.firstChild;
  for (const node of wanted) {
    if (node.parentNode === parent && node.contains(document.activeElement)) {
      while (cursor !== node) {
        const next = cursor.nextSibling;
        parent.append(cursor);
        cursor = next;
      }
    }
    if (cursor === node) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}
