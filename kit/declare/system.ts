import type { History } from '../history.ts';
import { checkHistory } from '../history.ts';
import { type AccountHead, type AccountType, accountType } from './account.ts';
import type { Code, CodeList } from './codes.ts';
import type { CommandHead, CommandType, MessageHead, MessageType } from './message.ts';
import type { QuestionHead, QuestionType } from './question.ts';
import type { RecordHead, RecordType } from './record.ts';
import type { Region } from './region.ts';
import type { Demonstration, Intake, Rule, VectorReader } from './tools.ts';

/** Texts of one language by name: `<declaration>`, `<declaration>.<field>`, `!<refusal>`, `#<state>`, `$<purpose>`, `@<role>`. */
export type Texts = Readonly<Record<string, string>>;

/** What a system says of itself. Parameters of a member replace the region's whole history of that name. */
export interface SystemHead<R extends string, U extends string, L> {
  readonly roles: readonly R[];
  readonly purposes?: readonly U[];
  readonly parameters: { readonly [N in keyof L]: History<L[N]> };
  readonly overlays?: Readonly<Record<string, { readonly [N in keyof L]?: History<L[N]> }>>;
  readonly texts: { readonly 'zh-CN': Texts; readonly en: Texts };
}

/** A promise about all members' nodes at rest. 不变量 */
export interface Invariant {
  readonly name: string;
  holds(region: Region): string | undefined;
}

/** A declared system: its head and everything declared with it, by name. 系统(事项) */
export interface SystemType {
  readonly name: string;
  readonly roles: readonly string[];
  readonly purposes: readonly string[];
  readonly parameters: Readonly<Record<string, History<unknown>>>;
  readonly overlays: Readonly<Record<string, { readonly [name: string]: History<unknown> | undefined }>>;
  readonly texts: { readonly 'zh-CN': Texts; readonly en: Texts };
  readonly records: ReadonlyMap<string, RecordType>;
  readonly accounts: ReadonlyMap<string, AccountType>;
  readonly commands: ReadonlyMap<string, CommandType>;
  readonly messages: ReadonlyMap<string, MessageType>;
  readonly questions: ReadonlyMap<string, QuestionType>;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly codeLists: ReadonlyMap<string, CodeList>;
  readonly intakes: ReadonlyMap<string, Intake>;
  readonly invariants: readonly Invariant[];
  readonly demonstration: Demonstration | undefined;
  readonly vectors: VectorReader | undefined;
}

const nameGrammar = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The words that a system is declared with; each call adds to the system and returns what handlers refer to. */
export class System<R extends string, U extends string, L> implements SystemType {
  readonly name: string;
  readonly roles: readonly R[];
  readonly purposes: readonly U[];
  readonly parameters: Readonly<Record<string, History<unknown>>>;
  readonly overlays: Readonly<Record<string, { readonly [name: string]: History<unknown> | undefined }>>;
  readonly texts: { readonly 'zh-CN': Texts; readonly en: Texts };
  readonly records = new Map<string, RecordType>();
  readonly accounts = new Map<string, AccountType>();
  readonly commands = new Map<string, CommandType>();
  readonly messages = new Map<string, MessageType>();
  readonly questions = new Map<string, QuestionType>();
  readonly rules = new Map<string, Rule>();
  readonly codeLists = new Map<string, CodeList>();
  readonly intakes = new Map<string, Intake>();
  readonly invariants: Invariant[] = [];
  #demonstration: Demonstration | undefined;
  #vectors: VectorReader | undefined;
  readonly #names = new Set<string>();

  constructor(name: string, head: SystemHead<R, U, L>) {
    this.#claim(name);
    this.name = name;
    this.roles = head.roles;
    this.purposes = head.purposes ?? [];
    this.parameters = head.parameters;
    this.overlays = head.overlays ?? {};
    this.texts = head.texts;
    for (const [key, history] of Object.entries(this.parameters)) checkHistory(`${name}.${key}`, history);
    for (const [member, own] of Object.entries(this.overlays))
      for (const [key, history] of Object.entries(own))
        if (history) checkHistory(`${name}.${key} of ${member}`, history);
  }

  get demonstration(): Demonstration | undefined {
    return this.#demonstration;
  }
  get vectors(): VectorReader | undefined {
    return this.#vectors;
  }

