import { expect, test } from '@jest/globals';
import { openableLinks } from './obligation-links.js';

const office = '019ab3c4-5d6e-7f80-9123-456789abcdef';
const links = [
  { label: 'Laporan', href: '/v1/reports' },
  { label: 'Laporan ini', href: `/v1/reports/${office}` },
  { label: 'Cakupan', href: '/v1/data-balikan/coverage?from=2026-01&to=2026-06' },
  { label: 'Alat baca', href: '/v1/readers' },
  { label: 'Operator', href: `/v1/admin/institutions/${office}/operators` },
  { label: 'Entah', href: '/v1/entah' },
];
const shownTo = (role: Parameters<typeof openableLinks>[1]) =>
  openableLinks(links, role, office).map(({ href }) => href);

test('the office opens them as they are', () => {
  expect(shownTo('camat')).toEqual(links.slice(0, 5).map(({ href }) => href));
});

test('to the evaluator they name the institution, and what shows only the own one is left out', () => {
  expect(shownTo('evaluator')).toEqual([
    `/v1/reports?institutionId=${office}`,
    `/v1/reports/${office}?institutionId=${office}`,
    `/v1/data-balikan/coverage?from=2026-01&to=2026-06&institutionId=${office}`,
    `/v1/admin/institutions/${office}/operators`,
  ]);
});

test('nobody is sent where the own role is refused', () => {
  expect(shownTo('operator')).toEqual(links.slice(2, 4).map(({ href }) => href));
});
