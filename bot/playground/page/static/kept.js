// What this browser remembers for the page. One that remembers nothing does no harm.

export function recall(storage, key) {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

export function keep(storage, key, value) {
  try {
    window[storage].setItem(key, value);
  } catch {
    // Full or forbidden: then it is forgotten.
  }
}
