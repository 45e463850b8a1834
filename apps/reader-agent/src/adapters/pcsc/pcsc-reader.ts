import type { Log } from '#service/log';
import type { CardReader } from '../../port.js';
import type { PcscConfig } from './config.js';
export class PcscReader {
  static async open(_config: PcscConfig, _log: Log): Promise<CardReader> {
    throw new Error('not yet');
  }
}
