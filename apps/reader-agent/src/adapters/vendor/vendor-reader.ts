import type { Log } from '#service/log';
import type { CardReader } from '../../port.js';
import type { VendorConfig } from './config.js';
export class VendorReader {
  static async open(_config: VendorConfig, _log: Log): Promise<CardReader> {
    throw new Error('not yet');
  }
}
