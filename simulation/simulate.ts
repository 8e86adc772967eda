import type { SystemType } from '@yitong/kit';
import { Backups } from './backups.ts';
import { askAgain } from './checks/promises.ts';
import { checkAtRest, checkNode } from './checks/rest.ts';
import { Clients } from './client.ts';
import { epochMs } from './clock.ts';
import { unleash } from './faults.ts';
import type { Finding } from './finding.ts';
import { founded } from './founded.ts';
import { LastLies } from './last-lies.ts';
import { leave } from './leaving.ts';
import { Liars } from './liars.ts';
import type { Member } from './member.ts';
import { Network } from './network.ts';
import { Office } from './office.ts';
import { type Plan, planOf, type Wish } from './plan.ts';
import { Readers } from './readers.ts';
import { type Agreed, agreed, joinerCode, memberCodes } from './region.ts';
import { type Stage, untilStep } from './workload/stage.ts';
import { preparation, storiesOf } from './workload/workload.ts';
import { type Settle, World } from './world.ts';

/** What a run showed. */
export interface Outcome {
  readonly plan: Plan;
  readonly world: World;
  readonly members: readonly Member[];
  readonly clients: Clients;
  readonly findings: readonly Finding[];
  readonly traceHash: string;
}

const minuteMs = 60_000;
/** Stories that play when a member joins or leaves. */
const storiesMax = 12;
/** The longest that a healed region may take to come to rest. */
const restMaxMs = 36 * 60 * minuteMs;
/** After so long without a commit or a timer, only retries go on: nodes pause for minutes between two of them, people for up to ten hours. */
const stuckMs = 11 * 60 * minuteMs;

/** Runs one seed from an empty region to rest, and checks it. */
export async function simulate(wish: Wish, systems: readonly SystemType[], settle: Settle): Promise<Outcome> {
  const world = new World(wish.seed);
  const plan = planOf(wish);
  const findings: Finding[] = [];
  const run = new Run(world, plan, systems, settle, findings);
  try {
    await run.prepare();
    if (findings.length === 0) await run.faulty();
    if (findings.length === 0) await run.rest();
    if (findings.length === 0) findings.push(...(await run.check()));
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    findings.push({ rule: 'threw', at: '', detail });
  }
  const { members, clients } = run;
  return { plan, world, members, clients, findings, traceHash: world.traceHash() };
}

class Run {
  readonly members: Member[];
  /** Who stands ready to join. */
  readonly #ready: Member[];
  readonly clients: Clients;
  readonly #readers: Readers;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #systems: readonly SystemType[];
  readonly #settle: Settle;
  readonly #findings: Finding[];
  readonly #agreed: Agreed;
  readonly #network: Network;
  readonly #stage: Stage;
  readonly #office: Office;
  readonly #liars: Liars;
  readonly #backups = new Backups();
  #commits = 0;
  #open = 0;

