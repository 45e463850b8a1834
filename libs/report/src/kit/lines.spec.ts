import { expect, test } from '@jest/globals';
import { particularsLine, readParticularsLine, readUndeliveredLine, undeliveredLine } from './lines.js';
import { bundleName, generationOf, isKitName, kitManifest, readManifest } from './manifest.js';

const opened = { id: '0198c1d2-0000-7000-9000-000000000001', salt: 'AAAA', content: { outcome: 'MATCHED', tries: 1 } };
const record = {
  ...{ id: opened.id, verificationId: opened.id, acceptedAt: '2026-06-01T00:00:00.000Z', state: 'DEAD' as const },
};

test('what is written is read', () => {
  expect(readParticularsLine(particularsLine(opened))).toEqual(opened);
  expect(readUndeliveredLine(undeliveredLine(record))).toEqual(record);
});

test.each([
  '',
  'x',
  '[]',
  'null',
  '{"id":"a","salt":"b"}',
  '{"id":"a","salt":"b","content":[]}',
  '{"id":"a","salt":"b","content":{},"x":1}',
  '{"id":"a","salt":"b","content":{"x":1,"x":2}}',
])('%s is no line', (text) => {
  expect(readParticularsLine(text)).toBeUndefined();
  expect(readUndeliveredLine(text)).toBeUndefined();
});

test('a record has a state and a time', () => {
  expect(readUndeliveredLine(undeliveredLine({ ...record, state: 'DELIVERED' as 'DEAD' }))).toBeUndefined();
  expect(readUndeliveredLine(undeliveredLine({ ...record, acceptedAt: 'x' }))).toBeUndefined();
});

test('the manifest names files of a kit, each once, by name', () => {
  const file = (name: string) => ({ name, bytes: 1, sha256: 'ab'.repeat(32) });
  const text = kitManifest([file('report.json'), file(bundleName(2)), file('BACA-SAYA.txt')]);
  expect(readManifest(text)?.map(({ name }) => name)).toEqual(['BACA-SAYA.txt', 'evidence-2.jsonl', 'report.json']);
  for (const name of ['../report.json', 'manifest.json', 'evidence-0.jsonl', 'evidence-1.jsonl/x', ''])
    expect(() => kitManifest([file(name)])).toThrow(RangeError);
  expect(() => kitManifest([file('report.pdf'), file('report.pdf')])).toThrow(RangeError);
  expect(['{}', '[]', 'null', 'x', text.replace('gerbang-kit/1', 'gerbang-kit/2')].map(readManifest)).toEqual(
    Array(5).fill(undefined),
  );
  expect(isKitName('manifest.json')).toBe(true);
  expect([generationOf('evidence-12.jsonl'), generationOf('evidence-01.jsonl')]).toEqual([12, undefined]);
});
