import { readFileSync } from 'node:fs';
import { members } from '@yitong/kit';
import { systemChecks } from '@yitong/kit/testing';
import { describe, expect, it, test } from 'vitest';
import { entries } from './entries.ts';
import { examples } from './examples.ts';
import { parameters } from './parameters.ts';
import { standingOf } from './rules/lateness.ts';
import { citiesOf, owns } from './rules/ownership.ts';
import { dimensions, type Part, progress } from './rules/progress.ts';
import { outlinePlan } from './system.ts';

test.for(systemChecks({ system: outlinePlan, examples }))('$name', ({ faults }) =>
  expect(faults()).toEqual([]),
);

describe('the Outline', () => {
  const text = readFileSync(new URL('./data/outline.txt', import.meta.url), 'utf8');

  it('says each quotation, word for word', () => {
    expect(entries.filter(({ quote }) => !text.includes(quote)).map(({ id }) => id)).toEqual([]);
  });

  it('has 489 entries, each with an id of its own, in the chapters at hand', () => {
    expect(entries).toHaveLength(489);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(489);
    expect(new Set(entries.map(({ chapter }) => chapter))).toEqual(new Set([4, 5, 6, 7, 8]));
  });

  it('names kinds that both languages have a word for', () => {
    const kinds = [...new Set(entries.map(({ kind }) => `=${kind}`))];
    for (const texts of Object.values(outlinePlan.texts))
      expect(kinds.filter((kind) => texts[kind] === undefined)).toEqual([]);
  });

  it('makes each of the four members responsible for its part, and leaves no entry to nobody', () => {
    const parts = members.map(({ code }) => entries.filter((entry) => owns(code, entry)).length);
    expect(parts).toEqual([379, 400, 379, 376]);
    expect(
      entries.filter(({ owners }) => owners.some((code) => !members.some((one) => one.code === code))),
    ).toEqual([]);
  });

  it('has places where its shapes need them', () => {
    const least = { none: 0, point: 1, points: 2, line: 2, area: 1 };
    const wrong = entries.filter(({ geometry, places }) =>
      geometry === 'none' ? places.length > 0 : places.length < least[geometry],
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});

describe('worked examples', () => {
  it.each(examples.map((one) => [one.name, one] as const))('%s', (_, { of, on, expect: wanted }) => {
    const [{ value: dueSoonDays } = { value: 0 }] = parameters.dueSoonDays;
    expect(standingOf(of, on, { dueSoonDays })).toEqual(wanted);
  });
});

describe('ownership', () => {
  const line = {
    owners: ['310000', '320000'],
    places: [{ code: '320600' }, { code: '320500' }, { code: '310000' }],
  };

  it.each([
    ['310000', true, ['310000']],
    ['320000', true, ['320500', '320600']],
    ['330000', false, []],
    ['320500', true, ['320500']],
    ['320100', false, []],
  ] as const)('%s reports: %s, on its cities %s', (member, reports, cities) => {
    expect(owns(member, line)).toBe(reports);
    expect(citiesOf(member, line)).toEqual(cities);
  });
});

describe('progress', () => {
  const part = (of: Partial<Part>): Part => ({
    item: 'a',
    chapter: 5,
    kind: 'railway',
    member: '310000',
    cities: ['310000'],
    status: 'under-way',
    standing: 'on-course',
    ...of,
  });
  const all = [
    part({ status: 'completed', standing: 'none' }),
    part({ member: '320000', cities: ['320500', '320600'], standing: 'late' }),
    part({
      item: 'b',
      chapter: 6,
      kind: 'lake',
      member: '320000',
      cities: ['320500'],
      status: 'completed',
      standing: 'none',
    }),
    part({
      item: 'c',
      chapter: 6,
      kind: 'lake',
      member: '330000',
      cities: [],
      status: 'not-started',
      standing: 'none',
    }),
  ];

  it.each([
    [
      'chapter',
      [
        '5: 1 entries, 2 parts, 0 completed, 1 begun, 1 late, 0',
        '6: 2 entries, 2 parts, 1 completed, 1 begun, 0 late, 5000',
      ],
    ],
    [
      'kind',
      [
        'lake: 2 entries, 2 parts, 1 completed, 1 begun, 0 late, 5000',
        'railway: 1 entries, 2 parts, 0 completed, 1 begun, 1 late, 0',
      ],
    ],
    [
      'member',
      [
        '310000: 1 entries, 1 parts, 1 completed, 1 begun, 0 late, 10000',
        '320000: 2 entries, 2 parts, 1 completed, 2 begun, 1 late, 5000',
        '330000: 1 entries, 1 parts, 0 completed, 0 begun, 0 late, 0',
      ],
    ],
    [
      'city',
      [
        '310000: 1 entries, 1 parts, 1 completed, 1 begun, 0 late, 10000',
        '320500: 2 entries, 2 parts, 1 completed, 2 begun, 1 late, 5000',
        '320600: 1 entries, 1 parts, 0 completed, 1 begun, 1 late, 0',
      ],
    ],
  ] as const)('by %s', (by, rows) => {
    const told = progress(all, by).map(
      (row) =>
        `${row.key}: ${row.entries} entries, ${row.parts} parts, ${row.completed} completed, ${row.begun} begun, ${row.late} late, ${row.completedBasisPoints}`,
    );
    expect(told).toEqual(rows);
  });

  it('has a table of cases for each of its dimensions', () => {
    expect(dimensions).toEqual(['chapter', 'kind', 'member', 'city']);
  });
});
