import {
  afterInstant,
  type CommandType,
  type Effect,
  type Instant,
  type MessageType,
  msOf,
  type Outcome,
  type RecordType,
  type Refused,
  type Region,
  type RegionMember,
  type SystemType,
  startOfDay,
  type View,
  z,
} from '@yitong/kit';
import { MemoryNode, viewOf } from './view.ts';

/** How a conversation ended, or that it goes on. */
export type End =
  | { readonly state: 'done' }
  | { readonly state: 'open' }
  | ({ readonly state: 'refused' } & Refused);

interface Letter {
  readonly to: string;
  readonly from: string;
  readonly message: MessageType;
  readonly subject: string;
  /** JSON text, as it goes over the wire. */
  readonly data: string;
  readonly replyTo: string;
  readonly command: string;
  readonly answer?: { readonly reply: string } | { readonly refused: Refused };
  answered?: boolean;
}

interface Timer {
  readonly due: number;
  readonly letter: Letter;
}

/** Several members in one process, for stories: the system's own handlers, JSON between them, time that moves when told. */
export class MemoryRegion implements Region {
  readonly #system: SystemType;
  readonly #nodes: ReadonlyMap<string, MemoryNode>;
  readonly #queue: Letter[] = [];
  readonly #timers: Timer[] = [];
  readonly #ends = new Map<string, End>();
  readonly #down = new Set<string>();
  readonly #pick: (count: number) => number;
  #nowMs: number;
  #ids = 0;

  /** `pick` chooses which of the letters under way comes next; without it, the oldest. */
  constructor(
    system: SystemType,
    members: readonly string[],
    now: Instant,
    pick: (count: number) => number = () => 0,
  ) {
    this.#system = system;
    this.#nodes = new Map(members.map((code) => [code, new MemoryNode()]));
    this.#nowMs = msOf(now);
    this.#pick = pick;
  }

  /** Gives a command at a member's node and runs all that follows. */
  command<I>(
    member: string,
    command: CommandType<string, I>,
    input: unknown,
    roles: readonly string[] = ['clerk'],
  ): End {
    const value = command.input.parse(input);
    const subject = `${command.about.kind}:${command.keyOf(value)}`;
    this.#ids += 1;
    const id = `00000000-0000-7000-8000-${String(this.#ids).padStart(12, '0')}`;
    this.#ends.set(id, { state: 'done' });
    const view = this.#view(member, { from: member, subject, id, actor: { id: 'someone', roles } });
    this.#conclude(command.handle(value, view), { member, subject, command: id });
    this.run();
    return this.#ends.get(id) ?? { state: 'open' };
  }

