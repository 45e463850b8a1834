import { describe, expect, test } from '@jest/globals';
import type { ReportContent } from '#contracts';
import { canonicalJson } from '#evidence';
import { OfficeLog, officeKey } from '../../../evidence/test/office-log.js';
import * as made from '../../test/manipulations.js';
import { june, OfficeKit, reportId, sourceOf, uuid, withManifest } from '../../test/office-kit.js';
import { reportHash } from '../opened-event.js';
import type { KitReport } from './kit-report.js';
import { KitVerifier } from './kit-verifier.js';

const names = made.foundNames;
const paths = (report: KitReport) => report.findings.map(({ path }) => path).filter((path) => path !== undefined);

describe('report.json', () => {
  test('with another number: which one, and what the log says', async () => {
    const change = made.reworded(({ figures }) => (figures.lookUps.months[0]!.hits = 17));
    const report = await made.afterChange(change, false);
    expect(names(report)).toEqual(['FIGURE_DIFFERS', 'FILE_CHANGED', 'REPORT_NOT_AS_APPROVED']);
    const told = report.findings.find(({ name }) => name === 'FIGURE_DIFFERS');
    expect(told?.detail).toBe('figures.lookUps.months[0].hits: report says 17, log says 16.');
    expect(report.tables.map(({ path, differing }) => [path, differing])).toContainEqual(['figures.lookUps', 1]);
    expect(names(await made.afterChange(change))).toEqual(['FIGURE_DIFFERS', 'REPORT_NOT_AS_APPROVED']);
  });

  test.each([
    ['figures.quota.granted', 'figures', 'quota', 'granted'],
    ['figures.readers.withLookUp', 'figures', 'readers', 'withLookUp'],
    ['figures.dataBalikan.coverage.total.sent', 'figures', 'dataBalikan', 'coverage', 'total', 'sent'],
    ['figures.incidents[0].minutes', 'figures', 'incidents', '0', 'minutes'],
    ['figures.register.operators.withNda', 'figures', 'register', 'operators', 'withNda'],
  ])('with another %s', async (path, ...keys) => {
    const change = made.reworded((content) => {
      const last = keys.pop()!;
      const inner = keys.reduce(
        (value, key) => value[key] as Record<string, unknown>,
        content as unknown as Record<string, unknown>,
      );
      inner[last] = Number(inner[last]) + 1;
    });
    const report = await made.afterChange(change);
    expect(names(report)).toEqual(['FIGURE_DIFFERS', 'REPORT_NOT_AS_APPROVED']);
    expect(paths(report)).toEqual([path]);
  });

  test('with other words of the office, which nobody counts, is not what was approved', async () => {
    const change = made.reworded(({ narrative }) => (narrative.obstacles = 'Lain.'));
    expect(names(await made.afterChange(change))).toEqual(['REPORT_NOT_AS_APPROVED']);
  });

  test('of a period that was narrowed, so that all of it fits', async () => {
    const report = await made.afterChange(made.reworded(({ period }) => (period.from = '2026-06-02')));
    expect(names(report)).toEqual(['FIGURE_DIFFERS', 'REPORT_NOT_AS_APPROVED']);
    expect(paths(report)).toContain('figures.lookUps.total.requests');
  });

  test.each(['', 'x', '{}', '[]', '{"format":"gerbang-report/1"}'])('that is %s', async (text) => {
    const report = await made.afterChange((files) => files.set('report.json', Buffer.from(text)));
    expect(names(report)).toEqual(['REPORT_INVALID']);
  });

  test('with a key twice: two readers may take different ones', async () => {
    const report = await made.afterChange((files, { content }) => {
      const text = canonicalJson(content).replace('"version":1}', '"version":1,"version":1}');
      expect(text).not.toBe(canonicalJson(content));
      files.set('report.json', Buffer.from(text));
    });
    expect(names(report)).toEqual(['REPORT_INVALID']);
  });

  test.each([
    ['with a mark before it', (text: string) => `\uFEFF${text}`],
    ['with a blank behind it', (text: string) => `${text}\n`],
    ['with a number written in another way', (text: string) => text.replace('"version":1}', '"version":1.0}')],
    ['with less than nothing', (text: string) => text.replace(/:0([,}])/, ':-0$1')],
    ['with its keys in another order', (text: string) => JSON.stringify({ version: 1, ...JSON.parse(text) })],
  ])('%s: its own SHA-256 would be another', async (_, change) => {
    const report = await made.afterChange((files, { content }) => {
      const text = change(canonicalJson(content));
      expect(text).not.toBe(canonicalJson(content));
      files.set('report.json', Buffer.from(text));
    });
    expect(names(report)).toEqual(['REPORT_INVALID']);
  });

  test.each([
    ['beside the others', (content: ReportContent) => content],
    ['in the register', ({ register }: ReportContent) => register],
    ['of a person', ({ register }: ReportContent) => register.people[0]!],
    ['in the words of the office', ({ narrative }: ReportContent) => narrative],
    ['of the checkpoint', ({ asOf }: ReportContent) => asOf],
  ] as [string, (content: ReportContent) => object][])(
    'with a figure %s that nobody counts, though it was approved',
    async (_, place) => {
      const kit = OfficeKit.honest();
      Object.assign(place(kit.content), { hits: 12 });
      kit.approve(june + 22 * 86_400);
      const report = await made.verified(sourceOf(kit.files()), [kit.log.verifierKey]);
      expect(names(report)).toEqual(['REPORT_INVALID']);
    },
  );
});

