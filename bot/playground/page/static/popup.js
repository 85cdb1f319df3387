// A list that opens over everything else, beside what it belongs to, and closes when somebody looks elsewhere.

const GAP = 4;
const EDGE = 8;
const TALLEST = 320;

/** Opens and closes `panel` beside `anchor`. Both must be in the document when it opens. */
export function openAt(anchor, panel, { onClose = () => {}, wide = false } = {}) {
  let isOpen = false;
  const view = () => document.defaultView;
  const place = () => {
    if (!anchor.isConnected) return close();
    const at = anchor.getBoundingClientRect();
    const { innerWidth: width, innerHeight: height } = view();
    const below = height - at.bottom - GAP - EDGE;
    const above = at.top - GAP - EDGE;
    panel.style.minWidth = wide ? `${at.width}px` : "";
    panel.style.maxWidth = `${width - 2 * EDGE}px`;
    panel.style.maxHeight = `${Math.min(TALLEST, Math.max(below, above))}px`;
    const size = panel.getBoundingClientRect();
    const upward = size.height > below && above > below;
    panel.style.top = `${upward ? at.top - GAP - size.height : at.bottom + GAP}px`;
    const fits = at.left + size.width <= width - EDGE;
    panel.style.left = `${Math.max(EDGE, fits ? at.left : at.right - size.width)}px`;
    return undefined;
  };
  const elsewhere = (event) => {
    if (!anchor.contains(event.target) && !panel.contains(event.target)) close();
  };
  const scrolled = (event) => {
    if (!panel.contains(event.target)) place();
  };
  function open() {
    if (isOpen || !anchor.isConnected) return;
    isOpen = true;
    panel.showPopover();
    place();
    document.addEventListener("pointerdown", elsewhere, true);
    document.addEventListener("scroll", scrolled, true);
    view().addEventListener("resize", place);
  }
  function close() {
    if (!isOpen) return;
    isOpen = false;
    if (panel.isConnected) panel.hidePopover();
    document.removeEventListener("pointerdown", elsewhere, true);
    document.removeEventListener("scroll", scrolled, true);
    view().removeEventListener("resize", place);
    onClose();
  }
  return { open, close, place, isOpen: () => isOpen };
}
