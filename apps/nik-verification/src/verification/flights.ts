/** Look-ups that this replica has on their way: an identical one shares the answer and the hit. */
export class Flights<T> {
  private readonly inFlight = new Map<string, Promise<T>>();

  constructor(private readonly most: number) {}

  get full(): boolean {
    return this.inFlight.size >= this.most;
  }

  find(key: string): Promise<T> | undefined {
    return this.inFlight.get(key);
  }

  share(key: string, work: () => Promise<T>): Promise<T> {
    const flight = work().finally(() => {
      if (this.inFlight.get(key) === flight) this.inFlight.delete(key);
    });
    this.inFlight.set(key, flight);
    return flight;
  }
}
