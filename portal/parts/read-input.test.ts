import { beforeAll, expect, test, vi } from 'vitest';
import type { Schema } from '../api/types.ts';

// The page's language comes from its address, which a test has to make up.
vi.stubGlobal('location', { pathname: '/zh' });
const { loadTexts } = await import('../app/texts.ts');
const { fenOf, readRaw } = await import('./read-input.ts');
beforeAll(() => loadTexts());

test.each([
  ['1,280.5', '128050'],
  ['¥1280', '128000'],
  ['１２８０．０５ 元', '128005'],
  ['0.07', '7'],
  ['1.234', undefined],
  ['-5', undefined],
  ['', undefined],
])('%s yuan are %s fen', (text, fen) => {
  expect(fenOf(text)).toBe(fen);
});

const of = (kind: string, more: Schema = {}): Schema => ({ type: 'string', kind, ...more });
const fault = (schema: Schema, raw: string) => readRaw(schema, raw).faults[0]?.text;

test.each([
  ['3101 0119 9003 0700 19', '310101199003070019'],
  ['３１０１０１１９９００３０７００１９', '310101199003070019'],
])('the number %s is put right', (raw, id) => {
  expect(readRaw(of('cn-id'), raw)).toEqual({ value: id, faults: [] });
});

test.each([
  [of('cn-id'), '3101011990030700', '公民身份号码应为 18 位，现在是 16 位'],
  [of('cn-id'), '310101199003070018', '公民身份号码有误，请对照证件逐位核对'],
  [of('date'), '2026-02-30', '没有这一天，请核对年月日'],
  [of('date'), '2026-1-', '没有这一天，请核对年月日'],
  [of('money'), '一百', '请填写金额，最多两位小数，例如 1280.50'],
  [of('count'), '1.5', '请填写整数'],
  [of('choice', { enum: ['a'] }), '', '请选择'],
  [of('name'), ' ', '请填写'],
] as const)('what is wrong is said: %j %j', (schema, raw, text) => {
  expect(fault(schema, raw)).toBe(text);
});

test('what may be left out is left out, and null where null means none', () => {
  const schema: Schema = {
    type: 'object',
    required: ['name', 'to', 'places'],
    properties: {
      name: of('name'),
      note: of('text'),
      to: { anyOf: [of('date'), { type: 'null' }] },
      places: { type: 'array', minItems: 1, items: of('place') },
    },
  };
  const read = readRaw(schema, { name: 'x', to: '--', places: ['', '310000'] });
  expect(read).toEqual({ value: { name: 'x', to: null, places: ['310000'] }, faults: [] });
});

test('each fault names its place', () => {
  const schema: Schema = {
    type: 'object',
    required: ['rows'],
    properties: {
      rows: { type: 'array', items: { properties: { amount: of('money') }, required: ['amount'] } },
    },
  };
  const { faults } = readRaw(schema, { rows: [{ amount: '1' }, { amount: 'x' }] });
  expect(faults.map(({ pointer }) => pointer)).toEqual(['/rows/1/amount']);
});
