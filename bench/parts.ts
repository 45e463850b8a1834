export interface Part {
  stop(): void | Promise<void>;
}

/** What must be stopped whatever happens, last come first. */
export class Parts {
  private readonly running: Part[] = [];
  private isOver = false;

  /** Throws when everything is being stopped: a part that was still starting then is stopped as well. */
  keep<T extends Part>(part: T): T {
    this.running.unshift(part);
    if (this.isOver) throw new Error('the benchmark is being stopped');
    return part;
  }

  /** Before the end, because what follows must not meet it. */
  async stop(part: Part): Promise<void> {
    const at = this.running.indexOf(part);
    if (at >= 0) this.running.splice(at, 1);
    await part.stop();
  }

  async stopAll(): Promise<void> {
    this.isOver = true;
    for (let part = this.running.shift(); part; part = this.running.shift()) await part.stop();
  }
}
