import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { uuidOf } from '@yitong/kernel';
import { removePostgres, systemChance } from '@yitong/node';
import { type Bill, billsAt } from './bills.ts';
import { type Answer, Door } from './door.ts';
import { type FloodReport, measureFlood } from './flood.ts';
import type { Told } from './history.ts';
import { holdStreams } from './idle-streams.ts';
import { load } from './load.ts';
import { Memory } from './memory.ts';
import { raise } from './region.ts';
import { checkBooks } from './rest.ts';
import { isEnd, toldOfCommand } from './told.ts';

/** What an overload run is asked for. */
export interface OverloadWish {
  /** How long the sustainable rate is measured, and how long more than it is offered. */
  readonly measureSeconds: number;
  readonly seconds: number;
  /** Offered rate by the sustainable one. */
  readonly factor: number;
  /** Idle event streams to hold. */
  readonly streams: number;
  /** How long bills are timed without a flood of another member, and with one. */
  readonly floodSeconds: number;
  told(text: string): void;
}

/** In ms. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What it showed. */
export interface OverloadReport {
  readonly sustainable: number;
  readonly offered: number;
  readonly accepted: number;
  /** Turned away by 429 or 503, and how many of those said no Retry-After. */
  readonly shed: number;
  readonly silent: number;
  /** No answer at all. */
  readonly cut: number;
  /** Until a command was durable and said so, and until its settlement had ended, as a client sees it. */
  readonly accepting: Times;
  readonly ending: Times;
  /** Of both nodes together, by quarter of the run: highest, in MB. */
  readonly memoryMb: readonly number[];
  /** Accepted and not there afterwards, or not ended. */
  readonly lost: number;
  readonly differences: readonly string[];
  readonly streams: { readonly held: number; readonly kibEach: number };
  readonly flood: FloodReport;
}

const care = '340000';
const insured = '310000';
const flooder = '330000';
/** Most settlements under way at a time while the sustainable rate is looked for. */
const workersMax = 2_048;
/** One of so many that are offered is followed to its end: a connection each, and a client that asks is work for the node too. */
const followed = 20;
const path = '/medical-settlement/present-bill';
const chance = systemChance();

/** One command and what was promised of it. */
interface Promised {
  readonly id: string;
  readonly bill: string;
}

/** Offers a node more than it can do; what it takes it must keep. */
export async function overload(wish: OverloadWish): Promise<OverloadReport> {
  const folder = mkdtempSync(join(tmpdir(), 'yitong-overload-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when this one is root.
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o755 });
  const up = await raise({ data, members: [insured, flooder, care], notice: wish.told });
  const members = up.region.members.map(({ code, url }) => ({ code, processes: [{ url }] }));
  const asked = { ...up, members };
  try {
    // The third one's streams stay unused: its flood begins them.
    await load({ ...asked, members: members.filter(({ code }) => code !== flooder) });
    const url = members.find(({ code }) => code === care)?.processes[0]?.url ?? '';
    const door = new Door(asked, { code: care, processes: [{ url }] }, 'medical-settlement/cashier', 4_000);
    const nodes = up.region.members.filter(({ code }) => code !== flooder);
    const pids = () => nodes.map((member) => member.pid());
    const streams = await holdStreams(url, wish.streams, () =>
      up.region.members.find((one) => one.code === care)?.pid(),
    );
    wish.told(`${streams.held} idle streams held, ${streams.kibEach.toFixed(1)} KiB each`);
    const flood = await measureFlood(door, up.region, { care, insured, flooder }, wish);
    const run = new Overload(door, wish);
    const sustainable = await run.sustainable();
    const memory = new Memory(pids);
    await run.offer(sustainable * wish.factor);
    const memoryMb = memory.stop();
    const { held, kibEach } = streams;
    streams.close();
    const lost = await run.lost();
    door.close();
    const differences = (await checkBooks(data, wish.told)).map(({ rule, detail }) => `${rule}: ${detail}`);
    return { ...run.figures(sustainable), memoryMb, lost, differences, streams: { held, kibEach }, flood };
  } finally {
    await up.region.stop();
    await removePostgres(data);
    rmSync(folder, { recursive: true });
  }
}

class Overload {
  readonly #door: Door;
  readonly #wish: OverloadWish;
  readonly #bills = billsAt(care, [insured, care], 1);
  readonly #promised: Promised[] = [];
  readonly #accepting: number[] = [];
  readonly #ending: number[] = [];
  readonly #counts = { offered: 0, accepted: 0, shed: 0, silent: 0, cut: 0 };

  constructor(door: Door, wish: OverloadWish) {
    this.#door = door;
    this.#wish = wish;
  }