  constructor(world: World, plan: Plan, systems: readonly SystemType[], settle: Settle, findings: Finding[]) {
    this.#world = world;
    this.#plan = plan;
    this.#systems = systems;
    this.#settle = settle;
    this.#findings = findings;
    const { streams, keys, wish, stepMs, clientPauseMaxMs } = plan;
    this.clients = new Clients(world, clientPauseMaxMs);
    this.#readers = new Readers(world, (finding) => void findings.push(finding));
    this.#agreed = agreed(memberCodes(wish.members), systems, {
      streams,
      keys,
      joiner: plan.kinds.has('join') ? joinerCode(wish.members) : undefined,
    });
    this.#network = new Network(world, (to, from, what, frame) =>
      this.members.find((member) => member.code === to)?.receive(from, what, frame),
    );
    this.#liars = new Liars(world, this.#agreed, this.#network.carry.bind(this.#network));
    const all = founded(
      { world, plan, systems, agreed: this.#agreed, carry: this.#liars.carry },
      (finding) => void findings.push(finding),
      () => {
        this.#commits += 1;
      },
    );
    this.members = all.slice(0, wish.members);
    this.#ready = all.slice(wish.members);
    this.#office = new Office(
      world,
      { members: this.members, agreed: this.#agreed },
      (finding) => void findings.push(finding),
    );
    const shared = { world, clients: this.clients, readers: this.#readers, members: this.members };
    this.#stage = { ...shared, draws: world.draws('stories'), systems, stepMs, bills: wish.bills };
  }

  /** Everybody starts, and the preparation runs through without faults. */
  async prepare(): Promise<void> {
    for (const member of this.members) member.start();
    await this.#world.run(minuteMs, this.#settle);
    for (const { member, request } of preparation(this.#stage))
      this.#world.after(this.#stage.draws.unit() * 5_000, () =>
        this.#play(async () => void (await this.clients.give(member, request))),
      );
    await this.rest();
  }

  /** Stories play while things go wrong. */
  async faulty(): Promise<void> {
    const { bursts, durationMs } = this.#plan;
    const { draws } = this.#stage;
    for (const story of storiesOf(this.#stage)) {
      const at = this.#world.now + draws.pick(bursts) + draws.spread(10, 60_000);
      this.#world.after(untilStep(this.#stage, at), () => this.#play(story));
    }
    unleash({
      world: this.#world,
      plan: this.#plan,
      network: this.#network,
      members: this.members,
      clients: this.clients,
      liars: this.#liars,
      backups: this.#backups,
      joins: () => this.#play(() => this.#join()),
      changes: (kind, member) => this.#play(() => this.#office.change(kind, member)),
    });
    await this.#world.run(this.#world.now + durationMs, this.#settle, () => this.#findings.length > 0);
    this.#world.note('healed');
    this.#network.heal();
    this.#liars.heal();
    this.clients.faults = undefined;
    for (const member of this.members) member.heal();
  }

  /** A member joins in mid-stream; what the others prepared at first it does then, and people come to it. */
  async #join(): Promise<void> {
    const [joiner] = this.#ready.splice(0, 1);
    if (!joiner || !this.#agreed.joiner) return;
    await this.#office.admit(this.#agreed.joiner);
    this.members.push(joiner);
    joiner.start();
    const stage = { ...this.#stage, at: [joiner], draws: this.#world.draws('joiner') };
    await Promise.all(preparation(stage).map(({ request }) => this.clients.give(joiner, request)));
    for (const story of someOf(storiesOf(stage)))
      this.#world.after(stage.draws.spread(10, 60_000), () => this.#play(story));
  }

  #play(story: () => Promise<void>): void {
    this.#open += 1;
    story()
      .catch((error: unknown) => {
        this.#findings.push({ rule: 'story', at: '', detail: String(error) });
      })
      .finally(() => {
        this.#open -= 1;
      });
  }

  /** Runs until nothing is left to do and nothing was written for ten minutes. */
  async rest(): Promise<void> {
    const until = this.#world.now + restMaxMs;
    let movedAt = this.#world.now;
    for (let written = -1; ; ) {
      await this.#world.run(this.#world.now + 10 * minuteMs, this.#settle, () => this.#findings.length > 0);
      if (this.#findings.length > 0) return;
      for (const member of this.members) member.operate();
      this.#office.look();
      const busy = this.#busy();
      if (busy === undefined && written === this.#commits) return;
      if (written !== this.#commits || this.#timersRun()) movedAt = this.#world.now;
      written = this.#commits;
      if (this.#world.now < Math.min(until, movedAt + stuckMs)) continue;
      this.#findings.push({
        rule: 'rest',
        at: '',
        detail: `does not come to rest: ${busy ?? 'commits go on'}`,
      });
      return;
    }
  }

  /** What is not yet done, in words. */
  #busy(): string | undefined {
    if (this.#open > 0) {
      const one = this.clients.open[0];
      return `${this.#open} stories go on${one ? `: ${one.type} ${one.subject} at ${one.member.code}` : ''}`;
    }
    const { lacking, version } = this.#office;
    if (lacking !== undefined) return `${lacking} lacks directory ${version}`;
    for (const { code, node } of this.members) {
      if (!node) return `${code} is down`;
      const { partitions, peers } = node.status();
      if (partitions.some(({ epoch }) => epoch === 0)) return `${code}: a partition has no writer`;
      if (partitions.some(({ queue, writing }) => queue > 0 || writing))
        return `${code}: a queue is not empty`;
      const peer = peers.find(({ unreceipted }) => unreceipted > 0);
      if (peer) return `${code}: ${peer.unreceipted} frames to ${peer.member} have no receipt`;
    }
    return this.#timersRun() ? 'timers run' : undefined;
  }

  #timersRun(): boolean {
    const soon = epochMs + this.#world.now + restMaxMs;
    return this.members.some(({ disk }) =>
      disk.tables.partitions.some(({ timers }) => [...timers.values()].some(({ due }) => due < soon)),
    );
  }

  /** All that must hold at rest; then what members do and say that ends their part in it. */
  async check(): Promise<readonly Finding[]> {
    const findings = await this.#atRest();
    if (findings.length === 0) findings.push(...(await this.#olderBackups()));
    if (findings.length === 0 && this.#plan.kinds.has('leave') && this.members.length > 2)
      findings.push(...(await this.#leaving()));
    if (findings.length === 0 && this.#plan.kinds.has('liar')) findings.push(...(await this.#lastLies()));
    return findings;
  }

  async #atRest(): Promise<Finding[]> {
    const { members, clients } = this;
    this.#readers.checkAll();
    const last = askAgain(clients);
    await this.#world.run(this.#world.now + minuteMs, this.#settle);
    const rest = { members, clients, last, systems: this.#systems, ...this.#checked };
    const findings = [...(await checkAtRest(rest))];
    findings.push(...this.#liars.check(members));
    return findings;
  }

  get #checked() {
    return { agreed: this.#agreed, isRebuilt: this.#plan.wish.seed % 4 === 0 };
  }

  async #olderBackups(): Promise<Finding[]> {
    const asked = preparation(this.#stage);
    const found = await this.#backups.putBack({
      world: this.#world,
      network: this.#network,
      members: this.members,
      requests: (member) => asked.filter((one) => one.member === member).map(({ request }) => request),
      pass: (ms) => this.#world.run(this.#world.now + ms, this.#settle),
    });
    if (found.length > 0 || !this.#backups.werePutBack) return found;
    await this.rest();
    return this.#findings.length > 0 ? [] : this.#atRest();
  }

  async #leaving(): Promise<Finding[]> {
    const found = await leave({
      world: this.#world,
      members: this.members,
      office: this.#office,
      come: (at, draws, isWaitedFor) => {
        for (const story of someOf(storiesOf({ ...this.#stage, at, draws, first: this.#stage.bills })))
          if (isWaitedFor) this.#play(story);
          else void story();
      },
      pass: (ms) => this.#world.run(this.#world.now + ms, this.#settle),
      rest: () => this.rest(),
    });
    return [...found, ...this.#findings.splice(0), ...(await this.#nodes(this.members))];
  }

  async #lastLies(): Promise<Finding[]> {
    const lies = new LastLies(this.#world, this.#agreed, this.#network.carry.bind(this.#network));
    lies.tell(this.members, this.#liars);
    await this.#world.run(this.#world.now + minuteMs, this.#settle);
    return [...lies.check(), ...(await this.#nodes(lies.victims))];
  }

  /** `verify` and `rebuild` at each of these. */
  async #nodes(members: readonly Member[]): Promise<Finding[]> {
    const common = { ...this.#checked, systems: this.#systems };
    return (await Promise.all(members.map((member) => checkNode(common, member)))).flat();
  }
}

/** Every so manieth story, so that hardly more than `storiesMax` play. */
function someOf<T>(stories: readonly T[]): readonly T[] {
  return stories.filter((_, k) => k % Math.ceil(stories.length / storiesMax) === 0);
}
