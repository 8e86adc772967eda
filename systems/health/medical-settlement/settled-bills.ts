import { f, object, Person, reply, z } from '@yitong/kit';
import { institutionCode, visit } from './fields.ts';
import { medical } from './head.ts';
import { settlement } from './records.ts';

/** Most bills of one answer, the newest. */
const billsMax = 100;

/**
 * What another member's office may read here once the person has agreed: their settled bills, for whom it helps with a claim of their own or
 * with one that was refused. Where a bill is settled nothing of it is needed: that needs no consent. 已结算账单查询 (经本人同意)
 */
medical.question('settled-bills', {
  purposes: ['medical-settlement'],
  consent: 'needed',
  asked: ['clerk'],
  input: object({ person: f.citizenId.describe('Citizen number') }),
  about: Person,
  key: 'person',
  answer: object({
    bills: z
      .array(
        object({
          care: f.member.describe('Member of the place of care'),
          hospital: institutionCode,
          visit: visit.describe('Kind of visit'),
          decidingDate: f.day.describe('Day that decides'),
          total: f.money.describe('All that the hospital charges'),
          owed: f.money.describe('Owed to the place of care'),
        }),
      )
      .max(billsMax)
      .describe('Settled bills'),
  }),
  handle(_, view) {
    const settled = view.all(settlement).filter(({ state }) => state === 'settled');
    const newest = settled.sort((a, b) => b.decidingDate.localeCompare(a.decidingDate)).slice(0, billsMax);
    return reply({
      bills: newest.map(({ care, hospital, visit, decidingDate, total, owed }) => ({
        care,
        hospital,
        visit,
        decidingDate,
        total,
        owed,
      })),
    });
  },
});