describe('the log', () => {
  test('without an event', async () => {
    const report = await made.rebundled((bundle) => {
      bundle.remove(bundle.event(20));
      bundle.renumber();
    });
    expect(names(report)).toContain('EVIDENCE_NOT_INTACT');
    expect(report.bundles[0]?.evidence.findings.map(({ name }) => name)).toContain('EVENT_REMOVED');
  });

  test('with another outcome of an event and its hash', async () => {
    const report = await made.rebundled((bundle) => {
      const answer = bundle.events.findLast(({ leaf }) => leaf.type === 'ANSWERED')!;
      answer.leaf.outcome = 'NOT_FOUND';
      bundle.rehash(answer);
    });
    expect(names(report)).toEqual(expect.arrayContaining(['EVIDENCE_NOT_INTACT', 'FIGURE_DIFFERS']));
    expect(paths(report)).toContain('figures.lookUps.byOperator[1].found');
  });

  test('of which the end is missing, and with it the approval', async () => {
    const report = await made.afterChange((files, { log, content }) => {
      const { size } = content.asOf.checkpoints[0]!;
      files.set('evidence-1.jsonl', Buffer.from(log.bundle(0, size).toString()));
    });
    expect(names(report)).toEqual(['PARTICULARS_FOREIGN', 'REPORT_NOT_APPROVED']);
  });

  test('that does not reach to the checkpoint of the report', async () => {
    const report = await made.afterChange((files, { log }) => {
      const shorter = new OfficeLog(log.key, log.origin);
      shorter.add(...log.leaves.slice(0, 30));
      shorter.sign(june + 25 * 86_400);
      files.set('evidence-1.jsonl', Buffer.from(shorter.bundle().toString()));
    });
    expect(names(report)).toEqual(expect.arrayContaining(['CHECKPOINT_NOT_IN_LOG', 'EVIDENCE_NOT_INTACT']));
  });

  test('of another office', async () => {
    const other = OfficeKit.honest(2);
    const report = await made.afterChange((files) =>
      files.set('evidence-1.jsonl', other.files().get('evidence-1.jsonl')!),
    );
    expect(names(report)).toContain('EVIDENCE_NOT_INTACT');
    expect(report.bundles[0]?.evidence.findings.map(({ name }) => name)).toContain('WRONG_KEY');
  });
});

describe('the checkpoint', () => {
  test('of another log with the same events', async () => {
    const other = OfficeKit.honest(2).content.asOf.checkpoints;
    const report = await made.afterChange(made.reworded(({ asOf }) => (asOf.checkpoints = other)));
    expect(names(report)).toEqual(['EVIDENCE_NOT_INTACT', 'REPORT_NOT_AS_APPROVED']);
    expect(report.bundles[0]?.evidence.findings.map(({ name }) => name)).toEqual(['WRONG_KEY']);
  });

  test('of a log that says something else, signed with the same key', async () => {
    const fork = new OfficeKit();
    fork.lookUp(june);
    fork.log.add(...OfficeKit.honest().log.leaves.slice(2, 54));
    const note = fork.log.sign(june + 20 * 86_400);
    const report = await made.afterChange(
      made.reworded(({ asOf }) => {
        Object.assign(asOf.checkpoints[0]!, { note, root: note.split('\n')[2] });
      }),
    );
    expect(report.bundles[0]?.evidence.findings.map(({ name }) => name)).toContain('LOG_FORKED');
  });

  test.each([
    ['another size', (asOf: OfficeKit['content']['asOf']) => (asOf.checkpoints[0]!.size -= 2)],
    ['another time', (asOf: OfficeKit['content']['asOf']) => (asOf.at = '2026-06-21T02:00:00Z')],
    ['another generation', (asOf: OfficeKit['content']['asOf']) => (asOf.checkpoints[0]!.origin += '1')],
  ])('of which the report tells %s', async (_, change) => {
    const report = await made.afterChange(made.reworded(({ asOf }) => change(asOf)));
    expect(names(report)).toEqual(expect.arrayContaining(['CHECKPOINT_MISMATCH', 'REPORT_NOT_AS_APPROVED']));
  });
});

