import { f, object, put, refuse } from '@yitong/kit';
import { Item, plan } from './head.ts';
import { ownEntry } from './part.ts';
import { entryId, item, office } from './records.ts';
import { citiesOf } from './rules/ownership.ts';

/** A member takes up its part of an entry and names the office that answers for it; again with another office, it passes on. 任务分工 */
export const takeUp = plan.command('take-up', {
  by: ['planner'],
  about: Item,
  key: 'item',
  input: object({ item: entryId, office }),
  refusals: ['unknown-entry', 'not-an-owner', 'taken-up-already'],
  handle(input, view) {
    const entry = ownEntry(input.item, view);
    if ('effect' in entry) return entry;
    const known = view.get(item);
    if (known?.office === input.office) return refuse('taken-up-already', { at: '/office' });
    if (known !== undefined) return put(item, { ...known, office: input.office, said: view.now });
    const { id, zh: name, en: nameEn, kind, chapter, section, quote } = entry;
    const member = f.member.parse(view.here);
    const cities = citiesOf(member, entry).map((code) => f.city.parse(code));
    const head = {
      item: id,
      name,
      nameEn,
      kind,
      chapter,
      section,
      quote,
      member,
      cities,
      office: input.office,
    };
    const nothing = { since: null, statusReport: null, milestones: 0, reached: 0, late: 0, next: null };
    return put(item, { ...head, ...nothing, status: 'not-started', standing: 'none', said: view.now });
  },
});
