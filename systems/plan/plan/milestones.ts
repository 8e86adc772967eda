import { addDays, type Day, type Effect, f, later, object, put, refuse } from '@yitong/kit';
import { Item, plan } from './head.ts';
import { type ItemView, onOwnPart, type Part, reportOf, type Step, stepToday, withSteps } from './part.ts';
import { item, itemId, knownMilestone, milestone, milestoneCode, note, report } from './records.ts';
import { factFault, planFault } from './rules/days.ts';

/** A member plans a milestone of its part, or plans it anew. 里程碑计划 */
export const planMilestone = plan.command('plan-milestone', {
  by: ['planner'],
  about: Item,
  key: 'item',
  input: object({
    item: itemId,
    milestone: milestoneCode,
    name: f.line(80).describe('Name of the milestone'),
    planned: f.day.describe('Planned day'),
    note,
  }),
  refusals: [
    'unknown-entry',
    'not-an-owner',
    'not-taken-up',
    'day-too-early',
    'day-in-the-future',
    'day-beyond-the-plan',
    'reached-already',
  ],
  handle: onOwnPart((input, part, view) => {
    const { planned, name, note } = input;
    const law = view.law(view.today);
    const fault = planFault(planned, law);
    if (fault) return refuse(fault, { at: '/planned', first: law.firstDay, last: law.lastDay });
    const known = view.get(milestone, input.milestone);
    if (known && known.reached !== null)
      return refuse('reached-already', { at: '/milestone', on: known.reached });
    const head = { item: input.item, milestone: input.milestone, name, member: part.member };
    const step = stepToday({ ...head, planned, reached: null, report: view.id, said: view.now }, view);
    const said = reportOf(part, view, { of: 'milestone', milestone: input.milestone, planned, note });
    return [put(report, said), ...kept(part, step, view)];
  }),
});

/** A member reports that a milestone was reached. 里程碑达成 */
export const reachMilestone = plan.command('reach-milestone', {
  by: ['planner'],
  about: Item,
  key: 'item',
  input: object({
    item: itemId,
    milestone: knownMilestone,
    on: f.day.describe('Day on which it was reached'),
    note,
  }),
  refusals: [
    'unknown-entry',
    'not-an-owner',
    'not-taken-up',
    'unknown-milestone',
    'reached-already',
    'day-too-early',
    'day-in-the-future',
    'day-beyond-the-plan',
  ],
  handle: onOwnPart((input, part, view) => {
    const known = view.get(milestone, input.milestone);
    if (known === undefined) return refuse('unknown-milestone', { at: '/milestone' });
    if (known.reached !== null) return refuse('reached-already', { at: '/milestone', on: known.reached });
    const law = view.law(view.today);
    const fault = factFault(input.on, view.today, law);
    if (fault) return refuse(fault, { at: '/on', first: law.firstDay, last: view.today });
    const step = stepToday({ ...known, reached: input.on, report: view.id, said: view.now }, view);
    const { planned } = known;
    const said = {
      of: 'milestone',
      milestone: input.milestone,
      on: input.on,
      planned,
      note: input.note,
    } as const;
    return [put(report, reportOf(part, view, said)), ...kept(part, step, view)];
  }),
});

/** A message to oneself on a day on which a milestone may come to stand otherwise. 到期检查 */
const fallDue = plan.message('fall-due', {
  about: Item,
  key: 'item',
  data: object({ item: itemId, milestone: milestoneCode, on: f.day.describe('Day of the check') }),
  handle(data, view) {
    const [part, known] = [view.need(item), view.get(milestone, data.milestone)];
    if (known === undefined) return [];
    const step = stepToday(known, view);
    return step.standing === known.standing
      ? []
      : [put(milestone, step), put(item, withSteps(part, view, step))];
  },
});

/** What follows when a milestone was planned, reached or corrected: it, its part, and looks on the days that matter. */
export function kept(part: Part, step: Step, view: ItemView): Effect<'item'>[] {
  const looks = step.reached === null ? daysToLook(step.planned, view) : [];
  return [
    put(milestone, step),
    put(item, withSteps(part, view, step)),
    ...looks.map((on) => later(on, fallDue, { item: step.item, milestone: step.milestone, on })),
  ];
}

/** The first day on which it is due soon, and the first on which it is late, if they are ahead. */
function daysToLook(planned: Day, view: ItemView): readonly Day[] {
  const { dueSoonDays } = view.law(view.today);
  return [addDays(planned, -dueSoonDays), addDays(planned, 1)].filter((on) => on > view.today);
}
