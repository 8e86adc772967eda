import type { CommandType, MessageType, QuestionType, RecordType, SystemType } from '@yitong/kit';
import { classOf } from '../journal/outcome.ts';
import type { RetentionClass } from '../store/rows.ts';

/** What a wire type means at this node. */
export type Route =
  | { readonly is: 'command'; readonly system: SystemType; readonly command: CommandType }
  | { readonly is: 'message'; readonly system: SystemType; readonly message: MessageType }
  | { readonly is: 'reply'; readonly system: SystemType; readonly message: MessageType }
  | {
      readonly is:
        | 'refused'
        | 'patience'
        | 'copy'
        | 'read'
        | 'shown'
        | 'release'
        | 'directory'
        | 'share'
        | 'question'
        | 'forget';
    };

const builtin: Readonly<Record<string, Route>> = {
  'kernel/refused': { is: 'refused' },
  'kernel/patience': { is: 'patience' },
  'kernel/copy': { is: 'copy' },
  'kernel/read': { is: 'read' },
  'kernel/shown': { is: 'shown' },
  'kernel/release': { is: 'release' },
  'kernel/directory': { is: 'directory' },
  'kernel/share': { is: 'share' },
  'kernel/question': { is: 'question' },
  'kernel/forget': { is: 'forget' },
};

const order: readonly RetentionClass[] = ['1y', '5y', '15y', '30y', 'ever'];
/** Messages of the kernel, and of systems without records: as long as a settlement can be disputed. */
const others: RetentionClass = '15y';

/** All that the systems of a node declare, found by wire type. Errors: two systems of one name. */
export class Registry {
  readonly systems: readonly SystemType[];
  readonly #routes = new Map<string, Route>(Object.entries(builtin));
  readonly #records = new Map<string, RecordType>();
  /** How long a system's messages are kept. */
  readonly #keeps = new Map<string, RetentionClass>();

  constructor(systems: readonly SystemType[]) {
    this.systems = systems;
    const names = new Set<string>(['exchange']);
    for (const system of systems) {
      if (names.has(system.name)) throw new Error(`two systems are called '${system.name}'`);
      names.add(system.name);
      for (const command of system.commands.values())
        this.#routes.set(command.type, { is: 'command', system, command });
      for (const message of system.messages.values()) {
        this.#routes.set(message.type, { is: 'message', system, message });
        if (message.reply) this.#routes.set(`${message.type}/reply`, { is: 'reply', system, message });
      }
      for (const record of system.records.values()) this.#records.set(record.type, record);
      const classes = [...system.records.values()].map(({ keep }) => classOf(keep));
      const longest = classes.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0];
      this.#keeps.set(system.name, longest ?? others);
    }
  }

  route(type: string): Route | undefined {
    return this.#routes.get(type);
  }

  record(type: string): RecordType | undefined {
    return this.#records.get(type);
  }

  /** The declared question of this type, and its system. */
  question(type: string): { readonly system: SystemType; readonly question: QuestionType } | undefined {
    const [name = '', own = ''] = type.split('/');
    const system = this.systems.find((one) => one.name === name);
    const question = system?.questions.get(own);
    return system && question && { system, question };
  }

  /** A message is kept as long as the longest-kept record of its system, for which it may be the evidence (K27). */
  keep(type: string): RetentionClass {
    if (type === 'kernel/forget') return '1y';
    return this.#keeps.get(type.slice(0, type.indexOf('/'))) ?? others;
  }

  get records(): IterableIterator<RecordType> {
    return this.#records.values();
  }

  /** The declared message behind a request or reply type. */
  message(type: string): { readonly system: SystemType; readonly message: MessageType } | undefined {
    const route = this.#routes.get(type);
    return route?.is === 'message' || route?.is === 'reply' ? route : undefined;
  }

  /** Newest version of a type's data that this node handles. */
  version(type: string): number {
    return this.message(type)?.message.version ?? 1;
  }
}
