import { describe, expect, test } from 'vitest';
import { checkHistory, type Rest } from './checker.ts';
import type { Action, HistoryEvent, Told } from './history.ts';

const bill = 'B1';
const key = `340000 ${bill}`;

/** A history in short: who, what, which id, what was told (absent: it begins; null: cut off). */
type Short = readonly [worker: string, action: Action, id: string, told?: Told | null];

function historyOf(...lines: readonly Short[]): HistoryEvent[] {
  return lines.map(([worker, action, id, told], index) => ({
    index,
    worker,
    type: told === undefined ? 'invoke' : told === null ? 'info' : 'ok',
    action,
    id,
    member: '340000',
    bill,
    automatic: false,
    ms: index,
    ...(told ? { told } : {}),
  }));
}

const done = (at: number): Told => ({ state: 'done', code: '', at: `1.${at}` });
const open: Told = { state: 'open', code: '', at: '1.1' };
const refused = (code: string, at: number): Told => ({ state: 'refused', code, at: `1.${at}` });
const shown = (version: number): Told => ({ state: 'shown', code: '', version });

const restOf = (commands: Readonly<Record<string, Told>>, state: string, version = 9, ms = 99): Rest => ({
  commands: new Map(Object.entries(commands)),
  bills: new Map([[key, { state, version }]]),
  ms,
});

const usual = historyOf(
  ['a', 'present', 'p'],
  ['a', 'present', 'p', open],
  ['a', 'present', 'p'],
  ['a', 'present', 'p', done(10)],
  ['a', 'read', 'r1'],
  ['a', 'read', 'r1', shown(2)],
  ['a', 'confirm', 'c'],
  ['a', 'confirm', 'c', null],
  ['a', 'confirm', 'c'],
  ['a', 'confirm', 'c', done(20)],
  ['a', 'read', 'r2'],
  ['a', 'read', 'r2', shown(4)],
);
const there = { p: done(10), c: done(20) };

test('a history that kept its promises has no finding', () => {
  expect(checkHistory(usual, restOf(there, 'settled'))).toEqual([]);
});

test('what was cut off may have happened or not', () => {
  const cut = historyOf(
    ['a', 'present', 'p'],
    ['a', 'present', 'p', done(10)],
    ['a', 'confirm', 'c'],
    ['a', 'confirm', 'c', null],
  );
  expect(checkHistory(cut, restOf({ p: done(10) }, 'priced'))).toEqual([]);
  expect(checkHistory(cut, restOf(there, 'settled'))).toEqual([]);
});

test('of two at once the second may find the bill between two states', () => {
  const both = historyOf(
    ['a', 'present', 'p'],
    ['a', 'present', 'p', done(10)],
    ['a', 'confirm', 'c'],
    ['b', 'cancel', 'x'],
    ['b', 'cancel', 'x', refused('bill-not-priced', 15)],
    ['a', 'confirm', 'c', done(20)],
  );
  const rest = restOf({ ...there, x: refused('bill-not-priced', 15) }, 'settled');
  expect(checkHistory(both, rest)).toEqual([]);
});

test('a bill that nobody confirmed for half an hour is void by itself, and no sooner', () => {
  const alone = historyOf(['a', 'present', 'p'], ['a', 'present', 'p', done(10)]);
  const rest = (ms: number) => restOf({ p: done(10) }, 'void', 9, ms);
  expect(checkHistory(alone, rest(31 * 60_000))).toEqual([]);
  expect(checkHistory(alone, rest(29 * 60_000)).map(({ rule }) => rule)).toEqual(['state']);
});

interface Planted {
  readonly what: string;
  readonly history?: HistoryEvent[];
  readonly rest: Rest;
  readonly rule: string;
}

const twoConfirms = historyOf(
  ['a', 'present', 'p'],
  ['a', 'present', 'p', done(10)],
  ['a', 'confirm', 'c'],
  ['a', 'confirm', 'c', done(20)],
  ['b', 'confirm', 'd'],
  ['b', 'confirm', 'd', done(30)],
);

