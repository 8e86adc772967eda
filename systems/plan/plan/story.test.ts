import type { Instant, Region } from '@yitong/kit';
import { MemoryRegion } from '@yitong/kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correct } from './correction.ts';
import { planMilestone, reachMilestone } from './milestones.ts';
import { item, milestone, report } from './records.ts';
import { reportStatus } from './status.ts';
import { outlinePlan } from './system.ts';
import { takeUp } from './taking-up.ts';

const MEMBERS = ['310000', '320000', '330000', '340000'] as const;
const [SH, JS, ZJ, AH] = MEMBERS;
const NOON: Instant = '2026-06-01T04:00:00.000Z';
const DAY = 24 * 60;
/** Owned by Shanghai and Jiangsu. */
const RAILWAY = 'shanghai-nantong-railway-phase-1';

function region(pick?: (count: number) => number): MemoryRegion {
  return new MemoryRegion(outlinePlan, MEMBERS, NOON, pick);
}

const as = ['planner'];
const take = (made: MemoryRegion, at: string, office = '铁路处', id = RAILWAY) =>
  made.command(at, takeUp, { item: id, office }, as);
const step = (made: MemoryRegion, at: string, planned: string, code = 'opening') =>
  made.command(at, planMilestone, { item: RAILWAY, milestone: code, name: '开通', planned, note: null }, as);
const reach = (made: MemoryRegion, at: string, on: string, code = 'opening') =>
  made.command(at, reachMilestone, { item: RAILWAY, milestone: code, on, note: null }, as);
const say = (made: MemoryRegion, at: string, status: string, on: string) =>
  made.command(at, reportStatus, { item: RAILWAY, status, on, note: null }, as);
const reports = (made: MemoryRegion, at: string) => {
  const member = made.members.find(({ code }) => code === at);
  return [...(member?.records(report) ?? [])];
};
const mend = (made: MemoryRegion, at: string, id: string | undefined, of: Record<string, unknown>) =>
  made.command(
    at,
    correct,
    { item: RAILWAY, report: id, status: null, on: null, planned: null, note: '笔误', ...of },
    as,
  );
/** What a member sees of an entry: whose part, its status, how it stands. */
const seen = (made: MemoryRegion, at: string) => {
  const member = made.members.find(({ code }) => code === at);
  const own = [...(member?.records(item) ?? [])].map((value) => ({ owner: at as string, value }));
  return [...own, ...(member?.copies(item) ?? [])]
    .filter(({ value }) => value.item === RAILWAY)
    .map(({ owner, value }) => `${owner} ${value.status} ${value.standing}`)
    .sort();
};

describe('an entry of two members', () => {
  it('is reported by each for its own part, and seen by all four with who said so and when', () => {
    const made = region();
    expect(take(made, SH, '上海铁路处')).toEqual({ state: 'done' });
    expect(take(made, JS, '江苏铁路处')).toEqual({ state: 'done' });
    expect(say(made, JS, 'under-way', '2026-03-01')).toEqual({ state: 'done' });
    expect(step(made, SH, '2027-12-31')).toEqual({ state: 'done' });
    for (const member of MEMBERS)
      expect(seen(made, member)).toEqual(['310000 not-started on-course', '320000 under-way none']);
    const [, , zhejiang] = made.members;
    const [told] = [...(zhejiang?.copies(report) ?? [])].filter(({ owner }) => owner === JS);
    expect(told).toMatchObject({ value: { office: '江苏铁路处', said: NOON, on: '2026-03-01' } });
    expect(made.faults()).toEqual([]);
  });

  it('keeps the Outline’s words and the member’s own cities in the part', () => {
    const made = region();
    take(made, JS);
    expect(made.record(JS, item, RAILWAY)).toMatchObject({
      quote: '沪通铁路一期',
      cities: ['320500', '320600'],
    });
  });

  it('passes to another office, and nothing said before is lost', () => {
    const made = region();
    take(made, SH);
    say(made, SH, 'preparing', '2026-01-10');
    expect(take(made, SH, '铁路建设办')).toEqual({ state: 'done' });
    expect(made.record(SH, item, RAILWAY)).toMatchObject({ office: '铁路建设办', status: 'preparing' });
    expect(reports(made, SH)).toMatchObject([{ office: '铁路处' }]);
  });
});

