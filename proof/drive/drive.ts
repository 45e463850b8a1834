import type { LogLevel } from '#contracts';
import { driveDataBalikan } from './data-balikan.js';
import { driveEveryField } from './every-field.js';
import { driveEvidence } from './evidence.js';
import { driveInterruptions } from './interruptions.js';
import { driveManagement } from './management.js';
import { driveMinistryFaults } from './ministry-faults.js';
import { driveOfficial } from './official.js';
import { driveOutcomes } from './outcomes.js';
import { driveReaders } from './readers.js';
import { driveRefusals } from './refusals.js';
import { driveRepeats } from './repeats.js';
import type { Tour } from './tour.js';
import { driveWrongPlaces } from './wrong-places.js';

export type Progress = (what: string) => void;

type Stretch = [name: string, run: (tour: Tour) => Promise<void>];

/** Whatever a look-up can meet. */
const lookUps: Stretch[] = [
  ['outcomes', driveOutcomes],
  ['faults of the ministry', driveMinistryFaults],
  ['refusals', driveRefusals],
  ['repeats', driveRepeats],
  ['NIKs in wrong places', driveWrongPlaces],
];

/** What happens once in a run, at the level that says most and that comes last; the last of it ends what others need. */
const once: Stretch[] = [
  ['interruptions', driveInterruptions],
  ['data balikan', driveDataBalikan],
  ['an official', driveOfficial],
  ['cards at a reader', driveReaders],
  ['evidence', driveEvidence],
  ['every field of every route', driveEveryField],
];

/** As shipped, strict, and the most talkative, at which everything is driven. */
const levels: Record<Tour['scale'], LogLevel[]> = {
  small: ['info', 'error', 'debug'],
  full: ['info', 'warn', 'error', 'debug'],
};
/** In a small proof only so much at the levels that say less than `debug`. */
const mostWhereLessIsSaid = { small: 1, full: lookUps.length };

/** @returns the levels */
export async function driveLookUps(tour: Tour, say: Progress): Promise<LogLevel[]> {
  for (const level of levels[tour.scale]) {
    await tour.installation.useLogLevel(level);
    tour.caller.level = level;
    const stretches = level === 'debug' ? lookUps : lookUps.slice(0, mostWhereLessIsSaid[tour.scale]);
    for (const [name, run] of stretches) {
      say(`${name}, log level ${level}`);
      await run(tour);
    }
    await driveManagement(tour);
  }
  return levels[tour.scale];
}

export async function driveTheRest(tour: Tour, say: Progress): Promise<void> {
  for (const [name, run] of once) {
    say(name);
    await run(tour);
  }
  await tour.settle();
  await driveManagement(tour);
}
