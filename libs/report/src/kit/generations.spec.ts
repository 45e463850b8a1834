import { expect, test } from '@jest/globals';
import { rootOf, toHex, type GapLeaf } from '#evidence';
import { institution, timeOf } from '../../../evidence/test/office-log.js';
import { foundNames, verified } from '../../test/manipulations.js';
import { june, OfficeKit, sourceOf, uuid, withManifest } from '../../test/office-kit.js';

const day = 86_400;

/** An office whose database was rolled back on 10 June: the log goes on in a second generation, and the report counts both. */
function rolledBack() {
  const first = new OfficeKit();
  for (let n = 0; n < 4; n++) first.lookUp(june + n * day);
  const open = first.lookUp(june + 5 * day, {}, null);
  const note = first.log.sign(june + 6 * day);
  const size = first.log.leaves.length;
  const state = { origin: first.log.origin, size, root: note.split('\n')[2]!, note };

  const second = new OfficeKit(1, 2);
  const gap: GapLeaf = {
    ...{ acknowledgedBy: null, at: timeOf(june + 9 * day), id: uuid(1), institution, keptSize: size },
    keptRoot: toHex(rootOf(size, first.log.read)),
    ...{ lastCheckpoint: note, previousOrigin: first.log.origin, reason: 'Uji', type: 'GAP', v: 1 },
  };
  second.continueAfter(first, gap);
  // asked for before the gap, answered behind it
  second.answer(open, june + 9 * day + 60);
  for (let n = 10; n < 14; n++) second.lookUp(june + n * day);
  second.report(june + 20 * day);
  const { content } = second;
  content.asOf.checkpoints.unshift(state);
  content.register = { ...content.register, agreements: [], people: [], readers: [], sams: [] };
  second.recountRegister();
  second.approve();
  const files = () => second.files([first.log.bundle(), second.log.bundle()]);
  return { first, second, files, keys: [second.log.verifierKey] };
}

test('a report over two generations is counted from both', async () => {
  const { second, files, keys } = rolledBack();
  expect(second.content.figures.lookUps.total).toMatchObject({ requests: 9, confirmed: 9, pending: 0 });
  const report = await verified(sourceOf(files()), keys);
  expect(report.findings).toEqual([]);
  expect(report.bundles.map(({ evidence }) => evidence.leaves)).toEqual([9, 11]);
});

test('the generation before cannot be left out, with its file or with its checkpoint', async () => {
  const { second, files, keys } = rolledBack();
  const without = files();
  without.delete('evidence-1.jsonl');
  const report = await verified(sourceOf(withManifest(without)), keys);
  expect(foundNames(report)).toEqual(['FIGURE_DIFFERS', 'FILE_MISSING']);
  second.content.asOf.checkpoints.shift();
  const names = foundNames(await verified(sourceOf(files()), keys));
  expect(names).toEqual(expect.arrayContaining(['CHECKPOINT_MISMATCH', 'FIGURE_DIFFERS', 'REPORT_NOT_AS_APPROVED']));
});

test('the bundles cannot change places', async () => {
  const { first, second, keys } = rolledBack();
  const report = await verified(sourceOf(second.files([second.log.bundle(), first.log.bundle()])), keys);
  expect(foundNames(report)).toContain('EVIDENCE_OF_ANOTHER_LOG');
});
