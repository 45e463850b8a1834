import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { Destinations } from '../destinations/destinations.js';
import { MinistryClient, type ServedDestination } from './ministry-client.js';

export interface Way {
  destination: ServedDestination;
  client: MinistryClient;
}

/** Institutions whose connections are kept. */
const mostKept = 200;

/** The ministry's clients of the institutions, each for the destination as it is configured now. */
@Injectable()
export class Ways {
  private readonly kept = new Map<string, Way>();

  constructor(
    private readonly destinations: Pick<Destinations, 'find'>,
    private readonly connections: number,
  ) {}

  /** Undefined where no web service is configured, or nobody can open what is. */
  async find(institutionId: string): Promise<Way | undefined> {
    const destination = await this.destinations.find(institutionId);
    const known = this.kept.get(institutionId);
    if (known && isDeepStrictEqual(known.destination, destination)) return known;
    this.drop(institutionId);
    if (!destination?.service) return undefined;
    const [oldest] = this.kept.keys();
    if (this.kept.size >= mostKept && oldest !== undefined) this.drop(oldest);
    const served = { ...destination, service: destination.service };
    const way = { destination: served, client: new MinistryClient(served, this.connections) };
    this.kept.set(institutionId, way);
    return way;
  }

  async close(): Promise<void> {
    const ways = [...this.kept.values()];
    this.kept.clear();
    await Promise.all(ways.map(({ client }) => client.close()));
  }

  /** What is under way is still answered. */
  private drop(institutionId: string): void {
    void this.kept.get(institutionId)?.client.close();
    this.kept.delete(institutionId);
  }
}
