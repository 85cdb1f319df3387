// A thin line that moves while an answer is waited for, once that takes longer than a moment.

const MOMENT = 250;

export class Working {
  constructor(node) {
    this.node = node;
    this.waiting = 0;
  }

  async during(promise) {
    this.waiting += 1;
    const late = setTimeout(() => {
      this.node.hidden = false;
    }, MOMENT);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.waiting -= 1;
      if (this.waiting === 0) this.node.hidden = true;
    }
  }
}