describe('a milestone', () => {
  it('comes to be due soon, then late, everywhere and by itself, and is late no more once it is reached', () => {
    const made = region();
    take(made, SH);
    step(made, SH, '2026-07-10');
    expect(seen(made, AH)).toEqual(['310000 not-started on-course']);
    made.advance(10 * DAY);
    expect(seen(made, AH)).toEqual(['310000 not-started due-soon']);
    made.advance(30 * DAY);
    expect(seen(made, AH)).toEqual(['310000 not-started late']);
    expect(made.record(SH, item, RAILWAY)).toMatchObject({ late: 1, next: '2026-07-10' });
    expect(reach(made, SH, '2026-07-11')).toEqual({ state: 'done' });
    expect(seen(made, AH)).toEqual(['310000 not-started none']);
    expect(made.record(SH, item, RAILWAY)).toMatchObject({ milestones: 1, reached: 1, late: 0, next: null });
    expect(made.faults()).toEqual([]);
  });

  it('planned anew is looked at on its new days only', () => {
    const made = region();
    take(made, SH);
    step(made, SH, '2026-07-10');
    step(made, SH, '2026-09-10');
    made.advance(45 * DAY);
    expect(made.record(SH, milestone, RAILWAY, 'opening')).toMatchObject({ standing: 'on-course' });
    made.advance(60 * DAY);
    expect(made.record(SH, milestone, RAILWAY, 'opening')).toMatchObject({ standing: 'late' });
  });

  it('that lies in the past when it is planned is late at once', () => {
    const made = region();
    take(made, SH);
    step(made, SH, '2026-05-31');
    step(made, SH, '2026-06-01', 'test-run');
    expect(made.record(SH, item, RAILWAY)).toMatchObject({ late: 1, standing: 'late', milestones: 2 });
  });
});

describe('a correction', () => {
  it('of a status stands, and what was said before is kept beside it', () => {
    const made = region();
    take(made, SH);
    say(made, SH, 'completed', '2026-05-01');
    const [wrong] = reports(made, SH);
    expect(mend(made, SH, wrong?.id, { status: 'under-way', on: '2026-04-01' })).toEqual({ state: 'done' });
    expect(made.record(SH, item, RAILWAY)).toMatchObject({ status: 'under-way', since: '2026-04-01' });
    expect(reports(made, SH).map(({ status, corrects }) => [status, corrects])).toEqual([
      ['completed', null],
      ['under-way', wrong?.id],
    ]);
    expect(made.faults()).toEqual([]);
  });

  it('of a milestone takes the day back, or puts another, and looks again when it falls due', () => {
    const made = region();
    take(made, SH);
    step(made, SH, '2026-06-20');
    reach(made, SH, '2026-05-30');
    const [, wrong] = reports(made, SH);
    expect(mend(made, SH, wrong?.id, {})).toEqual({ state: 'done' });
    expect(made.record(SH, milestone, RAILWAY, 'opening')).toMatchObject({
      reached: null,
      standing: 'due-soon',
    });
    made.advance(20 * DAY);
    expect(made.record(SH, milestone, RAILWAY, 'opening')).toMatchObject({ standing: 'late' });
    const again = reports(made, SH)[2];
    expect(mend(made, SH, again?.id, { on: '2026-06-19', planned: '2026-06-25' })).toEqual({ state: 'done' });
    expect(made.record(SH, milestone, RAILWAY, 'opening')).toMatchObject({
      reached: '2026-06-19',
      planned: '2026-06-25',
      standing: 'reached',
    });
    expect(made.faults()).toEqual([]);
  });
});

describe('a member that was cut off', () => {
  it('holds the same as all others once it is back, what it said meanwhile included', () => {
    const made = region();
    take(made, SH);
    take(made, JS);
    made.reachable(ZJ, false);
    say(made, SH, 'preparing', '2026-02-01');
    say(made, SH, 'under-way', '2026-03-01');
    step(made, JS, '2026-06-10');
    made.command(ZJ, takeUp, { item: 'joint-service-standardisation', office: '标准处' }, as);
    expect(seen(made, ZJ)).toEqual(['310000 not-started none', '320000 not-started none']);
    expect(made.faults().length).toBeGreaterThan(0);
    made.reachable(ZJ, true);
    expect(seen(made, ZJ)).toEqual(['310000 under-way none', '320000 not-started due-soon']);
    expect(made.faults()).toEqual([]);
  });

  it('catches up whatever the order in which the others’ words arrive, and however often it is cut off', () => {
    const act = fc.record({
      at: fc.constantFrom(SH, JS),
      what: fc.constantFrom('take', 'plan', 'reach', 'say', 'cut', 'join', 'wait'),
      n: fc.integer({ min: 1, max: 28 }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), fc.infiniteStream(fc.nat(1_000)), (acts, picks) => {
        const made = region((count) => (picks.next().value ?? 0) % Math.max(count, 1));
        for (const one of acts) perform(made, one.at, one.what, one.n);
        made.reachable(ZJ, true);
        expect(made.faults()).toEqual([]);
        const [first, ...others] = MEMBERS.map((member) => seen(made, member));
        for (const other of others) expect(other).toEqual(first);
      }),
      { seed: 20_261_126, numRuns: 60 },
    );
  });
});