  /** Delivers until nothing is under way. */
  run(): void {
    for (;;) {
      const ready = this.#queue.filter((letter) => !this.#down.has(letter.to));
      const letter = ready[this.#pick(ready.length)];
      if (letter === undefined) return;
      this.#queue.splice(this.#queue.indexOf(letter), 1);
      this.#deliver(letter);
    }
  }

  /** Lets time pass; timers fire in their order. */
  advance(minutes: number): void {
    const until = this.#nowMs + minutes * 60_000;
    for (;;) {
      const [next] = this.#timers.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#nowMs = Math.max(this.#nowMs, next.due);
      this.#deliver(next.letter);
      this.run();
    }
    this.#nowMs = until;
  }

  /** Cuts a member off, or joins it again. */
  reachable(member: string, reachable: boolean): void {
    if (reachable) this.#down.delete(member);
    else this.#down.add(member);
    this.run();
  }

  /** How a command's conversation stands. */
  end(id: string): End | undefined {
    return this.#ends.get(id);
  }

  /** A record of a member, decoded; `each` for one of several. */
  record<T>(member: string, record: RecordType<string, T>, key: string, each = ''): T | undefined {
    const body = this.#node(member).records.get(`${record.type} ${record.about.kind}:${key}`)?.get(each);
    return body === undefined ? undefined : record.schema.parse(JSON.parse(body));
  }

  get members(): readonly RegionMember[] {
    return [...this.#nodes].map(([code, node]) => ({
      code,
      records: <T>(record: RecordType<string, T>) =>
        [...node.records]
          .filter(([key]) => key.startsWith(`${record.type} `))
          .flatMap(([, all]) => [...all.values()].map((body) => record.schema.parse(JSON.parse(body)))),
      copies: () => [],
      balance: (account) => node.books.balance(account),
    }));
  }

  /** What the system's invariants say is wrong. */
  faults(): readonly string[] {
    return this.#system.invariants.flatMap(({ name, holds }) => {
      const fault = holds(this);
      return fault === undefined ? [] : [`${name}: ${fault}`];
    });
  }

  #deliver(letter: Letter): void {
    if (letter.answer !== undefined) return this.#answer(letter, letter.answer);
    const { message } = letter;
    if (letter.subject.startsWith('patience ')) return this.#patience(letter);
    const data: unknown = message.data.parse(JSON.parse(letter.data));
    const view = this.#view(letter.to, { from: letter.from, subject: letter.subject, id: letter.command });
    const at = { member: letter.to, subject: letter.subject, command: letter.command, asked: letter };
    this.#conclude(message.handle(data, view), at);
  }

  #answer(letter: Letter, answer: NonNullable<Letter['answer']>): void {
    const { message, command } = letter;
    const view = this.#view(letter.to, { from: letter.from, subject: letter.subject, id: command });
    const data: unknown = message.data.parse(JSON.parse(letter.data));
    const at = { member: letter.to, subject: letter.subject, command };
    if ('reply' in answer) {
      const reply: unknown = message.reply?.parse(JSON.parse(answer.reply));
      this.#conclude(message.replied?.(reply, view, data) ?? [], at);
      return;
    }
    this.#ends.set(command, { state: 'refused', ...answer.refused });
    this.#conclude(message.refused?.(answer.refused, view, data) ?? [], at);
  }

  #patience(letter: Letter): void {
    const [, subject = ''] = letter.subject.split('patience ');
    const original = this.#queue.find((one) => one.data === letter.data && one.message === letter.message);
    if (original === undefined) return;
    const view = this.#view(letter.to, { from: letter.from, subject, id: letter.command });
    const data: unknown = letter.message.data.parse(JSON.parse(letter.data));
    this.#conclude(letter.message.waiting?.(view, data) ?? [], {
      member: letter.to,
      subject,
      command: letter.command,
    });
  }

  #conclude(
    outcome: Outcome<string, string, unknown>,
    at: {
      readonly member: string;
      readonly subject: string;
      readonly command: string;
      readonly asked?: Letter;
    },
  ): void {
    const list = Array.isArray(outcome) ? outcome : [outcome];
    for (const effect of list) {
      if (effect === false || effect === undefined) continue;
      if (effect.effect === 'refuse') {
        const { code, facts } = effect;
        const refused = { code, facts, ...(effect.at === undefined ? {} : { at: effect.at }) };
        if (at.asked === undefined) this.#ends.set(at.command, { state: 'refused', ...refused });
        else this.#back(at.asked, { refused });
      } else if (effect.effect === 'reply') {
        const { asked } = at;
        if (asked?.message.reply === undefined) throw new Error('a reply that nobody asked for');
        this.#back(asked, { reply: JSON.stringify(z.encode(asked.message.reply, effect.data)) });
      } else this.#effect(effect, at);
    }
  }

  #back(asked: Letter, answer: NonNullable<Letter['answer']>): void {
    this.#queue.push({ ...asked, to: asked.from, from: asked.to, subject: asked.replyTo, answer });
  }

  #effect(
    effect: Effect,
    at: { readonly member: string; readonly subject: string; readonly command: string },
  ): void {
    const node = this.#node(at.member);
    switch (effect.effect) {
      case 'put':
        return this.#put(node, at, effect.record, effect.value);
      case 'remove':
        node.records.get(`${effect.record.type} ${at.subject}`)?.delete(effect.key ?? '');
        return;
      case 'send':
      case 'later':
        return this.#post(effect, at);
      default:
        return node.books.apply(at.subject, effect);
    }
  }

  #post(
    effect: Extract<Effect, { effect: 'send' | 'later' }>,
    at: { readonly member: string; readonly subject: string; readonly command: string },
  ): void {
    const { message } = effect;
    const to = effect.effect === 'send' ? (effect.to ?? at.member) : at.member;
    if (to !== at.member && message.purpose === undefined) throw new Error(`${message.name} has no purpose`);
    const subject = `${message.about.kind}:${message.keyOf(effect.data)}`;
    const data = JSON.stringify(z.encode(message.data, effect.data));
    const letter: Letter = {
      to,
      from: at.member,
      message,
      subject,
      data,
      replyTo: at.subject,
      command: at.command,
    };
    if (effect.effect === 'later') {
      const { when } = effect;
      const due = typeof when === 'string' ? startOfDay(when) : afterInstant(this.#nowMs, when);
      this.#timers.push({ due, letter });
      return;
    }
    this.#queue.push(letter);
    if (message.patience !== undefined && message.waiting !== undefined) {
      const due = afterInstant(this.#nowMs, message.patience);
      this.#timers.push({ due, letter: { ...letter, to: at.member, subject: `patience ${at.subject}` } });
    }
  }

  #put(node: MemoryNode, at: { readonly subject: string }, record: RecordType, value: unknown): void {
    if (!at.subject.startsWith(`${record.about.kind}:`))
      throw new Error(`${record.type} is not about ${at.subject}`);
    const json: unknown = z.encode(record.schema, value);
    record.schema.parse(json);
    const body = JSON.stringify(json);
    const key = `${record.type} ${at.subject}`;
    const all = node.records.get(key) ?? new Map<string, string>();
    node.records.set(key, all);
    const each = record.each === undefined ? '' : String(Reflect.get(Object(value), record.each));
    all.set(each, body);
    if (record.copies === 'all') for (const other of this.#nodes.values()) other.copies.set(key, body);
  }

  #view(
    here: string,
    of: {
      readonly from: string;
      readonly subject: string;
      readonly id: string;
      readonly actor?: NonNullable<View['actor']>;
    },
  ): View {
    const context = { ...of, here, actor: of.actor, nowMs: this.#nowMs, members: [...this.#nodes.keys()] };
    return viewOf(this.#system, this.#node(here), context);
  }

  #node(member: string): MemoryNode {
    const node = this.#nodes.get(member);
    if (node === undefined) throw new Error(`no member ${member}`);
    return node;
  }
}
