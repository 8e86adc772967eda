import { f, object, Person, put, refuse, reply, transfer, zero } from '@yitong/kit';
import { backwards, careEntries } from './books.ts';
import { medical, Visit } from './head.ts';
import { bill, receipt, settlement } from './records.ts';
import { reversalRefusal } from './rules/sequence.ts';
import { entriesOf, reference, settlementKey, transferName, undone } from './settling.ts';

/** The insured place takes a settlement back: the same entries the other way round, never a deletion. 结算撤销 */
export const reverse = medical.message('reverse', {
  purpose: 'medical-settlement',
  from: Visit,
  about: Person,
  key: 'person',
  data: reference,
  reply: object({ period: f.month }),
  refusals: ['settlement-unknown', 'already-reversed', 'later-settlement-exists'],
  handle(of, view) {
    const id = settlementKey(view.from, of);
    const s = view.get(settlement, id);
    if (s === undefined || s.attempt !== of.attempt || s.state === 'void')
      return refuse('settlement-unknown');
    const [policyId = ''] = s.key.split('@');
    const order = view.law(view.today).policies[policyId]?.reversalOrder ?? 'any';
    const known = order === 'any' ? [s] : [...view.all(settlement)].filter((one) => one.key === s.key);
    const inOrder = known.sort((a, b) => a.number - b.number);
    const no = reversalRefusal(
      order,
      inOrder.map((one) => ({ claim: one.id, year: one.delta.year, reversed: taken.includes(one.state) })),
      id,
    );
    if (no !== undefined) return refuse(no);
    const period = f.month.parse(view.period);
    const name = transferName(view.from, of);
    return [
      put(settlement, { ...s, state: 'reversed', period }),
      s.owed > zero &&
        transfer(backwards(entriesOf(s, view.here)), { name: `${name}.reversed`, reverses: name }),
      ...undone(s, view),
      reply({ period }),
    ];
  },
  replied({ period }, view, of) {
    const b = view.need(bill);
    const { shares } = view.need(receipt);
    const entries = careEntries(shares, { insured: b.insured, care: view.here, hospital: b.hospital });
    const name = transferName(view.here, of);
    return [
      put(bill, { ...b, state: 'reversed', period }),
      entries.length > 0 &&
        transfer(backwards(entries), { name: `${name}.reversed`, period, reverses: name }),
    ];
  },
  refused: (why, view) => put(bill, { ...view.need(bill), state: 'settled', refusal: { code: why.code } }),
});

/** States in which a settlement no longer counts. */
const taken: readonly string[] = ['void', 'reversed'];
