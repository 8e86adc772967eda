import { expect, test, vi } from 'vitest';

// The page's language comes from its address, which a test has to make up.
vi.stubGlobal('location', { pathname: '/zh' });
const { changedFields, rawOf } = await import('./raw-of.ts');

const schema = {
  properties: {
    amount: { kind: 'money' },
    rate: { kind: 'basis-points' },
    on: { kind: 'date' },
    places: { type: 'array', items: { kind: 'city' } },
    category: { anyOf: [{ kind: 'choice' }, { type: 'null' }] },
  },
};

test('an example fills the controls as a person would', () => {
  const value = { amount: '100001', rate: 1250, on: '2026-03-02', places: ['310000'], category: null, n: 3 };
  expect(rawOf(schema, value)).toEqual({
    amount: '1000.01',
    rate: '12.5',
    on: '2026-03-02',
    places: ['310000'],
    category: '',
    n: '3',
  });
  expect(rawOf({ kind: 'money' }, '-5')).toBe('-0.05');
  expect(rawOf({ kind: 'yes-no' }, false)).toBe(false);
});

test('what was changed is told by field', () => {
  expect(changedFields({ a: '1', b: ['x'] }, { a: '2', b: ['x'] })).toEqual(['a']);
});
