import { instantOf, type Period, type RecordType, remove, type SystemType } from '@yitong/kit';
import { z } from 'zod';
import type { Draft } from '../runtime/draft.ts';
import { applyOutcome, type Frame } from '../runtime/effects.ts';
import type { Item, Scene } from '../runtime/handle.ts';
import { decoded } from '../runtime/view.ts';
import { access, noteErased, personOf } from './access.ts';

/** What `kernel/forget` carries: a record over its term and when it was last put, or commands whose conversations are. */
const Forget = z.union([
  z.strictObject({ type: z.string(), id: z.string(), at: z.number(), changed: z.number() }),
  z.strictObject({ conversations: z.array(z.string()) }),
]);

/**
 * Deletion is an outcome first (K27): a record that was not put again since its term was found to be over is taken away, and the person
 * whom it concerned can read that it was, and by which rule. What the journal has of it can then be erased.
 */
export function forgetOutcome(
  item: Item,
  scene: Scene,
  draft: Draft,
  frameOf: (system: SystemType) => Frame,
): void {
  const what = Forget.parse(item.value);
  if ('conversations' in what) {
    for (const command of what.conversations)
      if (scene.overlay.conversation(command)) draft.emptied.push(command);
    return;
  }
  const record = scene.registry.record(what.type);
  const system = scene.registry.systems.find(({ name }) => name === record?.system);
  const state = record && scene.overlay.record(record.type, item.message.subject, what.id);
  if (!record || !system || state?.row.at !== what.at) return;
  const person = personOf(record, item.message.subject, decoded(record, state));
  applyOutcome(remove(record, what.id), frameOf(system), draft);
  // Nobody is told for ever that what they were told is forgotten.
  if (person === undefined || record.system === access.name) return;
  const told = { what: record.type, changed: instantOf(what.changed), kept: periodText(record.keep) };
  noteErased(person, { ...told, because: because(record) }, item, scene, draft);
}

function because({ keptBy }: RecordType): string {
  return keptBy ?? 'the term that its system declares';
}

/** A period in words of data: `15 years`. */
function periodText({ n, unit }: Period): string {
  return `${n} ${unit}`;
}
