import {
  afterInstant,
  type CommandType,
  type Effect,
  type Instant,
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
} from '../index.ts';
import { type CopyLetter, Letters, type MessageLetter } from './letters.ts';
import { MemoryNode, viewOf } from './view.ts';

/** How a conversation ended, or that it goes on. */
export type End =
  | { readonly state: 'done' }
  | { readonly state: 'open' }
  | ({ readonly state: 'refused' } & Refused);

interface Place {
  readonly member: string;
  readonly subject: string;
  readonly command: string;
}

interface Timer {
  readonly due: number;
  readonly letter: MessageLetter;
}

/** Several members in one process, for stories: the system's own handlers, JSON between them, time that moves when told. */
export class MemoryRegion implements Region {
  readonly #system: SystemType;
  readonly #nodes: ReadonlyMap<string, MemoryNode>;
  readonly #letters: Letters;
  readonly #timers: Timer[] = [];
  readonly #ends = new Map<string, End>();
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
    this.#letters = new Letters(pick);
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
      const letter = this.#letters.next();
      if (letter === undefined) return;
      if (letter.is === 'copy') this.#keepCopy(letter);
      else this.#deliver(letter);
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
    this.#letters.reachable(member, reachable);
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
      copies: <T>(record: RecordType<string, T>) =>
        [...node.copies.values()]
          .filter(({ type }) => type === record.type)
          .map(({ owner, body }) => ({ owner, value: record.schema.parse(JSON.parse(body)) })),
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

  #deliver(letter: MessageLetter): void {
    const { message } = letter;
    if (letter.answer !== undefined) return this.#answer(letter, letter.answer);
    if (letter.subject.startsWith('patience ')) return this.#patience(letter);
    const data: unknown = message.data.parse(JSON.parse(letter.data));
    const view = this.#view(letter.to, { from: letter.from, subject: letter.subject, id: letter.command });
    const at = { member: letter.to, subject: letter.subject, command: letter.command, asked: letter };
    this.#conclude(message.handle(data, view), at);
  }

  #answer(letter: MessageLetter, answer: NonNullable<MessageLetter['answer']>): void {
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

  #patience(letter: MessageLetter): void {
    const [, subject = ''] = letter.subject.split('patience ');
    if (!this.#letters.holds(letter)) return;
    const view = this.#view(letter.to, { from: letter.from, subject, id: letter.command });
    const data: unknown = letter.message.data.parse(JSON.parse(letter.data));
    this.#conclude(letter.message.waiting?.(view, data) ?? [], {
      member: letter.to,
      subject,
      command: letter.command,
    });
  }

  #conclude(outcome: Outcome<string, string, unknown>, at: Place & { readonly asked?: MessageLetter }): void {
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

  #back(asked: MessageLetter, answer: NonNullable<MessageLetter['answer']>): void {
    this.#letters.add({ ...asked, to: asked.from, from: asked.to, subject: asked.replyTo, answer });
  }

  #effect(effect: Effect, at: Place): void {
    const node = this.#node(at.member);
    switch (effect.effect) {
      case 'put':
        return this.#put(node, at, effect.record, effect.value);
      case 'remove':
        node.records.get(`${effect.record.type} ${at.subject}`)?.delete(effect.key ?? '');
        return this.#spread(at, effect.record, effect.key ?? '', undefined);
      case 'send':
      case 'later':
        return this.#post(effect, at);
      default:
        return node.books.apply(at.subject, effect);
    }
  }

  #post(effect: Extract<Effect, { effect: 'send' | 'later' }>, at: Place): void {
    const { message } = effect;
    const to = effect.effect === 'send' ? (effect.to ?? at.member) : at.member;
    if (to !== at.member && message.purpose === undefined) throw new Error(`${message.name} has no purpose`);
    const subject = `${message.about.kind}:${message.keyOf(effect.data)}`;
    const data = JSON.stringify(z.encode(message.data, effect.data));
    const letter: MessageLetter = {
      is: 'message',
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
    this.#letters.add(letter);
    if (message.patience !== undefined && message.waiting !== undefined) {
      const due = afterInstant(this.#nowMs, message.patience);
      this.#timers.push({ due, letter: { ...letter, to: at.member, subject: `patience ${at.subject}` } });
    }
  }

  #put(node: MemoryNode, at: Place, record: RecordType, value: unknown): void {
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
    this.#spread(at, record, each, body);
  }

  #spread(at: Place, record: RecordType, id: string, body: string | undefined): void {
    if (record.copies !== 'all') return;
    for (const to of this.#nodes.keys())
      if (to !== at.member)
        this.#letters.add({ is: 'copy', to, from: at.member, record, subject: at.subject, id, body });
  }

  #keepCopy({ to, from, record, subject, id, body }: CopyLetter): void {
    const { copies } = this.#node(to);
    const key = `${record.type} ${subject} ${id} ${from}`;
    if (body === undefined) copies.delete(key);
    else copies.set(key, { type: record.type, subject, id, owner: from, body });
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
