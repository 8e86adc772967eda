import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { f, object } from './fields.ts';
import {
  InputProblem,
  pointerTo,
  problem,
  problemCode,
  problemType,
  readInput,
  zodErrors,
  zodProblem,
} from './problem.ts';

const seed = 20_260_101;

const Bill = object({
  id: f.id,
  personId: f.citizenId,
  total: f.money,
  place: f.choice(['inpatient', 'outpatient']),
  items: z.array(object({ amount: f.money, quantity: f.whole(1, 1000) })).max(2),
  by: z.discriminatedUnion('kind', [
    object({ kind: z.literal('clerk'), name: f.line(9) }),
    object({ kind: z.literal('file') }),
  ]),
});

const good = {
  id: '01890a5d-ac96-7740-b0f0-000000000000',
  personId: '11010519491231002X',
  total: '100',
  place: 'inpatient',
  items: [{ amount: '100', quantity: 1 }],
  by: { kind: 'file' },
};

/** Pointer and code of each fault. */
function faults(input: unknown): string[] {
  const { error } = Bill.safeParse(input);
  return error ? zodErrors(error, { input }).map(({ pointer, code }) => `${pointer} ${code}`) : [];
}

describe('explaining a schema’s error', () => {
  test.for<readonly [string, object, string[]]>([
    ['nothing', {}, []],
    ['a wrong check digit', { personId: '110105194912310021' }, ['/personId citizen-id-check-digit']],
    ['a missing field', { total: undefined }, ['/total required']],
    ['a missing choice', { place: undefined }, ['/place required']],
    ['a wrong type', { total: 100 }, ['/total wrong-type']],
    ['null', { total: null }, ['/total wrong-type']],
    ['a choice not offered', { place: 'home' }, ['/place not-one-of']],
    [
      'a field deep inside',
      {
        items: [
          { amount: '100', quantity: 1 },
          { amount: '-1', quantity: 0.5 },
        ],
      },
      ['/items/1/amount negative-money', '/items/1/quantity not-whole'],
    ],
    ['too small a number', { items: [{ amount: '1', quantity: 0 }] }, ['/items/0/quantity too-small']],
    ['too many rows', { items: Array(3).fill(good.items[0]) }, ['/items too-long']],
    ['an unknown field', { colour: 1 }, ['/colour unknown-field']],
    ['a variant without kind', { by: {} }, ['/by/kind required']],
    ['an unknown variant', { by: { kind: 'owl' } }, ['/by/kind not-one-of']],
    ['a fault inside a variant', { by: { kind: 'clerk', name: '' } }, ['/by/name too-short']],
  ])('tells %s', ([, change, expected]) => {
    expect(faults({ ...good, ...change })).toEqual(expected);
  });

  it('speaks for the nearest variant of a plain union', () => {
    const either = z.union([f.line(9), object({ amount: f.money })]);
    const tell = (input: unknown) =>
      zodErrors(either.safeParse(input).error ?? new z.ZodError([]), { input });
    expect(tell({ amount: '-1' })).toMatchObject([{ pointer: '/amount', code: 'negative-money' }]);
  });

  it('keeps the code of a system’s own refinement', () => {
    const ordered = object({ from: f.day, to: f.day }).refine(({ from, to }) => from <= to, {
      message: 'the stay ends before it begins',
      path: ['to'],
      params: { reason: 'ends-before-start' },
    });
    const { error } = ordered.safeParse({ from: '2026-01-02', to: '2026-01-01' });
    expect(zodErrors(error ?? new z.ZodError([]))).toEqual([
      { pointer: '/to', code: 'ends-before-start', detail: 'the stay ends before it begins' },
    ]);
  });

  it('makes a problem in either language, with pointers into the whole input', () => {
    const { error } = Bill.safeParse({ ...good, personId: '110105194912310021' });
    const english = zodProblem(error ?? new z.ZodError([]), { at: '/bills/7' });
    expect(english).toEqual({
      type: 'https://yitong.example/problems/invalid-input',
      title: 'The input is not valid',
      status: 422,
      detail: '1 field needs attention',
      errors: [
        {
          pointer: '/bills/7/personId',
          code: 'citizen-id-check-digit',
          detail: 'the check digit of the identity number is wrong',
          remedy: 'copy the number from the card again; two digits may be swapped',
        },
      ],
      remedy: 'copy the number from the card again; two digits may be swapped',
    });
    const chinese = zodProblem(error ?? new z.ZodError([]), { locale: 'zh-CN' });
    expect(chinese).toMatchObject({ title: '填报内容有误', errors: [{ detail: '公民身份号码校验码不符' }] });
  });

  it('never repeats a value, nor a key that could be one', () => {
    const secret = '320106198505201234';
    const inputs = [
      { ...good, personId: secret },
      { ...good, [secret]: 1 },
      { ...good, 张三: 1 },
      { ...good, place: secret, total: secret.slice(0, 17), id: secret },
      { ...good, by: { kind: secret } },
      { ...good, items: { [secret]: secret } },
      secret,
      [secret],
    ];
    for (const input of inputs) {
      const { error } = Bill.safeParse(input);
      const told = JSON.stringify(zodProblem(error ?? new z.ZodError([]), { input }));
      expect(error).toBeDefined();
      expect(told).not.toContain(secret.slice(0, 17));
      expect(told).not.toContain('张三');
    }
    expect(pointerTo([secret, 3, 'a~b/c', '310000'])).toBe('/…/3/…/310000');
  });

  it('explains any JSON without throwing, and caps the list', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        const { error } = Bill.safeParse(input);
        if (error) expect(zodProblem(error, { input }).errors?.length).toBeGreaterThan(0);
      }),
      { seed, numRuns: 500 },
    );
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x${i}`, 1]));
    const { error } = Bill.safeParse({ ...good, ...many });
    expect(zodProblem(error ?? new z.ZodError([])).errors).toHaveLength(100);
  });
});

describe('reading input', () => {
  it('gives what the schema makes of it', () => {
    expect(readInput(Bill, good).total).toBe(100n);
  });

  it('throws the problem, in the language asked for', () => {
    const read = () => readInput(Bill, { ...good, total: '-1' }, { locale: 'zh-CN', at: '/3' });
    expect(read).toThrow(InputProblem);
    expect(read).toThrow('有 1 处需要更正');
  });
});

describe('problems', () => {
  it('have a type made of their code', () => {
    const made = problem({
      code: 'medical-settlement/filing-required',
      title: 'A filing is needed',
      status: 409,
    });
    expect(made).toEqual({
      type: 'https://yitong.example/problems/medical-settlement/filing-required',
      title: 'A filing is needed',
      status: 409,
      detail: 'A filing is needed',
    });
    expect(problemCode(made)).toBe('medical-settlement/filing-required');
    expect(problemCode({ type: 'about:blank' })).toBeUndefined();
  });

  test.for(['', 'Not-Small', 'two words', '-x', 'x/', '../x'])('refuse the code %j', (code) => {
    expect(() => problemType(code)).toThrow(RangeError);
  });
});
