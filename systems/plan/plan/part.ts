import { type Day, type Outcome, type Refusal, refuse, type View, type z } from '@yitong/kit';
import { type Entry, entryOf } from './entries.ts';
import type { Law } from './parameters.ts';
import { item, milestone, type report } from './records.ts';
import { standingOf, worst } from './rules/lateness.ts';
import { ownerNames, owns } from './rules/ownership.ts';

/** What a handler about an entry sees. */
export type ItemView = View<'item', Law>;
/** A member's part of an entry as it is kept. */
export type Part = z.infer<typeof item.schema>;
/** A milestone as it is kept. */
export type Step = z.infer<typeof milestone.schema>;
/** A report as it is kept. */
export type Report = z.infer<typeof report.schema>;

/** The entry, when this member reports on it; else why not, with the owners by name. */
export function ownEntry(id: string, view: ItemView): Entry | Refusal<'unknown-entry' | 'not-an-owner'> {
  const entry = entryOf(id);
  if (entry === undefined) return refuse('unknown-entry', { at: '/item' });
  return owns(view.here, entry) ? entry : refuse('not-an-owner', { at: '/item', owners: ownerNames(entry) });
}

/** This member's part, when it is its own and taken up; else why not. */
function ownPart(
  id: string,
  view: ItemView,
): Part | Refusal<'unknown-entry' | 'not-an-owner' | 'not-taken-up'> {
  const entry = ownEntry(id, view);
  if ('effect' in entry) return entry;
  return view.get(item) ?? refuse('not-taken-up', { at: '/item' });
}

/** What a command on this member's own part does, once the part is there. */
export function onOwnPart<I extends { readonly item: string }, F extends string>(
  handle: (input: I, part: Part, view: ItemView) => Outcome<'item', F>,
): (input: I, view: ItemView) => Outcome<'item', F | 'unknown-entry' | 'not-an-owner' | 'not-taken-up'> {
  return (input, view) => {
    const part = ownPart(input.item, view);
    return 'effect' in part ? part : handle(input, part, view);
  };
}

/** A milestone with its standing of today. */
export function stepToday(step: Omit<Step, 'standing'>, view: ItemView): Step {
  return { ...step, standing: standingOf(step, view.today, view.law(view.today)).standing };
}

/** The part with its milestones counted, one of them as it is about to be. */
export function withSteps(part: Part, view: ItemView, changed: Step): Part {
  const others = view.all(milestone).filter((one) => one.milestone !== changed.milestone);
  const steps = [...others, changed];
  const open = steps.filter(({ reached }) => reached === null);
  const days: readonly Day[] = open.map(({ planned }) => planned).sort();
  return {
    ...part,
    milestones: steps.length,
    reached: steps.length - open.length,
    late: open.filter(({ standing }) => standing === 'late').length,
    standing: worst(open.map(({ standing }) => standing)),
    next: days[0] ?? null,
    said: view.now,
  };
}

/** A report of this member, now; what it does not speak of is null. */
export function reportOf(
  { item: id, office, member }: Part,
  view: ItemView,
  said: Pick<Report, 'of' | 'note'> & Partial<Report>,
): Report {
  const nothing = { milestone: null, status: null, on: null, planned: null, corrects: null };
  return { ...nothing, ...said, id: view.id, item: id, office, member, said: view.now };
}