describe('particulars', () => {
  test('that were changed', async () => {
    const change = made.relined((line) => {
      return line.content.outcome === 'NOT_MATCHED'
        ? { ...line, content: { ...line.content, outcome: 'MATCHED' } }
        : line;
    });
    expect(names(await made.afterChange(change))).toEqual(['FIGURE_DIFFERS', 'PARTICULARS_CHANGED']);
  });

  test.each([
    ['a read', 'outcome', 'MATCHED'],
    ['a delivery', 'receipt', 'SUCCESS'],
    ['the approval', 'state', 'APPROVED'],
  ])('of %s that are missing', async (_, key, value) => {
    const report = await made.afterChange(made.relined((line) => (line.content[key] === value ? undefined : line)));
    expect(names(report)).toContain('PARTICULARS_MISSING');
  });

  test('of an event that the log does not have', async () => {
    const report = await made.afterChange((files) => {
      files.set('particulars.jsonl', Buffer.concat([files.get('particulars.jsonl')!, Buffer.from(made.foreignLine())]));
    });
    expect(names(report)).toEqual(['PARTICULARS_FOREIGN']);
  });

  test('twice, or no line at all', async () => {
    const report = await made.afterChange((files) => {
      const lines = files.get('particulars.jsonl')!;
      files.set('particulars.jsonl', Buffer.concat([lines, lines, Buffer.from('{"id":1}\n')]));
    });
    expect(names(report)).toEqual(['PARTICULARS_MALFORMED']);
  });
});

describe('undelivered records', () => {
  test('of which one is hidden', async () => {
    const report = await made.afterChange((files) => files.set('undelivered.jsonl', Buffer.from('')));
    expect(names(report)).toEqual(['FIGURE_DIFFERS']);
    expect(paths(report)).toContain('figures.dataBalikan.undelivered.refused');
    expect(paths(report)).toContain('figures.dataBalikan.coverage.total.accepted');
  });

  test('of which one was delivered, and one accepted later', async () => {
    const line = (id: string, acceptedAt: string) =>
      JSON.stringify({ id, verificationId: uuid(1), acceptedAt, state: 'WAITING' });
    const lines = [line(uuid(50), '2026-06-03T00:00:00.000Z'), line(uuid(60), '2026-06-22T00:00:00.000Z')];
    const report = await made.afterChange((files) => {
      files.set('undelivered.jsonl', Buffer.concat([files.get('undelivered.jsonl')!, Buffer.from(lines.join('\n'))]));
    });
    expect(report.findingsByName.UNDELIVERED_CONTRADICTS_LOG).toBe(2);
  });
});

