import { cities, members, z } from '@yitong/kit';
import { systemChecks } from '@yitong/kit/testing';
import { describe, expect, it, test } from 'vitest';
import { examples } from './examples.ts';
import { wire } from './fields.ts';
import { demonstrationCatalogue } from './law/demonstration-catalogue.ts';
import { demonstrationPolicies } from './law/pools.ts';
import { adjudicate } from './rules/adjudicate.ts';
import { medicalSettlement } from './system.ts';

test.for(systemChecks({ system: medicalSettlement, examples }))('$name', ({ faults }) =>
  expect(faults()).toEqual([]),
);

describe('worked examples', () => {
  it.each(examples.map((one) => [one.name, one] as const))('%s', (_, { of, expect: wanted }) => {
    const answer = adjudicate(of);
    if ('refused' in wanted) return expect(answer).toMatchObject({ ok: false, code: wanted.refused });
    const { title, version, shares } = wanted;
    expect(answer).toMatchObject({ ok: true, filingKind: title, policyVersion: version, shares });
  });
});

describe('the demonstration’s law', () => {
  const all = members.map(
    ({ code }) => [code, demonstrationPolicies(code), demonstrationCatalogue(code)] as const,
  );

  it('has an employees’ and a residents’ policy for each of the 41 cities, all of them valid', () => {
    const keys = all.flatMap(([, policies]) => Object.keys(policies));
    expect(keys.sort()).toEqual(cities.flatMap(({ code }) => [`${code}/310`, `${code}/390`]).sort());
    for (const [, policies] of all)
      for (const policy of Object.values(policies))
        expect(wire.policy.parse(z.encode(wire.policy, policy))).toEqual(policy);
  });

  it('has catalogues of real codes with one entry a code and day', () => {
    for (const [code, , { items }] of all) {
      expect(items.length).toBeGreaterThan(3_200);
      for (const on of ['2025-06-01', '2026-06-01']) {
        const valid = items.filter(({ from, to }) => from <= on && (to === null || on <= to));
        expect(new Set(valid.map((item) => item.code)).size, code).toBe(valid.length);
      }
    }
  });

  it('says in every reason that cites it that its values are made up', () => {
    const cited = examples.flatMap(({ of }) => {
      const answer = adjudicate(of);
      return answer.ok ? answer.reasons.map(({ param }) => param) : [];
    });
    expect(cited.length).toBeGreaterThan(examples.length);
    expect(cited.filter((param) => !/-demo#/.test(param))).toEqual([]);
  });

  it('differs between members', () => {
    const [first, second] = all.map(([, , { items }]) => items.map((item) => item.class).join(''));
    expect(first).not.toBe(second);
  });
});
