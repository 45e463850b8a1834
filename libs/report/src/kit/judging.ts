import type { ReportContent } from '#contracts';
import { instant, jakartaDay } from '../calendar.js';
import { quotaFigures } from '../figures/quota.js';
import { registerFigures } from '../figures/register.js';
import type { Recounted } from '../recount.js';
import { differences } from './compare.js';
import type { KitFindings } from './findings.js';
import type { Basis, KitTable } from './kit-report.js';
import type { RegisterActs } from './register-acts.js';
import * as says from './says.js';

/** Records are accepted, and registers asked for, in the last moments before a checkpoint is signed. Microseconds. */
export const patience = 60_000_000;

/** Compares each table of the report with what was counted anew, and tells every value that differs. */
export function judgeFigures(
  content: ReportContent,
  found: Recounted,
  then: Recounted | undefined,
  findings: KitFindings,
): KitTable[] {
  const { figures, register, period, asOf } = content;
  const table = (path: string, basis: Basis, told: unknown, counted: unknown): KitTable => {
    let compared = 0;
    const differing = differences(told, counted, path, () => (compared += 1));
    for (const one of differing) {
      findings.add(says.figureDiffers(one.path, one.told, one.found, basis === 'DECLARED' ? 'register' : 'log'));
    }
    return { path, basis, compared, differing: differing.length };
  };
  const quota = quotaFigures(found.lookUps.days, register.agreements, period, jakartaDay(asOf.at));
  const tables = [
    table('figures.lookUps', 'LOG', figures.lookUps, found.lookUps),
    table('figures.incidents', 'LOG', figures.incidents, found.incidents),
    table('figures.readers', 'LOG_AND_PARTICULARS', figures.readers, found.readers),
    table('figures.dataBalikan', 'LOG_AND_PARTICULARS', figures.dataBalikan, found.dataBalikan),
    table('figures.quota', 'LOG_AND_REGISTER', figures.quota, quota),
    table('figures.register', 'DECLARED', figures.register, registerFigures(register, period, asOf.at)),
  ];
  const whole = ['lookUps', 'incidents', 'readers', 'dataBalikan', 'quota', 'register'];
  for (const key of Object.keys(figures).filter((name) => !whole.includes(name))) {
    findings.add(says.figureDiffers(`figures.${key}`, figures[key as 'quota'], undefined, 'log'));
  }
  if (content.reported === null || then === undefined) return tables;
  const { asOf: _, ...told } = content.reported;
  const counted = {
    ...{ hits: then.lookUps.total.hits, refused: then.lookUps.total.refused },
    ...{ reads: then.readers.reads, delivered: then.dataBalikan.delivered },
  };
  return [...tables, table('reported', 'LOG_AND_PARTICULARS', told, counted)];
}

/** Compares what the register declares with what acts of the log have put on file. */
export function judgeRegister({ register }: ReportContent, acts: RegisterActs, findings: KitFindings) {
  const rows = acts.rows(register);
  for (const { path, label, standing } of rows) {
    if (standing === 'MISSING') findings.add(says.registerNotInLog(path, label));
  }
  for (const { path, label, kind } of acts.contradictions(register)) {
    findings.add(says.registerContradicts(path, label, kind));
  }
  const count = (wanted: string) => rows.filter(({ standing }) => standing === wanted).length;
  const notOpened = count('NOT_OPENED');
  if (notOpened > 0) findings.add(says.registerNotOpened(notOpened));
  return { rows: rows.length, proven: count('PROVEN'), notOpened };
}

/** Records that were accepted only after the checkpoint are none of it. */
export function judgeUndelivered(
  records: readonly { id: string; acceptedAt: string }[],
  asOfAt: string,
  findings: KitFindings,
): void {
  const latest = (instant(asOfAt) + patience) / 1000;
  for (const { id, acceptedAt } of records) {
    if (Date.parse(acceptedAt) > latest) findings.add(says.undeliveredContradicts(id));
  }
}