describe('the register', () => {
  const invented = (change: (register: OfficeKit['content']['register']) => unknown) =>
    made.afterChange(made.reworded(({ register }) => void change(register)));

  test.each([
    ['NDA', 'register.people[1].nda', (to: OfficeKit['content']['register']) => (to.people[1]!.nda!.number = '800/9')],
    ['SPTJM', 'register.agreements[0].sptjm[0]', (to) => (to.agreements[0]!.sptjm[0]!.signedOn = '2026-01-03')],
    ['quota', 'register.agreements[0].versions[1]', (to) => (to.agreements[0]!.versions[1]!.dailyQuota = 9000)],
    ['reader', 'register.readers[0]', (to) => (to.readers[0]!.serial = 'LAIN')],
    ['SAM', 'register.sams[0]', (to) => (to.sams[0]!.state = 'RETURNED')],
    [
      'termination',
      'register.agreements[0].terminatedAt',
      (to) => (to.agreements[0]!.terminatedAt = '2026-06-20T00:00:00Z'),
    ],
  ] as [string, string, (to: OfficeKit['content']['register']) => unknown][])(
    'with an invented %s',
    async (_, path, change) => {
      const report = await invented(change);
      expect(names(report)).toEqual(expect.arrayContaining(['REGISTER_NOT_IN_LOG', 'REPORT_NOT_AS_APPROVED']));
      expect(report.findings.filter(({ name }) => name === 'REGISTER_NOT_IN_LOG').map(({ path: at }) => at)).toEqual([
        path,
      ]);
    },
  );

  test.each([
    ['a revoked reader', 'reader.revoke', uuid(4), 'register.readers[0].state', undefined],
    ['a SAM that was returned', 'sam.return-configuration', uuid(5), 'register.sams[0].state', undefined],
    ['a deactivated SAM', 'sam.deactivate', uuid(5), 'register.sams[0].state', undefined],
    ['a terminated agreement', 'agreement.terminate', uuid(6), 'register.agreements[0].terminatedAt', undefined],
    ['a smaller quota', 'agreement.add-version', uuid(6), 'register.agreements[0].versions', { version: 3 }],
    ['another SAM', 'sam.request', uuid(77), 'register.sams', undefined],
    ['another reader', 'reader.register', uuid(78), 'register.readers', undefined],
    ['another agreement', 'agreement.create', uuid(79), 'register.agreements', undefined],
  ])('that hides %s, though it was approved', async (_, act, subject, path, after) => {
    const kit = new OfficeKit();
    kit.begin();
    kit.reported('ADMINISTRATION', act, june + 86_400, subject, { after: after ?? null });
    kit.report(june + 20 * 86_400);
    kit.approve();
    const report = await made.verified(sourceOf(kit.files()), [kit.log.verifierKey]);
    expect(names(report)).toEqual(['REGISTER_CONTRADICTS_LOG']);
    expect(paths(report)).toEqual([path]);
  });

  test('that was declared in the moment in which the checkpoint was signed hides nothing', async () => {
    const kit = new OfficeKit();
    kit.begin();
    kit.reported('ADMINISTRATION', 'reader.revoke', june + 20 * 86_400 - 5, uuid(4), { after: null });
    kit.report(june + 20 * 86_400);
    kit.approve();
    expect((await made.verified(sourceOf(kit.files()), [kit.log.verifierKey])).findings).toEqual([]);
  });

  test('whose particulars were left out proves nothing, which is told', async () => {
    const report = await made.afterChange(
      made.relined((line) => (line.content.act === 'operator.record-nda' ? undefined : line)),
    );
    expect(names(report)).toEqual([]);
    expect(report.register).toEqual({ rows: 8, proven: 7, notOpened: 1 });
    expect(report.notices.map(({ name }) => name)).toContain('REGISTER_NOT_OPENED');
  });
});

describe('the approval', () => {
  test('of another version: this one was replaced', async () => {
    const kit = OfficeKit.honest();
    const old = structuredClone(kit.content);
    kit.content = { ...kit.content, version: 2 };
    kit.approve(june + 22 * 86_400);
    const keys = [kit.log.verifierKey];
    expect(names(await made.verified(sourceOf(kit.files()), keys))).toEqual([]);
    kit.content = old;
    expect(names(await made.verified(sourceOf(kit.files()), keys))).toEqual(['REPORT_SUPERSEDED']);
  });

  test('of a report that corrects this one', async () => {
    const kit = OfficeKit.honest();
    const said = { contentHash: 'ab'.repeat(32), note: null, state: 'APPROVED', version: 2 };
    kit.reported('REPORT', 'report.approve', june + 22 * 86_400, uuid(101), { ...said, corrects: reportId });
    kit.log.sign(june + 22 * 86_400 + 1);
    const keys = [kit.log.verifierKey];
    expect(names(await made.verified(sourceOf(kit.files()), keys))).toEqual(['REPORT_SUPERSEDED']);
    // without the particulars it may be any other report
    kit.particulars.pop();
    const report = await made.verified(sourceOf(kit.files()), keys);
    expect(names(report)).toEqual([]);
    expect(report.notices.map(({ name }) => name)).toContain('LATER_APPROVALS');
  });
});

