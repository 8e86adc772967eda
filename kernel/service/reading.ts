import type { Actor, ReadRequest, RecordView } from '../api.ts';
import { freshId, itemFor } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import { recordView } from '../runtime/outcomes.ts';
import { NodeBusy } from './busy.ts';
import type { Counter, Submitted } from './counter.ts';

/** Most persons of one note. */
const personsMax = 100;

/**
 * Opening one record is a message to its subject, whose outcome is the access row (K47). Undefined: no such record, or not
 * for this reader. Errors: `NodeBusy`.
 */
export async function readRecord(
  env: Environment,
  counter: Counter,
  request: ReadRequest,
): Promise<RecordView | undefined> {
  const { type, subject, id, actor, purpose, emergency } = request;
  const data = { type, id, owner: '', purpose, ...(emergency === undefined ? {} : { emergency }) };
  const wish = { type: 'kernel/read', id: freshId(env), subject, data, actor };
  const { did, partition } = durable(await counter.submit(itemFor(env, wish, data), false));
  return did?.shown && recordView(did.shown, partition);
}

/** Notes at the reader's own subject which persons a list showed; from there each person's page learns it (K48). Errors: `NodeBusy`, when it was not noted. */
export async function noteList(
  env: Environment,
  counter: Counter,
  list: {
    readonly actor: Actor;
    readonly purpose: string;
    readonly type: string;
    readonly shown: readonly RecordView[];
  },
): Promise<void> {
  const { actor, purpose, type, shown } = list;
  const persons = personsIn(env, type, shown);
  for (let at = 0; at < persons.length; at += personsMax) {
    const data = { type, purpose, persons: persons.slice(at, at + personsMax) };
    const subject = `reader:${actor.id}`.slice(0, 120);
    const wish = { type: 'kernel/shown', id: freshId(env), subject, data, actor };
    durable(await counter.submit(itemFor(env, wish, data), false));
  }
}

/** Nothing is shown that was not noted. */
function durable(submitted: Submitted): Submitted {
  const { answer } = submitted;
  if (answer.state !== 'busy') return submitted;
  throw new NodeBusy(answer.problem.detail ?? answer.problem.title, answer.retryAfterMs);
}

function personsIn(env: Environment, type: string, shown: readonly RecordView[]): string[] {
  const record = env.scene.registry.record(type);
  if (!record) return [];
  const persons = shown.flatMap((one) => {
    if (record.about.person) return [one.subject.slice(one.subject.indexOf(':') + 1)];
    const found: unknown =
      record.person === undefined ? undefined : Reflect.get(Object(one.value), record.person);
    return typeof found === 'string' ? [found] : [];
  });
  return [...new Set(persons)];
}
