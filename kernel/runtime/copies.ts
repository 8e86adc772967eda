import { canonical } from '../exchange/canonical.ts';
import { type Draft, tell } from './draft.ts';
import type { Item, Scene } from './handle.ts';

/** A copied record as `kernel/copy` tells it. 副本 */
interface Copy {
  readonly type: string;
  readonly id: string;
  readonly schema: number;
  readonly body: unknown;
  /** Set between partitions of one node: whom the record is about, and who owns it. */
  readonly about?: string;
  readonly owner?: string;
}

/**
 * A copy arrives: at its subject's own partition from its owner, from there at every other partition of the node (K6), so that
 * any handler reads it where it runs. The copy's value passes its schema; a type that is not declared here is kept out.
 */
export function copyOutcome(item: Item, scene: Scene, draft: Draft): void {
  const copy = item.value as Copy;
  const record = scene.registry.record(copy.type);
  if (!record?.copies) return;
  const home = copy.about === undefined;
  const subject = copy.about ?? item.message.subject;
  const owner = home ? item.from : (copy.owner ?? item.from);
  const own = owner === scene.place.here;
  if (!(home && own)) {
    const value = copy.body === null ? undefined : record.schema.parse(copy.body);
    const body = copy.body === null ? null : canonical(copy.body);
    draft.writings.push({
      record,
      subject,
      id: copy.id,
      owner: own ? '' : owner,
      body,
      value,
      schema: copy.schema,
      home,
    });
  }
  if (home) toOtherPartitions({ ...copy, about: subject, owner }, scene, draft);
}

/** What `kernel/share` carries: a member that joined gets the copy that it was not there for. */
interface Share {
  readonly type: string;
  readonly id: string;
  readonly to: string;
}

/** A copied record goes to one member, as it stands now. */
export function shareOutcome(item: Item, scene: Scene, draft: Draft): void {
  const { type, id, to } = item.value as Share;
  const { subject } = item.message;
  const record = scene.registry.record(type);
  const state = record?.copies && scene.overlay.record(type, subject, id);
  if (!state || state.row.body === null) return;
  const data = { type, id, schema: state.row.schema, body: JSON.parse(state.row.body) };
  const common = { urgent: false, awaited: false, conversation: undefined };
  tell(draft, { to, type: 'kernel/copy', version: 1, subject, data, purpose: 'copy', ...common });
}

function toOtherPartitions(data: Copy, scene: Scene, draft: Draft): void {
  for (let partition = 0; partition < scene.partitions; partition += 1)
    if (partition !== scene.partition)
      tell(draft, {
        to: scene.place.here,
        type: 'kernel/copy',
        version: 1,
        subject: `partition:${partition}`,
        data,
        purpose: undefined,
        urgent: false,
        awaited: false,
        conversation: undefined,
      });
}