const planted: readonly Planted[] = [
  { what: 'an acknowledged command is lost', rest: restOf({ p: done(10) }, 'priced'), rule: 'lost' },
  {
    what: 'a command that was only accepted is lost',
    history: historyOf(['a', 'present', 'p'], ['a', 'present', 'p', open]),
    rest: { commands: new Map(), bills: new Map(), ms: 99 },
    rule: 'lost',
  },
  {
    what: 'an outcome is another one later',
    rest: restOf({ ...there, c: refused('hold-lapsed', 20) }, 'settled'),
    rule: 'changed',
  },
  {
    what: 'one id is told two ends',
    history: historyOf(
      ['a', 'present', 'p'],
      ['a', 'present', 'p', done(10)],
      ['a', 'present', 'p'],
      ['a', 'present', 'p', refused('bill-exists', 12)],
    ),
    rest: restOf({ p: done(10) }, 'priced'),
    rule: 'one end',
  },
  {
    what: 'what was refused at the door is there',
    history: historyOf(
      ['a', 'present', 'p'],
      ['a', 'present', 'p', { state: 'invalid', code: 'invalid-input' }],
    ),
    rest: restOf({ p: done(10) }, 'priced'),
    rule: 'invalid',
  },
  {
    what: 'a conversation never ends',
    history: historyOf(['a', 'present', 'p'], ['a', 'present', 'p', open]),
    rest: restOf({ p: open }, 'presented'),
    rule: 'unended',
  },
  {
    what: 'an answered command lies behind one that was asked later',
    rest: restOf({ p: done(25), c: done(20) }, 'settled'),
    history: historyOf(
      ['a', 'present', 'p'],
      ['a', 'present', 'p', done(25)],
      ['a', 'confirm', 'c'],
      ['a', 'confirm', 'c', done(20)],
    ),
    rule: 'order',
  },
  {
    what: 'a bill is confirmed twice',
    history: twoConfirms,
    rest: restOf({ ...there, d: done(30) }, 'settled'),
    rule: 'state',
  },
  { what: 'a bill is not in the state it was brought to', rest: restOf(there, 'priced'), rule: 'state' },
  {
    what: 'a bill is gone',
    rest: { commands: restOf(there, '').commands, bills: new Map(), ms: 99 },
    rule: 'state',
  },
  {
    what: 'a command is refused for a state that the bill had left',
    rest: restOf({ p: done(10), c: refused('bill-not-priced', 20) }, 'priced'),
    history: historyOf(
      ['a', 'present', 'p'],
      ['a', 'present', 'p', done(10)],
      ['a', 'confirm', 'c'],
      ['a', 'confirm', 'c', refused('bill-not-priced', 20)],
    ),
    rule: 'state',
  },
  {
    what: 'a reading goes back',
    history: historyOf(
      ['a', 'read', 'r1'],
      ['a', 'read', 'r1', shown(4)],
      ['b', 'read', 'r2'],
      ['b', 'read', 'r2', shown(3)],
    ),
    rest: { commands: new Map(), bills: new Map([[key, { state: 'none', version: 4 }]]), ms: 99 },
    rule: 'stale',
  },
  {
    what: 'whoever was told that a bill is priced does not see it',
    history: historyOf(
      ['a', 'present', 'p'],
      ['a', 'present', 'p', done(10)],
      ['a', 'read', 'r'],
      ['a', 'read', 'r', shown(0)],
    ),
    rest: restOf({ p: done(10) }, 'priced'),
    rule: 'stale',
  },
  { what: 'a version that was shown is gone', rest: restOf(there, 'settled', 3), rule: 'stale' },
  {
    what: 'a bill comes from nowhere',
    history: [],
    rest: restOf({}, 'settled'),
    rule: 'from nowhere',
  },
];

describe('a planted fault is found:', () => {
  test.for(planted)('$what', ({ history = usual, rest, rule }) => {
    expect(checkHistory(history, rest).map((finding) => finding.rule)).toContain(rule);
  });
});

test('readings that ran at once may show either version', () => {
  const both = historyOf(
    ['a', 'read', 'r1'],
    ['b', 'read', 'r2'],
    ['a', 'read', 'r1', shown(4)],
    ['b', 'read', 'r2', shown(3)],
  );
  const rest = { commands: new Map(), bills: new Map([[key, { state: 'none', version: 4 }]]), ms: 99 };
  expect(checkHistory(both, rest)).toEqual([]);
});
