import {
  days,
  f,
  fen,
  hold,
  later,
  object,
  Person,
  post,
  put,
  refuse,
  release,
  reply,
  send,
  subject,
  system,
  transfer,
  years,
} from '@yitong/kit';

const Visit = subject('visit');
const texts = { 'zh-CN': {}, en: {} };

/** A small system of two members: a bill here, priced and held there, settled on both sides. */
export const clinic = system('clinic', { roles: ['cashier'], purposes: ['settle'], parameters: {}, texts });

const due = clinic.account('due-to', { side: 'credit', per: 'member', mirror: 'due-from' });
const from = clinic.account('due-from', { side: 'debit', per: 'member', mirror: 'due-to' });
const fund = clinic.account('fund', { side: 'debit' });
const hospital = clinic.account('hospital', { side: 'credit' });

const Bill = object({
  id: f.code(/^b[0-9]+$/),
  person: f.citizenId,
  to: f.member,
  total: f.money,
  state: f.code(/^[a-z]+$/),
});

const bill = clinic.record('bill', {
  about: Visit,
  schema: Bill,
  keep: years(15),
  readers: ['cashier'],
  person: 'person',
});

const share = clinic.record('share', {
  about: Person,
  schema: object({ id: f.code(/^b[0-9]+$/), fund: f.money }),
  each: 'id',
  keep: years(15),
  keptBy: 'Rules of the clinic, art. 1',
  readers: ['self'],
  breakGlass: ['cashier'],
});

/** What was reserved and never settled is free again after ten days. */
const expire = clinic.message('expire', {
  about: Person,
  key: 'person',
  data: object({ person: f.citizenId, id: f.code(/^b[0-9]+$/) }),
  handle: ({ id }) => release(id, { expired: true }),
});

const settle = clinic.message('settle', {
  purpose: 'settle',
  from: Visit,
  about: Person,
  key: 'person',
  data: Bill,
  reply: object({ period: f.month, fund: f.money }),
  handle: (b, view) => [
    post(b.id),
    reply({ period: f.month.parse(view.period), fund: view.need(share, b.id).fund }),
  ],
  replied: (r, view) => [
    put(bill, { ...view.need(bill), state: 'settled' }),
    transfer([{ debit: from(view.from), credit: hospital(), amount: r.fund }], {
      name: view.need(bill).id,
      period: r.period,
    }),
  ],
});

/** A bill of 6.66 meets a fault in the rules; one of 7.77 is priced and reserved, and never settled. */
const price = clinic.message('price', {
  purpose: 'settle',
  from: Visit,
  about: Person,
  key: 'person',
  data: Bill,
  reply: object({ fund: f.money }),
  refusals: ['already-settled', 'broken'],
  handle(b, view) {
    if (view.get(share, b.id)) return refuse('already-settled', { at: '/id' });
    if (b.total === fen(666n)) throw new Error('a fault in the rules');
    const part = fen(b.total / 2n);
    return [
      put(share, { id: b.id, fund: part }),
      hold(b.id, [{ debit: fund(), credit: due(view.from), amount: part }]),
      b.total === fen(777n) && later(days(10), expire, { person: b.person, id: b.id }),
      reply({ fund: part }),
    ];
  },
  replied: (_, view, b) => [
    put(bill, { ...view.need(bill), state: 'priced' }),
    b.total !== fen(777n) && send(settle, b, { to: b.to }),
  ],
  refused: (_, view) => put(bill, { ...view.need(bill), state: 'refused' }),
});

clinic.command('present', {
  by: ['cashier'],
  input: Bill,
  about: Visit,
  key: 'id',
  refusals: ['too-little'],
  handle: (b) =>
    b.total < fen(10n)
      ? refuse('too-little', { at: '/total', least: fen(10n) })
      : [put(bill, b), send(price, b, { to: b.to })],
});
