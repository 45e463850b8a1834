import { z } from 'zod';
import { PcscConfig } from './adapters/pcsc/config.js';
import { SimulatorScript } from './adapters/simulator/script.js';
import { VendorConfig } from './adapters/vendor/config.js';
import { Deadlines } from './session/deadlines.js';
import { isDiskError, type StateFolder } from './state/state-folder.js';

/** `agent.json` of the state folder. There is no default adapter: a simulator must never answer at a real counter by accident. */
export const AgentConfig = z
  .strictObject({
    adapter: z.enum(['simulator', 'pcsc', 'vendor']),
    logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    deadlines: Deadlines,
    simulator: SimulatorScript.prefault({}),
    pcsc: PcscConfig.prefault({}),
    vendor: VendorConfig.optional(),
  })
  .refine(({ adapter, vendor }) => adapter !== 'vendor' || vendor !== undefined, {
    path: ['vendor'],
    message: 'is required with this adapter',
  });
export type AgentConfig = z.infer<typeof AgentConfig>;

/** The settings cannot be used; `faults` lists every one, without any value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly faults: readonly string[]) {
    super(faults.join('; '));
  }
}

/** @throws {SettingsError} */
export function loadConfig(folder: StateFolder): AgentConfig {
  const path = folder.file('agent.json');
  let given: unknown;
  try {
    given = folder.read('agent.json');
  } catch (error) {
    if (isDiskError(error)) throw error;
    throw new SettingsError([`${path}: bukan JSON yang benar`]);
  }
  if (given === undefined) throw new SettingsError([`${path}: belum ada`]);
  const parsed = AgentConfig.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SettingsError(parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || path}: ${message}`));
}
