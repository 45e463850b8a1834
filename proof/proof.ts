import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLevel } from '#contracts';
import { controlCoreDump, type CoreControl } from './cores/core-control.js';
import { coreLimitOf } from './cores/core-limit.js';
import { corePattern } from './cores/core-places.js';
import { hidingSettings, readSettings } from './database/settings.js';
import { searchDatabases, type SearchedText } from './database/text-search.js';
import { CanaryBook } from './drive/canary-book.js';
import { driveLookUps, driveTheRest, type Progress } from './drive/drive.js';
import { Sandbox } from './drive/sandbox.js';
import { Tour, type Scale } from './drive/tour.js';
import type { Installation } from './installation/installation.js';
import type { Rehearsal } from './options.js';
import {
  plantedLabel,
  plantInAnswers,
  plantInDatabase,
  plantInPlaces,
  textPlace,
  type Planted,
} from './planting/plant.js';
import { searchAnswers } from './search/answer-search.js';
import { encodings, patternsOf } from './search/encodings.js';
import { Matcher } from './search/matcher.js';
import { PlaceSearch, type Place, type SearchedPlace } from './search/place-search.js';
import { findingReasons, findPlanted, judge, limitReasons, undrivenRoutes, unreadReasons } from './statement/judge.js';
import { describeMachine, describeProduct } from './statement/product.js';
import { outside, type Statement } from './statement/statement.js';

export interface Plan {
  scale: Scale;
  rehearse: Rehearsal | undefined;
  /** What the proof needs for itself, beside the installation. */
  folder: string;
  coreDumpsPossible: boolean;
  say: Progress;
}

/** Drives the canaries through the installation, stops it, searches what is left, and says what came of it. */
export async function prove(installation: Installation, begun: Date, plan: Plan): Promise<Statement> {
  const { say } = plan;
  const canaries = new CanaryBook(new Sandbox(installation.sandbox.controlUrl));
  const tour = new Tour(installation, canaries, plan.scale);
  await tour.begin();
  const logLevels = await driveLookUps(tour, say);
  say('core dump without the limit');
  const control = await controlCoreDump(tour, plan.folder, plan.coreDumpsPossible);
  await driveTheRest(tour, say);
  const limits = await installation.coreLimits();
  const planted = canaries.stranger(plantedLabel);
  const plantings = await plantInDatabase(tour, planted);
  if (plan.rehearse === 'table') await leakIntoTable(tour);

  say('stop');
  await installation.stop();
  const places = await installation.places();
  if (plan.rehearse === 'log') await leakIntoLog(tour, places);
  const searched = await search(tour, places, plantings, plan);
  return state(tour, searched, { begun, plan, logLevels, limits, control, plantings });
}

interface Searched {
  matcher: Matcher;
  places: SearchedPlace[];
  text: SearchedText;
  settings: Record<string, string>;
  notPlanted: string[];
}

async function search(tour: Tour, places: Place[], plantings: Planted[], { say }: Plan): Promise<Searched> {
  const { canaries, installation } = tour;
  const planted = canaries.stranger(plantedLabel);
  const home = places.find(({ name }) => name.startsWith('folder keadaan')) ?? places[0];
  if (!home) throw new Error('there is no place to search');
  const inPlaces = await plantInPlaces(places, home, planted);
  const answers = tour.caller.answers.all;
  plantings.push(...inPlaces.planted, ...plantInAnswers(answers, planted));
  const matcher = new Matcher(patternsOf(canaries.secrets));
  say(`search: ${matcher.patterns.length} patterns`);
  try {
    const found: SearchedPlace[] = [searchAnswers(answers, matcher)];
    for (const place of places) {
      const one = await new PlaceSearch(place, matcher).run();
      found.push(one);
      say(`  ${one.name}: ${one.files} files, ${(one.bytes / 1e6).toFixed(1)} MB`);
    }
    const read = await installation.readDatabase(async (connect) => ({
      text: await searchDatabases(connect, matcher, textPlace),
      settings: await readSettings(connect),
    }));
    say(`  ${read.text.name}: ${read.text.files} tables, ${(read.text.bytes / 1e6).toFixed(1)} MB`);
    return { matcher, places: [...found, read.text], notPlanted: inPlaces.notPlanted, ...read };
  } finally {
    for (const file of inPlaces.files) await rm(file, { force: true });
  }
}

interface Known {
  begun: Date;
  plan: Plan;
  logLevels: LogLevel[];
  limits: { process: string; limit: string }[];
  control: CoreControl;
  plantings: Planted[];
}

async function state(tour: Tour, searched: Searched, known: Known): Promise<Statement> {
  const { matcher, places, text, settings, notPlanted } = searched;
  const { caller, canaries, installation } = tour;
  const all = places.flatMap(({ findings }) => findings);
  const findings = all.filter(({ canary }) => canary !== plantedLabel);
  const planted = findPlanted(known.plantings, all);
  const { undriven, reasons } = undrivenRoutes(caller.paths.drivenRoutes);
  const gaps = [
    ...planted.missing.map((what) => `The search did not find what was planted: ${what}.`),
    ...reasons,
    ...unreadReasons(places),
    ...hidingSettings(settings),
    ...limitReasons(known.limits),
  ];
  return {
    kind: 'gerbang-paten/retention-proof/1',
    verdict: judge(findings, gaps),
    reasons: [...findingReasons(findings), ...gaps],
    rehearsal: known.plan.rehearse ?? null,
    product: await describeProduct(),
    begunAt: known.begun.toISOString(),
    endedAt: new Date().toISOString(),
    machine: describeMachine(),
    installation: { kind: installation.kind, made: { ...installation.made }, logLevels: known.logLevels },
    scale: known.plan.scale,
    canaries: { count: canaries.count, values: canaries.secrets.length },
    search: {
      encodings: encodings.map(({ name, meaning }) => ({
        name,
        meaning,
        patterns: matcher.patterns.filter(({ encoding }) => encoding === name).length,
      })),
      patterns: matcher.patterns.length,
      files: places.reduce((sum, { files }) => sum + files, 0),
      bytes: places.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    places: places.map(({ findings: _findings, ...place }) => place),
    database: { settings, packedValues: text.packedValues },
    coreDumps: { pattern: corePattern(), inherited: coreLimitOf('self'), limits: known.limits, control: known.control },
    paths: caller.paths.drivenPaths,
    routes: caller.paths.drivenRoutes,
    undriven,
    planted: { ...planted, notPlanted },
    findings,
    outside,
  };
}

/** Rehearsals: what a careless line of code would do. */
const rehearsed = async (tour: Tour) => tour.canaries.of('rehearsed leak');

async function leakIntoTable(tour: Tour): Promise<void> {
  const { guest } = await rehearsed(tour);
  await tour.sql('CREATE TABLE access.latihan AS SELECT $1::text AS catatan', [guest.namaLengkap]);
}

async function leakIntoLog(tour: Tour, places: readonly Place[]): Promise<void> {
  const { nik } = tour.canaries.stranger('rehearsed leak');
  const logs = places.find(({ name }) => name === 'log');
  if (!logs) throw new Error('there are no logs');
  await appendFile(join(logs.folder, 'gateway-1.log'), `{"level":"debug","msg":"request","nik":"${nik}"}\n`);
}
