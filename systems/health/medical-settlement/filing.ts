import { addMonths, divisionOf, f, object, Person, put, refuse, z } from '@yitong/kit';
import { medical } from './head.ts';
import { coverage, filing } from './records.ts';

/** A person, or a clerk for them, declares care elsewhere. 异地就医备案 */
export const declareFiling = medical.command('declare-filing', {
  by: ['clerk', 'self'],
  about: Person,
  key: 'person',
  input: object({
    person: f.citizenId.describe('Citizen number'),
    kind: f.choice(['long-term', 'referral', 'temporary']).describe('Kind of filing'),
    places: z.array(f.place).min(1).max(50).describe('Cities or provinces of care (GB/T 2260)'),
    from: f.day.describe('First day'),
    to: f.day.nullable().describe('Last day; null: open when long-term, else after the shortest period'),
  }),
  refusals: ['not-insured', 'filing-ends-before-it-begins', 'filing-too-short', 'filing-backdated'],
  handle({ person: _, ...declared }, view) {
    if (view.get(coverage) === undefined) return refuse('not-insured', { at: '/person' });
    const { kind, from } = declared;
    const shortest = addMonths(from, view.law(view.today).filingMonths);
    const to = declared.to ?? (kind === 'long-term' ? null : shortest);
    if (to !== null && to < from) return refuse('filing-ends-before-it-begins', { at: '/to' });
    // Not less than six months, so that one filing serves many visits (经办规程).
    if (to !== null && kind !== 'long-term' && to < shortest)
      return refuse('filing-too-short', { at: '/to', earliest: shortest });
    const byClerk = view.actor?.roles.some((role) => role === 'clerk' || role.endsWith('/clerk')) ?? false;
    if (from < view.today && !byClerk)
      return refuse('filing-backdated', { at: '/from', earliest: view.today });
    const prefixes = declared.places.map(prefixOf);
    return put(filing, { ...declared, id: view.id, to, status: 'active', prefixes, declared: view.now });
  },
});

/** A filing ends; claims whose stay was settled before are not touched. 备案撤销 */
export const revokeFiling = medical.command('revoke-filing', {
  by: ['clerk', 'self'],
  about: Person,
  key: 'person',
  input: object({
    person: f.citizenId.describe('Citizen number'),
    filing: f.id.describe('Id of the filing').meta({ names: 'filing' }),
  }),
  refusals: ['filing-unknown', 'filing-already-revoked'],
  closed: { record: 'filing', field: 'status', when: { revoked: 'filing-already-revoked' } },
  handle({ filing: id }, view) {
    const known = view.get(filing, id);
    if (known === undefined) return refuse('filing-unknown', { at: '/filing' });
    if (known.status === 'revoked') return refuse('filing-already-revoked', { at: '/filing' });
    return put(filing, { ...known, status: 'revoked' });
  },
});

/** What the codes of a division's places begin with: a province (Shanghai is one city) two digits, a city four, a county six. */
function prefixOf(place: string): string {
  if (place.endsWith('0000') || place === '310100') return place.slice(0, 2);
  return divisionOf(place)?.level === 'city' ? place.slice(0, 4) : place;
}
