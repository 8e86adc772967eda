import type { Commit, FrameAnswer, KernelNode, PeerAnswer } from '@yitong/kernel';
import type { Draws } from './chance.ts';
import type { MachineClock } from './clock.ts';
import type { CommitFault, Disk } from './disk.ts';
import { Process, type ProcessOptions } from './process.ts';
import type { World } from './world.ts';

/** What goes wrong inside a member's machine, as probabilities of each call. */
export interface MachineFaults {
  readonly commit: Readonly<Record<CommitFault, number>>;
  readonly read: number;
}

/** What a member's machine is made of. */
export interface MemberOptions {
  readonly world: World;
  readonly code: string;
  readonly clock: MachineClock;
  readonly disk: Disk;
  readonly commitMaxMs: number;
  readonly node: ProcessOptions['node'];
  /** The systems of the node's next program. */
  readonly next: ProcessOptions['node']['systems'];
  readonly sabotage: ProcessOptions['sabotage'];
  readonly carry: (
    from: string,
    to: string,
    what: string,
    frame: Uint8Array,
    answered: (answer: PeerAnswer | undefined) => void,
  ) => void;
}

/** One jurisdiction: a database and the processes that come and go on it. */
export class Member {
  readonly code: string;
  readonly disk: Disk;
  readonly clock: MachineClock;
  faults: MachineFaults | undefined;
  /** Proofs against peers that its node has shown. */
  readonly proofs: string[] = [];
  /** While a fault in the rules makes handlers throw. */
  areRulesFaulty = false;
  /** Whether the next program is installed, and whether it ever was. */
  #isNext = false;
  #wasNext = false;
  /** While its database is a backup in the place of a newer state. */
  isOnOlder = false;
  /** While the disk is full every commit is told so. */
  fullUntil = 0;
  /** While the database is away nothing is read or written. */
  #awayUntil = 0;
  #tornMs = 0;
  readonly #world: World;
  readonly #options: MemberOptions;
  readonly #draws: Draws;
  #current: Process | undefined;
  readonly #former = new Set<Process>();
  #armed: string | undefined;
  #usurper: { readonly point: string; readonly takesOver: () => void } | undefined;
  #downMs = 0;
  #births = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
    this.#world = options.world;
    this.code = options.code;
    this.disk = options.disk;
    this.clock = options.clock;
    this.#draws = options.world.draws(`member ${options.code}`);
  }

  /** The node that answers at the member's address now; undefined while none runs. */
  get node(): KernelNode | undefined {
    return this.#current?.alive && this.#current.started && !this.#current.frozen
      ? this.#current.node
      : undefined;
  }

  get isDown(): boolean {
    return this.node === undefined;
  }

  /** Whether the node fires timers: it runs, and does not doubt its clock. */
  get timersRun(): boolean {
    const reasons = this.node?.status().reasons;
    return reasons !== undefined && !reasons.some((reason) => reason.startsWith('the clock jumped'));
  }

  start(): void {
    this.#births += 1;
    const name = `${this.code}#${this.#births}`;
    this.#world.note(name, 'start');
    const { world, clock, disk, commitMaxMs, node, next, sabotage, carry } = this.#options;
    const process = new Process({
      world,
      name,
      clock,
      disk,
      commitMaxMs,
      sabotage,
      node: this.#isNext ? { ...node, systems: next } : node,
      draws: this.#draws.stream(name),
      dies: (point) => this.#dies(process, point),
      commitFault: (commit) => this.#commitFault(commit),
      readFails: () => this.#world.now < this.#awayUntil || this.#draws.happens(this.faults?.read ?? 0),
      carry: (to, what, frame, answered) => carry(this.code, to, what, frame, answered),
      failed: ({ proof, fault }) => {
        // Nobody lies about a log here: what accuses without a proof accuses in vain, but for a member on an older backup, which lost its own.
        const accusation = proof ?? (this.isOnOlder && fault === 'own-log-lost' ? undefined : fault);
        if (typeof accusation === 'string') this.proofs.push(accusation);
      },
      died: (why) => this.#died(process, why),
    });
    this.#current = process;
    process.start();
  }

  /** A frame (`batches`), or another request by its address. */
  receive(from: string, what: string, frame: Uint8Array): Promise<FrameAnswer> | undefined {
    return what === 'batches' ? this.node?.receive(from, frame) : this.node?.ask(from, what, frame);
  }

  /** The process dies at the next visit of a point (`anywhere`: at once) and comes back after a while. */
  crash(point: string, downMs: number): void {
    this.#downMs = downMs;
    if (point === 'anywhere') this.#current?.die('anywhere');
    else this.#armed = point;
  }

  /** The database's machine dies in the middle of the next commit, which is then in its log in part and undone, or whole; it is back after a while. */
  tear(awayMs: number): void {
    this.#tornMs = awayMs;
  }

  /** The machine is set up on another state of its database, and the node starts on it; what it writes on an older one is no part of its history. */
  putBack(state: ReturnType<Disk['snapshot']>, isOlder: boolean): void {
    this.#current?.die('put back');
    this.disk.restore(state);
    this.isOnOlder = isOlder;
  }

  /** The process ends in good order and comes back after a while. */
  stop(downMs: number): void {
    this.#downMs = downMs;
    this.#current?.stop();
  }

  /** The next program takes the place of the one before, or the other way round: the process ends in good order, and the other begins. */
  install(downMs: number): void {
    this.#isNext = !this.#isNext;
    this.#wasNext = true;
    this.#world.note(this.code, 'installs', this.#isNext);
    this.stop(downMs);
  }

  /** A second process takes over while the first one stands still, from its next visit of a point on (`anywhere`: at once); the first wakes later and finds itself fenced. */
  usurp(stillMs: number, thenMs: number, point: string): void {
    if (point === 'anywhere') this.#usurped(stillMs, thenMs);
    else this.#usurper = { point, takesOver: () => this.#usurped(stillMs, thenMs) };
  }

  #usurped(stillMs: number, thenMs: number): void {
    const first = this.#current;
    if (!first?.alive || this.isDown) return;
    this.#world.note(first.name, 'stands still', stillMs);
    first.freeze(this.#world.now + stillMs);
    this.#former.add(first);
    this.#world.after(stillMs + thenMs, () => first.die('its time is over'));
    this.start();
  }

  /** The process stands still for a while, its machine's clock goes on. */
  pause(ms: number): void {
    if (this.#current?.alive) this.#current.freeze(this.#world.now + ms);
  }

  /** What an operator does who looks after the node: a clock that jumped is right by now, and what is held runs again. */
  operate(): void {
    const { node } = this;
    const operator = { id: 'operator-1', roles: ['operator'] };
    node?.acceptClock(operator, 'looked at');
    for (const [partition, { held }] of this.disk.tables.partitions.entries())
      for (const { at, kind } of held.values()) if (kind === 'held') this.#release(`${partition}.${at}`);
  }

  #release(position: string): void {
    const operator = { id: 'operator-1', roles: ['operator'] };
    this.#world.count('released');
    void this.node?.release(operator, position, 'run', 'mended').catch((error: unknown) => {
      this.#world.note(this.code, 'not released', position, String(error));
    });
  }

  /** No more faults; the newest process runs alone. */
  heal(): void {
    this.faults = undefined;
    this.areRulesFaulty = false;
    this.fullUntil = 0;
    this.#awayUntil = 0;
    this.#tornMs = 0;
    this.#armed = undefined;
    this.#usurper = undefined;
    this.#downMs = 0;
    for (const process of this.#former) process.die('healed');
    this.#current?.thaw();
    this.disk.finishLate();
    // Who speaks in a way of which others know should in the end understand it.
    if (this.#wasNext && !this.#isNext) this.install(0);
  }

  #dies(process: Process, point: string): boolean {
    if (process !== this.#current) return false;
    if (this.#usurper?.point === point) {
      const { takesOver } = this.#usurper;
      this.#usurper = undefined;
      takesOver();
      return false;
    }
    if (this.#armed !== point) return false;
    this.#armed = undefined;
    this.#world.count(`crash.${point}`);
    return true;
  }

  #died(process: Process, why: string): void {
    this.#world.note(process.name, 'died', why);
    this.#former.delete(process);
    if (process !== this.#current) return;
    const again = (): void => {
      if (this.#current === process) this.start();
    };
    this.#world.after(1_000 + this.#downMs, again);
    this.#downMs = 0;
  }

  #commitFault(commit: Commit): CommitFault | undefined {
    if (this.#world.now < this.#awayUntil) return 'cut';
    if (this.#tornMs > 0) return this.#torn(commit);
    if (this.#world.now < this.fullUntil) return 'full';
    const { faults } = this;
    if (!faults) return undefined;
    for (const [name, probability] of Object.entries(faults.commit) as [CommitFault, number][])
      if (this.#draws.happens(probability)) {
        this.#world.note(this.code, 'commit fault', name, commit.partition, commit.journal.seq);
        this.#world.count(`disk.${name}`);
        if (name === 'late')
          this.#world.after(this.#draws.spread(10, 60_000), () => void this.disk.finishLate());
        return name;
      }
    return undefined;
  }

  #torn(commit: Commit): CommitFault {
    this.#awayUntil = this.#world.now + this.#tornMs;
    this.#tornMs = 0;
    const isWhole = this.#draws.happens(0.5);
    this.disk.torn = isWhole ? undefined : commit;
    this.#world.note(this.code, 'torn', isWhole, commit.partition, commit.journal.seq);
    this.#world.count('disk.torn');
    // One machine or two: the node dies with its database, or waits for it.
    if (this.#draws.happens(0.7)) this.#world.after(0, () => this.#current?.die('torn'));
    return isWhole ? 'lost' : 'cut';
  }
}