  /** Declares a typed document about a subject. */
  record<K extends string, T, C extends 'all' | undefined = undefined>(
    name: string,
    head: RecordHead<K, T, R> & { readonly copies?: C },
  ): RecordType<K, T> & { readonly copies: C } {
    this.#claim(name);
    if (head.readers.includes('self') && !head.about.person && head.person === undefined)
      throw new Error(`${this.name}/${name}: 'self' needs a person subject or a 'person' field`);
    if (head.breakGlass && !head.about.person && head.person === undefined)
      throw new Error(`${this.name}/${name}: 'breakGlass' needs a person subject or a 'person' field`);
    const type = `${this.name}/${name}`;
    const defaults = { list: [], find: [], search: [], groups: [], version: 1, copies: undefined };
    const record = { ...defaults, ...head, is: 'record' as const, system: this.name, name, type };
    this.records.set(name, record);
    return record as RecordType<K, T> & { readonly copies: C };
  }

  /** Declares an account of the member's books. */
  account(name: string, head: AccountHead): AccountType {
    this.#claim(name);
    const account = accountType(this.name, name, head);
    this.accounts.set(name, account);
    return account;
  }

  /** Declares what a person or another program may ask of this node. */
  command<K extends string, I, F extends string = never>(
    name: string,
    head: CommandHead<K, I, F, R, L>,
  ): CommandType<K, I> {
    this.#claim(name);
    const { key, refusals = [], ...rest } = head;
    const type = `${this.name}/${name}`;
    const command: CommandType<K, I> = {
      ...rest,
      refusals,
      keyOf: keyReader(key),
      ...(typeof key === 'string' ? { key } : {}),
      is: 'command',
      system: this.name,
      name,
      type,
    };
    this.commands.set(name, command);
    return command;
  }

  /** Declares a message between subjects, of one member or of two. */
  message<K extends string, D, A = never, S extends string = never, F extends string = never>(
    name: string,
    head: MessageHead<K, D, A, S, F, U, L>,
  ): MessageType<K, D, A, S> {
    this.#claim(name);
    const { key, refusals = [], urgent = false, version = 1, ...rest } = head;
    const type = `${this.name}/${name}`;
    const own = { refusals, urgent, version, keyOf: keyReader(key) };
    const message: MessageType<K, D, A, S> = {
      ...rest,
      ...own,
      is: 'message',
      system: this.name,
      name,
      type,
    };
    this.messages.set(name, message);
    return message;
  }

  /** Declares what another member may ask, answered at once. 查询 */
  question<K extends string, I, A, F extends string = never>(
    name: string,
    head: QuestionHead<K, I, A, F, R, U, L>,
  ): QuestionType<K, I, A> {
    this.#claim(name);
    const { key, refusals = [], ...rest } = head;
    const type = `${this.name}/${name}`;
    const own = { refusals, keyOf: keyReader(key), is: 'question', system: this.name, name, type } as const;
    const question: QuestionType<K, I, A> = { ...rest, ...own };
    this.questions.set(name, question);
    return question;
  }

  /** Names a pure rule that anyone may run offline: JSON in, JSON out. 规则 */
  rule(name: string, rule: Rule): void {
    this.#claim(`rule-${name}`);
    this.rules.set(name, rule);
  }

  /** Declares the codes of a table with their names: forms offer them where a field says `names: '<name>'`. 代码表 */
  codes(name: string, codes: readonly Code[]): CodeList {
    this.#claim(name);
    const list = { name, codes };
    this.codeLists.set(name, list);
    return list;
  }

  /** Declares how a line of a file becomes a command. */
  intake(name: string, intake: Intake): void {
    this.#claim(`intake-${name}`);
    this.intakes.set(name, intake);
  }

  /** States what must hold over all nodes at rest: a sentence, or why it does not. */
  invariant(name: string, holds: Invariant['holds']): void {
    this.invariants.push({ name, holds });
  }

  /** Commands that fill a demonstration region. 演示数据 */
  demonstrate(demonstration: Demonstration): void {
    this.#demonstration = demonstration;
  }

  /** Reads the system's own form of vector file. */
  readVectors(reader: VectorReader): void {
    this.#vectors = reader;
  }

  #claim(name: string): void {
    if (!nameGrammar.test(name)) throw new Error(`'${name}': names are lower-case words joined by hyphens`);
    if (this.#names.has(name)) throw new Error(`${this.name}: '${name}' is declared twice`);
    this.#names.add(name);
  }
}

/** Begins a system. Errors: a bad name, an empty or unsorted history. */
export function system<const R extends string, const U extends string, L>(
  name: string,
  head: SystemHead<R, U, L>,
): System<R, U, L> {
  return new System(name, head);
}

function keyReader<D>(key: (keyof D & string) | ((data: D) => string)): (data: D) => string {
  return typeof key === 'function' ? key : (data) => String(data[key]);
}
