import type { CopiedRecord, Region, RegionMember } from '@yitong/kit';
import { entryOf } from './entries.ts';
import { plan } from './head.ts';
import { item, milestone, report } from './records.ts';
import { owns } from './rules/ownership.ts';

plan.invariant('every member holds what every other says, word for word', (region: Region) => {
  for (const record of [item, milestone, report])
    for (const owner of region.members)
      for (const holder of region.members) {
        const fault = owner.code === holder.code ? undefined : difference(record, owner, holder);
        if (fault !== undefined) return fault;
      }
  return undefined;
});

function difference(record: CopiedRecord, owner: RegionMember, holder: RegionMember): string | undefined {
  const said = new Set([...owner.records(record)].map((one) => JSON.stringify(one)));
  const copies = [...holder.copies(record)].filter((one) => one.owner === owner.code);
  const wrong = copies.find(({ value }) => !said.delete(JSON.stringify(value)));
  if (wrong)
    return `${holder.code} holds of ${owner.code} what it does not say: ${JSON.stringify(wrong.value)}`;
  const [lacking] = said;
  return lacking === undefined ? undefined : `${holder.code} lacks of ${owner.code}: ${lacking}`;
}

plan.invariant('only owners speak of an entry', (region) => {
  for (const member of region.members)
    for (const part of member.records(item)) {
      const entry = entryOf(part.item);
      if (entry === undefined || !owns(member.code, entry)) return `${member.code} does not own ${part.item}`;
    }
  return undefined;
});

plan.invariant('the counts of a part are those of its milestones', (region) => {
  for (const member of region.members) {
    const open = new Map<string, number>();
    for (const { item: id, reached } of member.records(milestone))
      open.set(id, (open.get(id) ?? 0) + (reached === null ? 1 : 0));
    for (const part of member.records(item))
      if (part.milestones - part.reached !== (open.get(part.item) ?? 0))
        return `${member.code} ${part.item}: ${part.milestones - part.reached} open, milestones say ${open.get(part.item) ?? 0}`;
  }
  return undefined;
});

plan.invariant('what stands was said in a report that is kept', (region) => {
  for (const member of region.members) {
    const reports = new Set([...member.records(report)].map(({ id }) => id));
    for (const { report: id, milestone: code } of member.records(milestone))
      if (!reports.has(id)) return `${member.code} ${code}: no report ${id}`;
    for (const { statusReport, item: id } of member.records(item))
      if (statusReport !== null && !reports.has(statusReport))
        return `${member.code} ${id}: no report ${statusReport}`;
  }
  return undefined;
});
