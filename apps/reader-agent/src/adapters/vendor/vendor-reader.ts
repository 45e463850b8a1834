import { randomUUID } from 'node:crypto';
import type { CardElements } from '#contracts/readers/result';
import type { Log } from '#service/log';
import { ReadFailure, type CardReader, type ReadRequest, type ReaderState, type StandaloneCheck } from '../../port.js';
import type { VendorConfig } from './config.js';
import { toElements } from './elements.js';
import { HttpLink } from './http-link.js';
import type { VendorLink, VendorMessage } from './link.js';
import { StdioLink } from './stdio-link.js';

/** A read says a dozen things; a program that says more than this is out of its mind. */
const mostMessages = 200;
const noSam = { present: false, serial: null, atr: null };

interface Reading {
  id: string;
  request: ReadRequest;
  heard: number;
  tries: number;
  resolve(result: { tries: number; elements: CardElements }): void;
  reject(failure: ReadFailure): void;
}

/** A device whose vendor has a program for it: card, SAM and finger are the program's, words and places the settings'. */
export class VendorReader implements CardReader {
  readonly adapter = 'vendor';
  private link!: VendorLink;
  private status: NonNullable<VendorMessage['status']> | undefined;
  private reading: Reading | undefined;
  private allowed = false;
  private statusTimer: NodeJS.Timeout | undefined;
  private late: NodeJS.Timeout | undefined;
  private readonly changed: (() => void)[] = [];
  private readonly checked: ((check: StandaloneCheck) => void)[] = [];

  private constructor(private readonly config: VendorConfig) {}

  static async open(config: VendorConfig, log: Log): Promise<VendorReader> {
    const reader = new VendorReader(config);
    const listener = { message: (one: VendorMessage) => reader.hear(one), gone: () => reader.gone() };
    const { transport } = config;
    reader.link =
      transport.kind === 'stdio'
        ? new StdioLink(transport.command, listener, log)
        : new HttpLink(transport.url, listener, log);
    reader.askStatus();
    return reader;
  }

  state(): ReaderState {
    if (!this.status) return { reader: null, sam: noSam, faults: ['NO_VENDOR_SDK', 'READER_FAULT'] };
    const { reader, sam } = this.status;
    return { reader, sam, faults: reader === null ? ['NO_READER'] : sam.present ? [] : ['NO_SAM'] };
  }

  onChange(listener: () => void): void {
    this.changed.push(listener);
  }

  onStandaloneCheck(listener: (check: StandaloneCheck) => void): void {
    this.checked.push(listener);
  }

  allowStandalone(allowed: boolean): void {
    if (this.allowed !== allowed) this.link.send({ do: 'standalone', allowed });
    this.allowed = allowed;
  }

  async read(request: ReadRequest): Promise<{ tries: number; elements: CardElements }> {
    const id = randomUUID();
    let stopTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      this.link.send({ do: 'stop', id });
      // one that does not stop is made to
      stopTimer = setTimeout(() => {
        this.link.restart('does not stop');
        this.reading?.reject(new ReadFailure('READER_FAULT'));
      }, this.config.timeouts.stop);
    };
    try {
      return await new Promise((resolve, reject) => {
        this.reading = { id, request, heard: 0, tries: 0, resolve, reject };
        request.signal.addEventListener('abort', stop, { once: true });
        if (!this.link.send({ do: 'read', id, mostTries: request.mostTries })) reject(new ReadFailure('READER_FAULT'));
      });
    } finally {
      clearTimeout(stopTimer);
      this.reading = undefined;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.statusTimer);
    clearTimeout(this.late);
    await this.link.close();
  }

  private hear(message: VendorMessage): void {
    if (message.status) this.stands(message.status);
    const check = message.check && this.outcomeOfCheck(message.check.outcome);
    if (message.check && check && this.allowed)
      for (const listener of this.checked) listener({ outcome: check, tries: Math.min(message.check.tries, 4) });
    const { reading } = this;
    if (!reading || message.id !== reading.id) return;
    if (++reading.heard > mostMessages) {
      reading.reject(new ReadFailure('READER_FAULT', reading.tries));
      this.reading = undefined;
      return this.link.restart('floods');
    }
    reading.tries = message.tries ?? reading.tries;
    if (message.data) reading.resolve({ tries: reading.tries, elements: toElements(message.data, this.config) });
    else if (message.error !== undefined)
      reading.reject(new ReadFailure(wordOf(this.config.errors, message.error) ?? 'READER_FAULT', reading.tries));
    else if (message.step !== undefined) {
      const step = wordOf(this.config.steps, message.step);
      if (step) reading.request.onProgress(step, reading.tries);
    }
  }

  private outcomeOfCheck(word: string): StandaloneCheck['outcome'] | undefined {
    return word === 'MATCHED' ? 'MATCHED' : wordOf(this.config.errors, word);
  }

  private stands(status: NonNullable<VendorMessage['status']>): void {
    clearTimeout(this.late);
    this.late = undefined;
    const before = JSON.stringify(this.status);
    // the program has begun anew: it is told again what it may do
    if (!this.status && this.allowed) this.link.send({ do: 'standalone', allowed: true });
    this.status = status;
    if (JSON.stringify(status) !== before) for (const listener of this.changed) listener();
  }

  private gone(): void {
    const had = this.status !== undefined;
    this.status = undefined;
    this.reading?.reject(new ReadFailure('READER_FAULT', this.reading.tries));
    if (had) for (const listener of this.changed) listener();
  }

  private askStatus(): void {
    const { status, statusEvery } = this.config.timeouts;
    // one that hangs is begun anew
    if (this.link.send({ do: 'status' }))
      this.late ??= setTimeout(() => {
        this.late = undefined;
        this.gone();
        this.link.restart('does not answer');
      }, status);
    this.statusTimer = setTimeout(() => this.askStatus(), statusEvery);
  }
}

/** Not what every object has: a program's word may be `constructor`. */
const wordOf = <T>(words: Record<string, T>, word: string): T | undefined =>
  Object.hasOwn(words, word) ? words[word] : undefined;
