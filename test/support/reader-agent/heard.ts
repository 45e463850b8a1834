const withinMs = 20_000;

/** What was heard so far, and a way to wait for what is still to come. */
export class Heard<T> {
  readonly all: T[] = [];
  private readonly waiting = new Set<() => void>();

  add(one: T): void {
    this.all.push(one);
    for (const look of [...this.waiting]) look();
  }

  /** The first that fits, from a place on. */
  find(fits: (one: T) => boolean, from = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        reject(new Error(`not heard within ${withinMs} ms; last: ${JSON.stringify(this.all.slice(-3))}`));
      }, withinMs);
      const look = () => {
        const found = this.all.slice(from).find(fits);
        if (found === undefined) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }

  /** The first that fits of those to come. */
  next(fits: (one: T) => boolean): Promise<T> {
    return this.find(fits, this.all.length);
  }
}
