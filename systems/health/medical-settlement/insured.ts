import { f, object, Person, put, refuse, sum, transfer, zero } from '@yitong/kit';
import { accounts } from './books.ts';
import { medical } from './head.ts';
import { account, coverage, coverageSchema } from './records.ts';

/** The insured place enters or changes what it knows of a person. 参保登记 */
export const registerCoverage = medical.command('register-coverage', {
  by: ['clerk'],
  about: Person,
  key: 'person',
  input: coverageSchema.extend({
    opening: f.money.describe('Fen in the personal account when it is opened, 0 afterwards'),
  }),
  refusals: ['coverage-ends-before-it-begins', 'scheme-does-not-fit', 'account-exists'],
  handle({ opening, ...insured }, view) {
    const { from, to } = insured.coverage;
    if (to !== null && to < from) return refuse('coverage-ends-before-it-begins', { at: '/coverage/to' });
    if ((insured.scheme === '390') !== (insured.status === 'resident'))
      return refuse('scheme-does-not-fit', { at: '/status', scheme: insured.scheme });
    const known = view.get(account);
    if (known !== undefined && opening > zero) return refuse('account-exists', { at: '/opening' });
    return [
      put(coverage, insured),
      known === undefined && put(account, { available: opening }),
      opening > zero &&
        transfer([{ debit: accounts.bank(), credit: accounts.personalAccounts(), amount: opening }]),
    ];
  },
});

/** Contributions come to a personal account. 个人账户划入 */
export const creditAccount = medical.command('credit-account', {
  by: ['clerk'],
  stepUp: true,
  about: Person,
  key: 'person',
  input: object({
    person: f.citizenId.describe('Citizen number'),
    amount: f.money.describe('Fen to add'),
  }),
  refusals: ['not-insured', 'amount-is-nothing'],
  handle({ amount }, view) {
    const known = view.get(account);
    if (known === undefined) return refuse('not-insured', { at: '/person' });
    if (amount === zero) return refuse('amount-is-nothing', { at: '/amount' });
    return [
      put(account, { available: sum(known.available, amount) }),
      transfer([{ debit: accounts.bank(), credit: accounts.personalAccounts(), amount }]),
    ];
  },
});
