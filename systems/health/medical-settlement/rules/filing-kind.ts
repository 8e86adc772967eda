import { within } from './matching.ts';
import { refused } from './refusals.ts';
import type { Refused } from './result.ts';
import type { Claim, Filing, FilingKind, FilingTerms } from './types.ts';

type Stay = Pick<Claim, 'placeOfCare' | 'admission' | 'discharge'>;

/** Why a filing does not cover the stay, first defect; `undefined` when it does. */
function defectOfFiling(filing: Filing, stay: Stay): Refused | undefined {
  if (filing.status !== 'active') return refused('filing-revoked', '/filing/status');
  if (!within(stay.placeOfCare, filing.places)) return refused('filing-wrong-place', '/filing/places');
  // A filing made during the stay counts until the day of discharge (补备案).
  if (filing.from > stay.discharge) return refused('filing-not-started', '/filing/from');
  // A stay begun on the last valid day is covered to its end.
  if (filing.to !== null && stay.admission > filing.to) return refused('filing-expired', '/filing/to');
  return undefined;
}

/**
 * The title under which the claim is paid: the first of the insured place's precedence that applies, if the place accepts it.
 * One that is not accepted never falls through to the next. 备案类型认定
 */
export function titleOf(terms: FilingTerms, filing: Filing | null, claim: Claim): FilingKind | Refused {
  const defect = filing === null ? undefined : defectOfFiling(filing, claim);
  const covering = filing !== null && defect === undefined ? filing.kind : undefined;
  const kind = terms.precedence.find((one) => applies(one, terms, covering, claim));
  if (kind !== undefined && terms.kinds[kind].allowed) return kind;
  if (filing === null) return refused('filing-required', '/filing');
  return defect ?? refused('filing-kind-not-allowed', '/filing/kind');
}

function applies(
  kind: FilingKind,
  terms: FilingTerms,
  covering: Filing['kind'] | undefined,
  claim: Claim,
): boolean {
  switch (kind) {
    case 'local':
      return within(claim.placeOfCare, terms.localPlaces);
    case 'exempt':
      return within(claim.placeOfCare, terms.exemptPlaces);
    case 'emergency':
      return claim.emergency;
    case 'unfiled':
      return true;
    default:
      return kind === covering;
  }
}

/**
 * Which of a person's filings a stay is held against: the first that covers it, in the precedence of their kinds, else the one declared
 * last, whose defect is then told. `filings` in order of declaration.
 */
export function filingFor(terms: FilingTerms, filings: readonly Filing[], stay: Stay): Filing | null {
  const covering = filings.filter((one) => defectOfFiling(one, stay) === undefined);
  const rank = (one: Filing) => (terms.precedence.indexOf(one.kind) + 100) % 100;
  return covering.sort((a, b) => rank(a) - rank(b))[0] ?? filings.at(-1) ?? null;
}
