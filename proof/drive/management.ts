import type { Tour } from './tour.js';

/** Figures and health: whoever scrapes them keeps them for years. */
export async function driveManagement(tour: Tour): Promise<void> {
  for (const url of tour.installation.managementUrls)
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      await tour.caller.sendOther(`figures: ${path}`, `${url}${path}`);
}
