import { expect, it, test } from 'vitest';
import { z } from 'zod';
import { subject } from './declare/subject.ts';
import { type SystemHead, system } from './declare/system.ts';
import { f, object } from './fields.ts';
import { systemChecks } from './testing.ts';
import { fieldNames, missingTexts, textKeys } from './texts.ts';
import { hours, years } from './time.ts';

const Household = subject('household');

const words = {
  meals: 'Meals',
  voucher: 'Voucher',
  'voucher.amount': 'Amount',
  'voucher.on': 'Day',
  claim: 'Claim',
  'claim.amount': 'Amount',
  '!too-late': 'Too late. Ask for the hardship fund.',
  $subsidy: 'Subsidy',
  '@clerk': 'Clerk',
};

const head = {
  roles: ['clerk'],
  purposes: ['subsidy'],
  parameters: {
    rate: [
      { from: '2024-01-01', value: 300, source: 'Notice 1' },
      { from: '2026-01-01', value: 400, source: 'Notice 2' },
    ],
  },
  overlays: { '340000': { rate: [{ from: '2025-01-01', value: 350, source: 'Notice A' }] } },
  texts: { 'zh-CN': words, en: words },
} as const satisfies SystemHead<string, string, { rate: number }>;

const examples = [
  { name: 'last day of the old rate', on: '2025-12-31' },
  { name: 'first day of the new rate', on: '2026-01-01' },
  { name: 'the own rate of Anhui', on: '2025-06-01', member: '340000' },
] as const;

function meals(change: Partial<SystemHead<'clerk', 'subsidy', { rate: number }>> = {}) {
  const declared = system('meals', { ...head, ...change });
  declared.record('voucher', {
    about: Household,
    schema: object({ amount: f.money, on: f.day }),
    keep: years(5),
    readers: ['clerk'],
  });
  declared.command('claim', {
    by: ['clerk'],
    input: object({ amount: f.money }),
    about: Household,
    key: () => 'one',
    refusals: ['too-late'],
    handle: () => [],
  });
  return declared;
}

/** All that the checks find wrong. */
function wrong(suite: Parameters<typeof systemChecks>[0]): string[] {
  return systemChecks(suite).flatMap(({ faults }) => faults());
}

test.for(systemChecks({ system: meals(), examples }))('$name', ({ faults }) => {
  expect(faults()).toEqual([]);
});

it('lists the texts that a system needs', () => {
  expect(textKeys(meals())).toEqual(Object.keys(words).sort());
});

it('finds a text that is missing or blank, in each language', () => {
  const { '!too-late': _, ...some } = words;
  const declared = meals({ texts: { 'zh-CN': some, en: { ...words, '@clerk': ' ' } } });
  expect(missingTexts(declared)).toEqual(['zh-CN !too-late', 'en @clerk']);
});

it('finds a dated value that no example shows, a member’s own too', () => {
  expect(wrong({ system: meals(), examples: examples.slice(0, 1) })).toEqual([
    'rate from 2026-01-01',
    'rate of 340000 from 2025-01-01',
  ]);
});

it('finds examples of the same name', () => {
  expect(wrong({ system: meals(), examples: [...examples, examples[0]] })).toEqual([
    'last day of the old rate',
  ]);
});

it('finds schemas that let unknown fields pass or have no JSON form, short periods and doubled refusals', () => {
  const declared = meals();
  const shape = { about: Household, readers: ['clerk'] as const };
  declared.record('open', { ...shape, schema: z.object({}), keep: years(1) });
  declared.record('strange', { ...shape, schema: z.strictObject({ n: z.bigint() }), keep: hours(1) });
  declared.command('again', {
    by: ['clerk'],
    input: object({}),
    about: Household,
    key: () => 'one',
    refusals: ['twice', 'twice', 'Not small'],
    handle: () => [],
  });
  const checks = systemChecks({ system: declared, examples });
  const found = (name: string) => checks.find((check) => check.name.includes(name))?.faults();
  expect(found('schemas')).toEqual([
    'open: unknown fields would pass; use object()',
    'strange: BigInt cannot be represented in JSON Schema',
  ]);
  expect(found('keeps records')).toEqual([
    'strange: kept for 1 hours; keep records for days, months or years',
  ]);
  expect(found('refusal')).toEqual([
    "again: refuses 'twice' twice",
    "again: 'Not small' is not in small letters and hyphens",
  ]);
});

it('finds fields that name what is not declared, searches of no field, and codes that stand in a list twice', () => {
  const declared = meals();
  const code = f.code(/^[a-z]+$/);
  declared.codes('dish', [
    { code: 'rice', name: '米饭', nameEn: 'Rice' },
    { code: 'rice', name: '饭' },
  ]);
  const shape = { about: Household, readers: ['clerk'] as const, keep: years(1) };
  declared.record('menu', {
    ...shape,
    schema: object({ dish: code.meta({ names: 'dish' }), voucher: code.meta({ names: 'voucher' }) }),
    search: ['dish', 'price' as 'dish'],
  });
  declared.command('order', {
    by: ['clerk'],
    input: object({ dishes: z.array(object({ of: code.meta({ names: 'cook' }) })) }),
    about: Household,
    key: () => 'one',
    handle: () => [],
  });
  const [found] = systemChecks({ system: declared, examples }).filter(({ name }) =>
    name.includes('names records'),
  );
  expect(found?.faults()).toEqual([
    "order: 'cook' is neither a record nor a list of codes",
    "menu: lists cannot search 'price', which it has not",
    "dish: 'rice' stands there twice",
  ]);
});

it('reads the fields of all variants of a union', () => {
  const either = z.union([object({ a: f.count, b: f.count }), object({ b: f.count, c: f.count })]);
  expect(fieldNames(either)).toEqual(['a', 'b', 'c']);
  expect(fieldNames(f.line(5))).toEqual([]);
});
