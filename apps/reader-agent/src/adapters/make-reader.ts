import type { Log } from '#service/log';
import type { AgentConfig } from '../config.js';
import type { CardReader } from '../port.js';
import { followControl } from './simulator/control-channel.js';
import { Simulator } from './simulator/simulator.js';

/** The device that the settings name. What one adapter needs is not loaded for another. */
export async function makeReader(config: AgentConfig, log: Log): Promise<CardReader> {
  if (config.adapter === 'pcsc') {
    const { PcscReader } = await import('./pcsc/pcsc-reader.js');
    return PcscReader.open(config.pcsc, log);
  }
  if (config.adapter === 'vendor' && config.vendor) {
    const { VendorReader } = await import('./vendor/vendor-reader.js');
    return VendorReader.open(config.vendor, log);
  }
  const simulator = new Simulator(config.simulator);
  followControl(process.stdin, simulator, log);
  return simulator;
}
