import { setTimeout as pause } from 'node:timers/promises';
import { uuidOf } from '@yitong/kernel';
import { systemChance } from '@yitong/node';
import type { Draws } from '@yitong/simulation';
import { type Bill, billsAt } from './bills.ts';
import { Door } from './door.ts';
import type { Action, Attempt, History, Told } from './history.ts';
import type { CrashMember, CrashRegion } from './region.ts';
import { isEnd, toldOfCommand, toldOfReading } from './told.ts';

const system = 'medical-settlement';
const chance = systemChance();

/** What happens to a bill after it was presented, and how often. */
const paths = [
  { path: 'automatic', weight: 35 },
  { path: 'reverse', weight: 15 },
  { path: 'confirm', weight: 20 },
  { path: 'cancel', weight: 10 },
  { path: 'confirm-twice', weight: 8 },
  { path: 'confirm-and-cancel', weight: 7 },
  { path: 'present-twice', weight: 5 },
] as const;

/** Who heard what last: for each member the begin of the newest attempt that was answered with success. */
export type Heard = Map<string, { begunMs: number; endedMs: number }>;

/** Clients outside: so many stories at a time and a second, each command asked again with the same id until its end is known. */
export class Clients {
  readonly heard: Heard = new Map();
  acknowledged = 0;
  stories = 0;
  under = 0;
  readonly #region: CrashRegion;
  readonly #history: History;
  readonly #draws: Draws;
  readonly #doors: ReadonlyMap<string, Door>;
  readonly #everyMs: number;
  #next = 0;
  #stopped = false;
  #gaveUp = false;

  constructor(region: CrashRegion, history: History, draws: Draws, perSecond: number) {
    this.#region = region;
    this.#history = history;
    this.#draws = draws;
    this.#everyMs = 1_000 / perSecond;
    this.#doors = new Map(
      region.members.map((member) => [member.code, new Door(region, member, `${system}/cashier`)]),
    );
  }

  /** Runs until `stop`, then until each story has ended or `giveUp` is called. */
  async run(workersEach: number): Promise<void> {
    const codes = this.#region.members.map(({ code }) => code);
    const work = this.#region.members.flatMap((member) => {
      const bills = billsAt(member.code, codes, this.#draws.whole(1, 2 ** 30));
      return Array.from({ length: workersEach }, (_, n) => this.#work(`${member.code}.${n}`, member, bills));
    });
    await Promise.all(work);
    for (const door of this.#doors.values()) door.close();
  }

  /** No new stories. */
  stop(): void {
    this.#stopped = true;
  }

  /** What is not answered now will not be waited for. */
  giveUp(): void {
    this.#gaveUp = true;
  }

  async #work(name: string, member: CrashMember, bills: Iterator<Bill>): Promise<void> {
    const draws = this.#draws.stream(name);
    while (!this.#stopped) {
      const now = performance.now();
      this.#next = Math.max(this.#next, now - 1_000) + this.#everyMs;
      await pause(Math.max(0, this.#next - now));
      const bill: Bill | undefined = bills.next().value;
      if (bill === undefined) return;
      this.stories += 1;
      this.under += 1;
      await this.#story({ name, member, draws, bill });
      this.under -= 1;
    }
  }

  async #story(at: Scene): Promise<void> {
    const path = drawPath(at.draws);
    const automatic = path === 'automatic' || path === 'reverse';
    const present = () => this.#give(at, 'present', automatic);
    const give = (action: 'confirm' | 'cancel' | 'reverse', worker = at.name) =>
      this.#give({ ...at, name: worker }, action, false);
    const other = `${at.name}'`;
    const begun =
      path === 'present-twice'
        ? (await Promise.all([present(), this.#give({ ...at, name: other }, 'present', false)]))[0]
        : await present();
    if (!begun) return;
    await this.#look(at);
    if (path === 'reverse') await give('reverse');
    if (path === 'confirm' || path === 'present-twice') await give('confirm');
    if (path === 'cancel') await give('cancel');
    if (path === 'confirm-twice') await Promise.all([give('confirm'), give('confirm', other)]);
    if (path === 'confirm-and-cancel') await Promise.all([give('confirm'), give('cancel', other)]);
    await this.#look(at);
  }

  /** Gives a command; false when its end stays unknown: the client lost patience and never asks again. */
  async #give({ name, member, draws, bill }: Scene, action: Command, automatic: boolean): Promise<boolean> {
    const id = uuidOf(Date.now(), chance.bytes(10));
    const attempt = { worker: name, action, id, member: member.code, bill: bill.bill, automatic };
    const onBill = { bill: bill.bill };
    const body = action === 'present' ? { ...bill, confirm: automatic ? 'automatic' : 'cashier' } : onBill;
    const patience = draws.happens(0.1) ? 3 : Number.POSITIVE_INFINITY;
    let accepted = false;
    for (let tries = 1; !this.#gaveUp; tries += 1) {
      const waitS = draws.whole(1, 8);
      const told = await this.#attempt(attempt, waitS, accepted && draws.happens(0.5) ? undefined : body);
      if (isEnd(told)) return told?.state !== 'invalid';
      accepted ||= told !== undefined;
      if (tries >= patience) return false;
      if (told === undefined) await pause(Math.min(1_500, 100 * 2 ** tries) * (0.5 + draws.unit()));
    }
    return false;
  }

  /** One attempt: the command with its body, or only the question how it stands. */
  async #attempt(attempt: Attempt, waitS: number, body: unknown): Promise<Told | undefined> {
    const { action, id, member, bill } = attempt;
    const begunMs = performance.now();
    const tell = this.#history.invoke(attempt);
    const path = `/${system}/${action}-bill`;
    const headers = { prefer: `wait=${waitS}, return=minimal` };
    const limitMs = waitS * 1_000 + 5_000;
    const answer = await this.#doors
      .get(member)
      ?.ask(
        body === undefined
          ? { method: 'GET', path: `/conversations${path}/visit:${bill}/${id}`, headers, limitMs }
          : { method: 'POST', path, headers: { ...headers, 'idempotency-key': id }, body, limitMs },
      );
    const told = answer && toldOfCommand(answer);
    tell(told);
    if (told) this.acknowledged += 1;
    if (told) this.heard.set(member, { begunMs, endedMs: performance.now() });
    return told;
  }

  async #look({ name, member, draws, bill }: Scene): Promise<void> {
    if (!draws.happens(0.4)) return;
    const id = uuidOf(Date.now(), chance.bytes(10));
    const tell = this.#history.invoke({
      worker: name,
      action: 'read',
      id,
      member: member.code,
      bill: bill.bill,
    });
    const answer = await this.#doors.get(member.code)?.ask({
      method: 'GET',
      path: `/${system}/bill/visit:${bill.bill}`,
      headers: { 'yitong-purpose': system },
      limitMs: 8_000,
    });
    tell(answer && toldOfReading(answer));
  }
}

type Command = Exclude<Action, 'read'>;

interface Scene {
  readonly name: string;
  readonly member: CrashMember;
  readonly draws: Draws;
  readonly bill: Bill;
}

function drawPath(draws: Draws): (typeof paths)[number]['path'] {
  let place = draws.unit() * paths.reduce((sum, { weight }) => sum + weight, 0);
  for (const { path, weight } of paths) {
    place -= weight;
    if (place < 0) return path;
  }
  return 'automatic';
}
