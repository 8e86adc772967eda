import {
  type CopiedRecord,
  type Day,
  inForce,
  instantOf,
  legalDay,
  type RecordType,
  type SystemType,
  type View,
} from '../index.ts';
import { MemoryBooks } from './books.ts';

/** A copy of another member's record. */
interface MemoryCopy {
  readonly type: string;
  readonly subject: string;
  readonly id: string;
  readonly owner: string;
  /** JSON text. */
  readonly body: string;
}

/** What one member keeps: records as JSON text by type and subject, copies, books. */
export class MemoryNode {
  readonly books = new MemoryBooks();
  readonly records = new Map<string, Map<string, string>>();
  readonly copies = new Map<string, MemoryCopy>();
}

/** What a handler runs for. */
export interface ViewContext {
  readonly here: string;
  readonly from: string;
  readonly subject: string;
  readonly id: string;
  readonly actor: View['actor'];
  readonly nowMs: number;
  readonly members: readonly string[];
}

/** A handler's view of a member in memory. */
export function viewOf(system: SystemType, node: MemoryNode, of: ViewContext): View {
  const today = legalDay(of.nowMs);
  const bodies = (record: RecordType) => node.records.get(`${record.type} ${of.subject}`);
  const get = <T>(record: RecordType<string, T>, key = ''): T | undefined => {
    const body = bodies(record)?.get(key);
    return body === undefined ? undefined : record.schema.parse(JSON.parse(body));
  };
  const { here, from, members, id, actor } = of;
  return {
    here,
    from,
    members,
    id,
    key: of.subject.slice(of.subject.indexOf(':') + 1),
    now: instantOf(of.nowMs),
    today,
    period: today.slice(0, 7),
    actor,
    get,
    all: <T>(record: RecordType<string, T>) =>
      [...(bodies(record)?.values() ?? [])].map((body) => record.schema.parse(JSON.parse(body))),
    need: <T>(record: RecordType<string, T>, key?: string) => {
      const found = get(record, key);
      if (found === undefined) throw new Error(`${record.type} is missing where it must be`);
      return found;
    },
    copy: <T>(record: CopiedRecord<T>, about: string, key = '') => {
      const subject = `${record.about.kind}:${about}`;
      const own = node.records.get(`${record.type} ${subject}`)?.get(key);
      const copied = [...node.copies.values()].find(
        (one) => one.type === record.type && one.subject === subject && one.id === key,
      );
      const body = own ?? copied?.body;
      return body === undefined ? undefined : record.schema.parse(JSON.parse(body));
    },
    balance: (account) => node.books.balance(account),
    law: (on: Day, member = here) => lawOf(system, on, member),
  };
}

function lawOf(system: SystemType, on: Day, member: string): Readonly<Record<string, unknown>> {
  const own = system.overlays[member] ?? {};
  return Object.fromEntries(
    Object.entries(system.parameters).map(([name, history]) => [
      name,
      inForce(own[name] ?? history, on, name),
    ]),
  );
}
