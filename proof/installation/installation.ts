import type pg from 'pg';
import type { InstitutionFile, LogLevel } from '#contracts';
import type { SeedAccount } from '../../apps/launcher/src/provisioning.js';
import type { Place } from '../search/place-search.js';

export const parts = ['gateway', 'nik-verification', 'data-balikan', 'reporting', 'postgres', 'nats'] as const;
export type Part = (typeof parts)[number];

/** What is proved to keep nothing: everything that runs, and where it keeps things. */
export interface Installation {
  readonly kind: 'launcher' | 'compose';
  readonly gatewayUrl: string;
  /** Health and metrics of the services. */
  readonly managementUrls: readonly string[];
  /** The sandbox as the proof reaches it, and as the installation does. */
  readonly sandbox: { controlUrl: string; ministryUrl: string };
  /** What it is made of, for the statement. */
  readonly made: Record<string, string>;

  /** Starts everything; `stop` and `remove` may be called at any time, also half-way. */
  start(): Promise<void>;
  /** By the seed command; may be run again. */
  provision(files: InstitutionFile[], accounts: SeedAccount[]): Promise<void>;
  /** As the superuser. */
  connect(database?: string): Promise<pg.Client>;
  useLogLevel(level: LogLevel): Promise<void>;
  /** Sends the signal to a part (for PostgreSQL to the process that serves nik-verification, unless it is SIGKILL), and waits for its end. */
  end(part: Part, signal: NodeJS.Signals): Promise<void>;
  /** Starts a part that has ended, and waits until it can be used. */
  revive(part: Part): Promise<void>;
  /** The core limit of every process that runs, as the kernel knows it. */
  coreLimits(): Promise<{ process: string; limit: string }[]>;

  stop(): Promise<void>;
  /** After `stop`: all that is left. */
  places(): Promise<Place[]>;
  /** After `stop`: PostgreSQL alone, to read what it keeps. */
  readDatabase<T>(read: (connect: (database?: string) => Promise<pg.Client>) => Promise<T>): Promise<T>;
  /** Takes away what is left. */
  remove(): Promise<void>;
}
