import { f, type Outcome, object, put, refuse } from '@yitong/kit';
import { Item, plan } from './head.ts';
import { kept } from './milestones.ts';
import { type ItemView, onOwnPart, type Part, type Report, reportOf, stepToday } from './part.ts';
import { item, itemId, milestone, report, status } from './records.ts';
import { factFault, planFault } from './rules/days.ts';

const refusals = [
  'unknown-entry',
  'not-an-owner',
  'not-taken-up',
  'unknown-report',
  'not-the-latest',
  'correction-incomplete',
  'day-too-early',
  'day-in-the-future',
  'day-beyond-the-plan',
] as const;
type Why = (typeof refusals)[number];

const input = object({
  item: itemId,
  report: f.id
    .describe('Report to correct: the latest about the status, or about that milestone')
    .meta({ names: 'report' }),
  status: status.nullable().describe('The right status; null for a milestone'),
  on: f.day.nullable().describe('The right day; null for a milestone: it was not reached'),
  planned: f.day.nullable().describe('The right planned day of a milestone; null: as it was'),
  note: f.text(500).describe('Why it is corrected'),
});
type Correction = ReturnType<typeof input.parse>;

/** A member corrects what it said last: a further report, which names the one it corrects; both stay. 更正 */
export const correct = plan.command('correct', {
  by: ['planner'],
  about: Item,
  key: 'item',
  input,
  refusals,
  handle: onOwnPart((said, part, view) => {
    const wrong = view.get(report, said.report);
    if (wrong === undefined) return refuse('unknown-report', { at: '/report' });
    return wrong.of === 'status'
      ? correctStatus(said, part, view)
      : correctMilestone(said, wrong, part, view);
  }),
});

function correctStatus(said: Correction, part: Part, view: ItemView): Outcome<'item', Why> {
  const { status, on, note } = said;
  if (part.statusReport !== said.report)
    return refuse('not-the-latest', { at: '/report', latest: part.statusReport });
  if (status === null || on === null)
    return refuse('correction-incomplete', { at: status ? '/on' : '/status' });
  const fault = factFault(on, view.today, view.law(view.today));
  if (fault) return refuse(fault, { at: '/on' });
  const right = reportOf(part, view, { of: 'status', status, on, note, corrects: said.report });
  return [
    put(report, right),
    put(item, { ...part, status, since: on, statusReport: view.id, said: view.now }),
  ];
}

function correctMilestone(said: Correction, wrong: Report, part: Part, view: ItemView): Outcome<'item', Why> {
  const known = view.need(milestone, wrong.milestone ?? '');
  if (known.report !== said.report) return refuse('not-the-latest', { at: '/report', latest: known.report });
  if (said.status !== null) return refuse('correction-incomplete', { at: '/status' });
  const law = view.law(view.today);
  const planned = said.planned ?? known.planned;
  const wrongPlan = planFault(planned, law);
  if (wrongPlan) return refuse(wrongPlan, { at: '/planned' });
  const wrongDay = said.on === null ? undefined : factFault(said.on, view.today, law);
  if (wrongDay) return refuse(wrongDay, { at: '/on' });
  const step = stepToday({ ...known, planned, reached: said.on, report: view.id, said: view.now }, view);
  const { on, note } = said;
  const right = {
    of: 'milestone',
    milestone: known.milestone,
    on,
    planned,
    note,
    corrects: said.report,
  } as const;
  return [put(report, reportOf(part, view, right)), ...kept(part, step, view)];
}
