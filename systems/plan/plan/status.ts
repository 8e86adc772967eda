import { f, object, put, refuse } from '@yitong/kit';
import { Item, plan } from './head.ts';
import { onOwnPart, reportOf } from './part.ts';
import { item, itemId, note, report, status } from './records.ts';
import { factFault } from './rules/days.ts';

/** A member reports how far its part is. 进展填报 */
export const reportStatus = plan.command('report-status', {
  by: ['planner'],
  about: Item,
  key: 'item',
  input: object({
    item: itemId,
    status: status.describe('How far it is'),
    on: f.day.describe('Day since which it is so'),
    note,
  }),
  refusals: [
    'unknown-entry',
    'not-an-owner',
    'not-taken-up',
    'day-too-early',
    'day-in-the-future',
    'day-beyond-the-plan',
    'earlier-than-before',
    'status-unchanged',
  ],
  handle: onOwnPart((input, part, view) => {
    const { on, note } = input;
    const law = view.law(view.today);
    const fault = factFault(on, view.today, law);
    if (fault) return refuse(fault, { at: '/on', first: law.firstDay, last: view.today });
    if (part.since !== null && on < part.since)
      return refuse('earlier-than-before', { at: '/on', since: part.since });
    if (part.since !== null && part.status === input.status)
      return refuse('status-unchanged', { at: '/status' });
    const said = reportOf(part, view, { of: 'status', status: input.status, on, note });
    const now = { status: input.status, since: on, statusReport: view.id, said: view.now };
    return [put(report, said), put(item, { ...part, ...now })];
  }),
});
