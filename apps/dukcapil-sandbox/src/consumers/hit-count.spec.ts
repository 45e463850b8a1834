import { describe, expect, it } from '@jest/globals';
import { HitCount } from './hit-count.js';

const at = (text: string) => Date.parse(text);

describe('HitCount', () => {
  it('begins a new day at midnight in Jakarta, not in UTC', () => {
    const count = new HitCount();
    count.hit(at('2026-11-23T23:59:59+07:00'), 'a');
    count.hit(at('2026-11-23T06:59:59+07:00'), 'a');
    expect(count.hitsOn(at('2026-11-23T23:59:59.999+07:00'))).toBe(2);
    expect(count.hitsOn(at('2026-11-24T00:00:00+07:00'))).toBe(0);
    count.hit(at('2026-11-24T00:00:00+07:00'), 'b');
    expect(count.hitsByDay(at('2026-11-24T00:00:01+07:00'))).toEqual({ '2026-11-23': 2, '2026-11-24': 1 });
    expect(count.hitsByNik()).toEqual({ a: 2, b: 1 });
  });

  it('takes a day up again where it was left', () => {
    const count = new HitCount();
    count.hit(at('2026-11-23T12:00:00Z'), 'a');
    count.hit(at('2026-11-24T12:00:00Z'), 'a');
    expect(count.hitsOn(at('2026-11-23T12:00:00Z'))).toBe(1);
  });

  it('forgets everything on reset', () => {
    const count = new HitCount();
    count.hit(at('2026-11-23T12:00:00Z'), 'a');
    count.reset();
    expect(count.hitsByDay(at('2026-11-23T12:00:00Z'))).toEqual({});
    expect(count.hitsByNik()).toEqual({});
  });
});
