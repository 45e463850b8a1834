import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Log } from '#service/log';
import { Control } from './script.js';
import type { Simulator } from './simulator.js';

/** Lets a trainer or a test play the counter, by lines on standard input. */
export function followControl(input: Readable, simulator: Simulator, log: Log): void {
  createInterface({ input }).on('line', (line) => {
    try {
      simulator.control(Control.parse(JSON.parse(line)));
      // whoever plays waits for this: an order by the bus may otherwise be quicker
      log.event('info', 'the counter is played');
    } catch (error) {
      log.failure('control line not understood', error, {}, 'warn');
    }
  });
}
