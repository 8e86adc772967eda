import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Draws } from '@yitong/simulation';
import { checkHistory, type Finding } from './checker.ts';
import { Clients } from './clients.ts';
import { drawFault } from './faults.ts';
import { History } from './history.ts';
import { load } from './load.ts';
import { Recoveries } from './recoveries.ts';
import { type CrashRegion, readyProcess, startRegion } from './region.ts';
import { checkBooks, lookAtRest } from './rest.ts';

/** What a run is asked for. */
export interface RunWish {
  readonly seed: number;
  /** Members of the region, 2 to 4. */
  readonly members: number;
  /** Faults go on for so long, or until so many processes were killed. */
  readonly minutes: number;
  readonly killsMax: number;
  /** Bills begun a second in the whole region, and stories under way at each member at most. */
  readonly perSecond: number;
  readonly workers: number;
  /** Shortest and longest pause between two faults; longest time that a process is stopped. */
  readonly pauseMs: readonly [least: number, most: number];
  readonly stopMaxMs: number;
  /** Hears each line of progress. */
  told(text: string): void;
}

/** What a run showed. */
export interface RunReport {
  readonly seed: number;
  readonly ok: boolean;
  readonly minutes: number;
  readonly kills: number;
  /** How often each kind of fault hit. */
  readonly faults: Readonly<Record<string, number>>;
  readonly stories: number;
  /** Answers that promised something, and commands whose promises were compared with what is. */
  readonly acknowledged: number;
  readonly checked: number;
  readonly unknown: number;
  /** Longest until a member that was hit promised something again, in seconds, by kind of fault. */
  readonly longestRecovery: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** Where data, logs and history were kept; undefined when nothing was found. */
  readonly kept: string | undefined;
}

/** A machine that others use too needs its time. */
const healMs = 600_000;
/** Longest that a fault waits for members to be back. */
const answerMs = 60_000;

/** Runs a region under load and faults, heals it, and compares what was promised with what is. */
export async function run(wish: RunWish): Promise<RunReport> {
  const began = performance.now();
  wish.told(`seed ${wish.seed}: starting ${wish.members} nodes and PostgreSQL`);
  const notes: string[] = [];
  const region = await startRegion(wish.members, (text) => notes.push(`${new Date().toISOString()} ${text}`));
  const history = new History();
  let findings: readonly Finding[] = [{ rule: 'run', at: 'the run', detail: 'did not come to its end' }];
  try {
    if (!region.disk) wish.told('no small disk can be mounted here: the disk will not become full');
    await load(region);
    const counts = await trial(region, history, wish);
    const { rest, findings: held } = await settled(region, history, wish, counts.clients);
    findings = [
      ...counts.findings,
      ...checkHistory(history.events, rest),
      ...held,
      ...(await checkBooks(region.data, wish.told)),
    ];
    return reportOf({ wish, began, history, counts, findings, checked: rest.commands.size, region });
  } finally {
    if (findings.length > 0) keepHistory(region, history, notes);
    await region.stop(findings.length > 0);
  }
}

interface Counts {
  readonly clients: Clients;
  readonly recoveries: Recoveries;
  readonly faults: Record<string, number>;
  kills: number;
  findings: Finding[];
}

/** Load and faults at once, until time is up or enough is killed. */
async function trial(region: CrashRegion, history: History, wish: RunWish): Promise<Counts> {
  const draws = new Draws(wish.seed, 'faults');
  const clients = new Clients(region, history, new Draws(wish.seed, 'clients'), wish.perSecond);
  const recoveries = new Recoveries(clients.heard);
  const counts: Counts = { clients, recoveries, faults: {}, kills: 0, findings: [] };
  const work = clients.run(wish.workers);
  const until = performance.now() + wish.minutes * 60_000;
  await pause(2_000);
  while (performance.now() < until && counts.kills < wish.killsMax) {
    const fault = drawFault(draws);
    const hit = await fault.do({ region, draws: draws.stream(`${counts.kills}`), stopMaxMs: wish.stopMaxMs });
    if (hit) {
      counts.faults[fault.name] = (counts.faults[fault.name] ?? 0) + 1;
      counts.kills += hit.kills;
      recoveries.hit(hit.members, fault.name);
      wish.told(line(counts, history, `${fault.name}: ${hit.detail}`));
    }
    await pause(draws.whole(...wish.pauseMs));
    await someAnswer(recoveries, wish);
  }
  await heal(counts, wish, work);
  return counts;
}

/** Faults that come faster than any member comes back would try nothing but starting: half of them answer before the next. */
async function someAnswer(recoveries: Recoveries, wish: RunWish): Promise<void> {
  const until = performance.now() + answerMs;
  while (recoveries.open.length > wish.members / 2 && performance.now() < until) await pause(100);
}

function line({ kills, clients, recoveries }: Counts, history: History, what: string): string {
  const time = `${(history.ms / 1_000).toFixed(0).padStart(5)} s`;
  const away = recoveries.open.length === 0 ? '' : ` · away ${recoveries.open.length}`;
  return `${time}  ${kills} kills · ${clients.acknowledged} acknowledged · ${clients.under} under way${away} · ${what}`;
}

/** No more faults: each member answers again, and each story comes to its end. */
async function heal({ clients, recoveries, findings }: Counts, wish: RunWish, work: Promise<void>) {
  wish.told('healing');
  const until = performance.now() + healMs;
  while (recoveries.open.length > 0 && performance.now() < until) await pause(250);
  for (const member of recoveries.open)
    findings.push({ rule: 'healed', at: member, detail: `nothing heard within ${healMs / 1000} s` });
  clients.stop();
  const late = setTimeout(() => clients.giveUp(), healMs);
  await work;
  clearTimeout(late);
}

async function settled(region: CrashRegion, history: History, wish: RunWish, clients: Clients) {
  wish.told(`at rest: comparing ${history.events.length} lines of history with what is`);
  for (const member of region.members) {
    const until = performance.now() + healMs;
    while (!(await readyProcess(member)) && performance.now() < until) await pause(250);
  }
  const until = performance.now() + healMs;
  for (;;) {
    const seen = await lookAtRest(region, history);
    const isQuiet = [...seen.rest.commands.values()].every(({ state }) => state !== 'open');
    if ((isQuiet && seen.findings.length === 0) || performance.now() > until || clients.under > 0)
      return seen;
    await pause(1_000);
  }
}

interface Finished {
  readonly wish: RunWish;
  readonly began: number;
  readonly history: History;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  readonly checked: number;
  readonly region: CrashRegion;
}

function reportOf({ wish, began, history, counts, findings, checked, region }: Finished): RunReport {
  const longest = Object.entries(counts.recoveries.longest);
  return {
    seed: wish.seed,
    ok: findings.length === 0,
    minutes: Math.round((performance.now() - began) / 6_000) / 10,
    kills: counts.kills,
    faults: counts.faults,
    stories: counts.clients.stories,
    acknowledged: counts.clients.acknowledged,
    checked,
    unknown: history.events.filter(({ type }) => type === 'info').length,
    longestRecovery: Object.fromEntries(longest.map(([fault, ms]) => [fault, Math.round(ms / 100) / 10])),
    findings,
    kept: findings.length === 0 ? undefined : region.folder,
  };
}

function keepHistory({ folder }: CrashRegion, { events }: History, notes: readonly string[]): void {
  writeFileSync(join(folder, 'history.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  writeFileSync(join(folder, 'notices.log'), notes.map((note) => `${note}\n`).join(''));
}
