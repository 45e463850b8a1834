import { describe, expect, test } from '@jest/globals';
import { routes } from '#contracts';
import type { Planted } from '../planting/plant.js';
import type { Finding } from '../search/finding.js';
import { findingReasons, findPlanted, judge, limitReasons, undrivenRoutes } from './judge.js';
import { exitStatus } from './statement.js';

const finding: Finding = {
  canary: 'in a log',
  element: 'nik',
  encoding: 'utf-8',
  place: 'log',
  where: 'gateway-1.log',
  count: 1,
  offset: 7,
};

describe('the verdict', () => {
  test('one finding is enough, whatever else there is', () => {
    expect(exitStatus[judge([finding], [])]).toBe(1);
    expect(exitStatus[judge([finding], ['not driven'])]).toBe(1);
  });

  test('what could not be shown is not shown', () => {
    expect(exitStatus[judge([], ['not driven'])]).toBe(2);
    expect(exitStatus[judge([], [])]).toBe(0);
  });

  test('a finding is named by place and path, and never by its value', () => {
    expect(findingReasons([finding])).toEqual(['Found: nik of the canary "in a log", in log, gateway-1.log (utf-8).']);
  });

  test('what was planted and not found is missing', () => {
    const planted = [
      { what: 'a row', isFound: (one: Finding) => one.place === 'tabel' },
      { what: 'a file', isFound: (one: Finding) => one.place === 'log' },
    ] as unknown as Planted[];
    expect(findPlanted(planted, [finding])).toEqual({ expected: 2, found: 1, missing: ['a row'] });
  });

  test('a route that was not driven, or never served, is a reason', () => {
    const [first, second, ...others] = routes;
    const driven = [
      ...others.map(({ operationId }) => ({ operationId, requests: 1, statuses: { 200: 1 } })),
      { operationId: second!.operationId, requests: 2, statuses: { RATE_LIMITED: 2 } },
    ] as unknown as Parameters<typeof undrivenRoutes>[0];
    expect(undrivenRoutes(driven).undriven).toEqual([
      { operationId: first!.operationId, why: 'not driven' },
      { operationId: second!.operationId, why: 'not served' },
    ]);
  });

  test('a service that may dump core is a reason', () => {
    expect(limitReasons([{ process: 'gateway', limit: '0 0' }])).toEqual([]);
    expect(limitReasons([{ process: 'gateway', limit: '0 unlimited' }])).toHaveLength(1);
  });
});