describe('a supplement', () => {
  const supplement = () => {
    const kit = OfficeKit.honest();
    const { asOf, figures } = kit.content;
    const { origin, size } = asOf.checkpoints[0]!;
    kit.lookUp(june + 23 * 86_400);
    const { lookUps, readers, dataBalikan } = figures;
    kit.report(june + 32 * 86_400, {
      ...{ id: uuid(102), type: 'SUPPLEMENT', supplements: reportId },
      reported: {
        asOf: { at: asOf.at, origin, size },
        ...{
          hits: lookUps.total.hits,
          refused: lookUps.total.refused,
          reads: readers.reads,
          delivered: dataBalikan.delivered,
        },
      },
    });
    kit.approve(june + 33 * 86_400);
    return kit;
  };

  test('tells the rest, and what was reported before', async () => {
    const kit = supplement();
    const report = await made.verified(sourceOf(kit.files()), [kit.log.verifierKey]);
    expect(report.findings).toEqual([]);
    expect(report.tables.at(-1)).toEqual({ path: 'reported', basis: 'LOG_AND_PARTICULARS', compared: 4, differing: 0 });
  });

  test('with another number of hits that were reported before', async () => {
    const kit = supplement();
    kit.content.reported!.hits -= 1;
    const report = await made.verified(sourceOf(kit.files()), [kit.log.verifierKey]);
    expect(names(report)).toEqual(['FIGURE_DIFFERS', 'REPORT_NOT_AS_APPROVED']);
    expect(paths(report)).toEqual(['reported.hits']);
  });
});

describe('files', () => {
  test('of which the PDF is another one', async () => {
    const swap = (files: made.Files) => files.set('report.pdf', Buffer.from('%PDF lain'));
    expect(names(await made.afterChange(swap, false))).toEqual(['FILE_CHANGED']);
    // with the manifest recomputed nobody can tell: that is said
    expect((await made.afterChange(swap)).notices.map(({ name }) => name)).toContain('PAPER_NOT_COMPARED');
  });

  test.each([
    'report.json',
    'evidence-1.jsonl',
    'particulars.jsonl',
    'undelivered.jsonl',
    'manifest.json',
    'report.pdf',
  ])('without %s', async (name) => {
    const report = await made.afterChange((files) => files.delete(name), false);
    expect(names(report)).toContain('FILE_MISSING');
    expect(report.findings.filter((one) => one.name === 'FILE_MISSING').map(({ file }) => file)).toEqual([name]);
  });

  test('that nobody knows, or twice', async () => {
    const kit = OfficeKit.honest();
    const files: [string, Uint8Array][] = [...kit.files()];
    files.push(['../kunci.pem', Buffer.from('x')], ['report.json', Buffer.from('{}')]);
    const report = await made.verified(sourceOf(files), [kit.log.verifierKey]);
    expect(names(report)).toEqual(['FILE_TWICE', 'FILE_UNKNOWN']);
  });

  test('with a manifest that is none', async () => {
    const report = await made.afterChange((files) => files.set('manifest.json', Buffer.from('{"files":[]}')), false);
    expect(names(report)).toEqual(['MANIFEST_INVALID']);
  });

  test('with a manifest that two readers read in two ways', async () => {
    const report = await made.afterChange((files) => {
      const text = Buffer.from(files.get('manifest.json')!).toString();
      files.set('manifest.json', Buffer.from(text.replace('"files":', '"files": [], "files":')));
    }, false);
    expect(names(report)).toEqual(['MANIFEST_INVALID']);
  });
});

test('whoever recomputes everything that he can cannot sign it', async () => {
  const report = await made.everythingRecomputed();
  expect(names(report)).toContain('EVIDENCE_NOT_INTACT');
  expect(report.ok).toBe(false);
});

test('whoever writes everything anew under a key of his own is betrayed by the pinned key alone, which is told without one', async () => {
  const forged = OfficeKit.honest(7);
  const pinned = new OfficeLog(officeKey(1)).verifierKey;
  const report = await made.verified(sourceOf(forged.files()), [pinned]);
  expect(names(report)).toContain('EVIDENCE_NOT_INTACT');
  expect(report.bundles[0]?.evidence.findings.map(({ name }) => name)).toContain('WRONG_KEY');
  const unpinned = await new KitVerifier(sourceOf(forged.files())).verify();
  expect(unpinned.ok).toBe(true);
  expect(unpinned.notices.map(({ name }) => name)).toContain('KEY_NOT_PINNED');
});

test('the hash of the content is that of the approval', () => {
  const kit = OfficeKit.honest();
  const approval = kit.particulars.find(({ content }) => content.state === 'APPROVED');
  expect(approval?.content.contentHash).toBe(reportHash(kit.content));
  expect(withManifest(kit.files()).size).toBe(kit.files().size);
});