  /** Settlements a second that it does at most: ever more are under way, the next one waiting for one to end, until no more are done. */
  async sustainable(): Promise<number> {
    let most = 0;
    for (let workers = 64; workers <= workersMax; workers *= 2) {
      const rate = await this.#rateWith(workers);
      this.#wish.told(`${workers} under way: ${rate.toFixed(0)} bills a second`);
      if (rate < most * 1.1) return Math.max(rate, most);
      most = rate;
    }
    return most;
  }

  async #rateWith(workers: number): Promise<number> {
    const begun = performance.now();
    // The first third warms up.
    const from = begun + (1_000 * this.#wish.measureSeconds) / 3;
    const until = begun + 1_000 * this.#wish.measureSeconds;
    let done = 0;
    const work = async (): Promise<void> => {
      while (performance.now() < until) {
        const isEnded = isEnd((await this.#give(20)).told);
        const now = performance.now();
        if (isEnded && now >= from && now <= until) done += 1;
        if (!isEnded) await pause(100);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    return (done * 1_000) / (until - from);
  }

  /** Gives commands at a rate, whatever becomes of those before. */
  async offer(perSecond: number): Promise<void> {
    const began = performance.now();
    const under = new Set<Promise<unknown>>();
    let told = began;
    for (let given = 0; performance.now() - began < this.#wish.seconds * 1_000; ) {
      const due = ((performance.now() - began) * perSecond) / 1_000;
      for (; given < due; given += 1) {
        const one = this.#one(given).finally(() => under.delete(one));
        under.add(one);
      }
      await pause(10);
      if (performance.now() - told < 10_000) continue;
      told = performance.now();
      const { accepted, shed } = this.#counts;
      const cut = [...this.#door.cut].map(([why, times]) => `${times} ${why}`).join(', ') || '0';
      this.#wish.told(
        `${given} offered · ${accepted} accepted · ${shed} shed · ${cut} cut · ${under.size} under way`,
      );
    }
    await Promise.all(under);
  }

  /** Commands that were accepted and have not come to an end that the node still knows. */
  async lost(): Promise<number> {
    let lost = 0;
    const left = [...this.#promised];
    const work = async (): Promise<void> => {
      for (let one = left.pop(); one; one = left.pop()) if (!(await this.#ended(one))) lost += 1;
    };
    await Promise.all(Array.from({ length: 16 }, work));
    this.#wish.told(`${this.#promised.length} accepted commands asked for again, ${lost} lost`);
    return lost;
  }

  figures(sustainable: number) {
    return {
      sustainable: Math.round(sustainable),
      ...this.#counts,
      accepting: timesOf(this.#accepting),
      ending: timesOf(this.#ending),
    };
  }

  /** One of those that are offered. Nobody waits for its end, as at a till that goes on with the next person; some are followed to it. */
  async #one(nth: number): Promise<void> {
    const begun = performance.now();
    const { answer, told, ...promised } = await this.#give(0);
    this.#counts.offered += 1;
    if (told) {
      this.#counts.accepted += 1;
      this.#accepting.push(performance.now() - begun);
      if (nth % followed !== 0) return;
      if (isEnd(told) || (await this.#ended(promised))) this.#ending.push(performance.now() - begun);
    } else if (answer?.status === 429 || answer?.status === 503) {
      this.#counts.shed += 1;
      if (answer.headers['retry-after'] === undefined) this.#counts.silent += 1;
    } else this.#counts.cut += 1;
  }

  /** Presents a new bill and waits so long for its end. */
  async #give(waitS: number): Promise<Promised & { answer: Answer | undefined; told: Told | undefined }> {
    const id = uuidOf(Date.now(), chance.bytes(10));
    const input: Bill | undefined = this.#bills.next().value;
    if (input === undefined) throw new Error('there are no more bills');
    const headers = { prefer: `wait=${waitS}, return=minimal`, 'idempotency-key': id };
    const answer = await this.#door.ask({ method: 'POST', path, headers, body: input, limitMs: 60_000 });
    const told = answer && toldOfCommand(answer);
    const promised = { id, bill: input.bill };
    if (told) this.#promised.push(promised);
    return { ...promised, answer, told };
  }

  async #ended({ id, bill }: Promised): Promise<boolean> {
    const headers = { prefer: 'wait=20' };
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = await this.#door.ask({
        method: 'GET',
        path: `/conversations${path}/visit:${bill}/${id}`,
        headers,
        limitMs: 60_000,
      });
      if (answer?.status === 404) return false;
      if (answer && isEnd(toldOfCommand(answer))) return true;
    }
    return false;
  }
}

function timesOf(times: number[]): Times {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
