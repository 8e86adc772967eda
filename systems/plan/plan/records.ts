import { f, object, years, z } from '@yitong/kit';
import { shapeOf } from './entries.ts';
import { Item, plan } from './head.ts';
import { statuses } from './rules/progress.ts';

/** Id of an entry of the Outline. */
const id = f.code(/^[a-z0-9]+(-[a-z0-9]+)*$/, 80).describe('Id of the entry');
/** The same where it names a part that was taken up. */
export const itemId = id.meta({ names: 'item' });
/** The same where it may name any entry, taken up or not. */
export const entryId = id.meta({ names: 'entry' });
/** Code of a milestone, unique in its part: small letters, digits, hyphens. */
export const milestoneCode = f.code(/^[a-z0-9]+(-[a-z0-9]+)*$/, 40).describe('Code of the milestone');
/** The same where it names a milestone that was planned. */
export const knownMilestone = milestoneCode.meta({ names: 'milestone' });
/** How far a part is. */
export const status = f.choice(statuses);
/** The office that answers for a part. 责任单位 */
export const office = f.line(80).describe('Office that answers for it');
/** What a report says in words. */
export const note = f.text(500).nullable().describe('Remark');
/** When this was said; the member that said it is the record's owner. */
const said = f.instant.describe('When it was said');

const term = 'Demonstration value: the archive rule of public bodies was not read';

/** One member's part of an entry; every member holds the parts of all. 责任事项 */
export const item = plan.record('item', {
  about: Item,
  schema: object({
    item: id,
    name: f.line(120).describe('Name'),
    nameEn: f.line(160).describe('Name in English'),
    kind: f.code(/^[a-z-]+$/, 20).describe('Kind of measure or project'),
    chapter: f.whole(4, 8).describe('Chapter of the Outline'),
    section: f.whole(0, 4).describe('Section; 0 is the paragraph that opens the chapter'),
    quote: f.line(200).describe('The Outline’s own words'),
    member: f.member.describe('Member whose part it is'),
    cities: z.array(f.city).max(41).describe('Cities of the member in which it lies'),
    office,
    status: status.describe('How far it is'),
    since: f.day.nullable().describe('Day since which it is so, null until the first report'),
    statusReport: f.id.nullable().describe('Report that says so'),
    milestones: f.count.describe('Milestones'),
    reached: f.count.describe('Milestones reached'),
    late: f.count.describe('Milestones late'),
    standing: f
      .choice(['late', 'due-soon', 'on-course', 'none'])
      .describe('The worst of its open milestones'),
    next: f.day.nullable().describe('Planned day of the next open milestone'),
    said,
  }),
  keep: years(30),
  keptBy: term,
  readers: ['public'],
  copies: 'all',
  list: [
    'name',
    'nameEn',
    'status',
    'standing',
    'next',
    'member',
    'kind',
    'chapter',
    'cities',
    'office',
    'quote',
    'said',
  ],
  find: ['item', 'kind', 'chapter', 'section', 'member', 'office', 'status', 'standing', 'next', 'said'],
  search: ['name', 'nameEn', 'item', 'office'],
  groups: ['chapter', 'section', 'kind', 'member', 'cities', 'status', 'standing'],
  map: ({ item: id }) => shapeOf(id),
});

/** A step of a member's part with its planned day. 里程碑 */
export const milestone = plan.record('milestone', {
  about: Item,
  each: 'milestone',
  schema: object({
    item: itemId,
    milestone: milestoneCode,
    name: f.line(80).describe('Name of the milestone'),
    member: f.member.describe('Member whose milestone it is'),
    planned: f.day.describe('Planned day'),
    reached: f.day.nullable().describe('Day on which it was reached'),
    standing: f.choice(['reached', 'late', 'due-soon', 'on-course']).describe('How it stands'),
    report: f.id.describe('Report that says so'),
    said,
  }),
  keep: years(30),
  keptBy: term,
  readers: ['public'],
  copies: 'all',
  list: ['name', 'item', 'standing', 'planned', 'reached', 'member', 'said'],
  find: ['item', 'member', 'planned', 'reached', 'standing', 'said'],
  search: ['name', 'milestone', 'item'],
  groups: ['member', 'standing'],
});

/** What was said, when and by whom: never changed; a correction is a further one that names the one it corrects. 填报记录 */
export const report = plan.record('report', {
  about: Item,
  each: 'id',
  schema: object({
    id: f.id.describe('Id of the report'),
    item: itemId,
    member: f.member.describe('Member that said it'),
    office,
    of: f.choice(['status', 'milestone']).describe('What it is about'),
    milestone: milestoneCode.nullable().describe('Which milestone'),
    status: status.nullable().describe('How far it is'),
    on: f.day.nullable().describe('Day since which it is so, or on which it was reached'),
    planned: f.day.nullable().describe('Planned day of the milestone'),
    note,
    corrects: f.id.nullable().describe('Report that this one corrects'),
    said,
  }),
  keep: years(30),
  keptBy: term,
  readers: ['public'],
  copies: 'all',
  list: ['member', 'of', 'milestone', 'status', 'on', 'planned', 'note', 'corrects', 'said'],
  find: ['item', 'member', 'of', 'milestone', 'status', 'on', 'said'],
});