function perform(made: MemoryRegion & Region, at: string, what: string, n: number): void {
  const on = `2026-05-${String(n).padStart(2, '0')}`;
  if (what === 'take') take(made, at, `处${n}`);
  else if (what === 'plan') step(made, at, `2026-07-${String(n).padStart(2, '0')}`, `m${n % 3}`);
  else if (what === 'reach') reach(made, at, on, `m${n % 3}`);
  else if (what === 'say') say(made, at, n % 2 ? 'under-way' : 'suspended', on);
  else if (what === 'wait') made.advance(n * DAY);
  else made.reachable(ZJ, what === 'join');
}

describe('what is refused', () => {
  const ready = () => {
    const made = region();
    take(made, SH);
    step(made, SH, '2026-12-31');
    return made;
  };
  const refused = (code: string, more: object = {}) =>
    expect.objectContaining({ state: 'refused', code, ...more });

  it('names the owners to a member that is none', () => {
    const made = region();
    const end = refused('not-an-owner', {
      at: '/item',
      facts: { owners: '上海市 Shanghai, 江苏省 Jiangsu' },
    });
    expect(take(made, ZJ)).toEqual(end);
    expect(say(made, ZJ, 'completed', '2026-05-01')).toEqual(end);
    expect(step(made, ZJ, '2026-12-31')).toEqual(end);
    expect(reach(made, ZJ, '2026-05-01')).toEqual(end);
    expect(mend(made, ZJ, '00000000-0000-7000-8000-000000000001', {})).toEqual(end);
  });

  it.each([
    [
      'an entry that the Outline does not have',
      'unknown-entry',
      () => take(region(), SH, 'x', 'no-such-entry'),
    ],
    ['taking up twice', 'taken-up-already', () => take(ready(), SH)],
    ['a status before taking up', 'not-taken-up', () => say(region(), SH, 'completed', '2026-05-01')],
    ['a plan before the first day', 'day-too-early', () => step(ready(), SH, '2009-12-31')],
    ['a plan beyond the Outline', 'day-beyond-the-plan', () => step(ready(), SH, '2036-01-01')],
    [
      'a milestone that was not planned',
      'unknown-milestone',
      () => reach(ready(), SH, '2026-05-01', 'other'),
    ],
    ['a milestone reached tomorrow', 'day-in-the-future', () => reach(ready(), SH, '2026-06-02')],
    ['a status of tomorrow', 'day-in-the-future', () => say(ready(), SH, 'completed', '2026-06-02')],
    ['a status of another century', 'day-too-early', () => say(ready(), SH, 'completed', '1926-06-02')],
    [
      'an unknown report',
      'unknown-report',
      () => mend(ready(), SH, '00000000-0000-7000-8000-00000000ffff', {}),
    ],
  ] as const)('%s', (_, code, run) => {
    expect(run()).toEqual(refused(code));
  });

  it('a milestone reached twice, or planned anew once it is reached', () => {
    const made = ready();
    expect(reach(made, SH, '2026-06-01')).toEqual({ state: 'done' });
    expect(reach(made, SH, '2026-06-01')).toEqual(
      refused('reached-already', { facts: { on: '2026-06-01' } }),
    );
    expect(step(made, SH, '2027-01-01')).toEqual(refused('reached-already'));
  });

  it('a status that goes back in time, or says nothing new', () => {
    const made = ready();
    say(made, SH, 'under-way', '2026-05-01');
    expect(say(made, SH, 'completed', '2026-04-30')).toEqual(refused('earlier-than-before'));
    expect(say(made, SH, 'under-way', '2026-05-02')).toEqual(refused('status-unchanged'));
  });

  it('a correction of what was not said last, or without what is right', () => {
    const made = ready();
    const [planned] = reports(made, SH);
    expect(mend(made, SH, planned?.id, { status: 'completed' })).toEqual(refused('correction-incomplete'));
    expect(mend(made, SH, planned?.id, { planned: '2036-01-01' })).toEqual(refused('day-beyond-the-plan'));
    expect(mend(made, SH, planned?.id, { on: '2026-06-02' })).toEqual(refused('day-in-the-future'));
    reach(made, SH, '2026-05-01');
    expect(mend(made, SH, planned?.id, {})).toEqual(refused('not-the-latest'));
    say(made, SH, 'under-way', '2026-05-01');
    const said = reports(made, SH).find(({ of }) => of === 'status');
    expect(mend(made, SH, said?.id, { on: '2026-05-01' })).toEqual(refused('correction-incomplete'));
    expect(mend(made, SH, said?.id, { status: 'completed', on: '2009-05-01' })).toEqual(
      refused('day-too-early'),
    );
    say(made, SH, 'completed', '2026-05-20');
    expect(mend(made, SH, said?.id, { status: 'completed', on: '2026-05-01' })).toEqual(
      refused('not-the-latest'),
    );
  });
});
