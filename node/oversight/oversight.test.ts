import { MemoryRegion, systemChecks } from '@yitong/kit/testing';
import { expect, test } from 'vitest';
import { glassReview, oversight, reviewGlass } from './oversight.ts';

const here = '310000';
const reading = '019aa0c0-0000-7000-8000-000000000001';
// Who gives commands in a region in memory is called so.
const auditor = 'someone';

test.for(systemChecks({ system: oversight, examples: [] }))('$name', ({ faults }) => {
  expect(faults()).toEqual([]);
});

test('an auditor reviews what another person read in an emergency, once; their own reading is for somebody else', () => {
  const region = new MemoryRegion(oversight, [here], '2026-11-24T00:00:00.000Z');
  const review = (reader: string, remark: string) =>
    region.command(here, reviewGlass, { reading, read: '2026-11-23T00:00:00.000Z', reader, remark }, [
      'auditor',
    ]);
  expect(review(auditor, 'all was well')).toMatchObject({ state: 'refused', code: 'own-reading' });
  expect(region.record(here, glassReview, reading)).toBeUndefined();
  expect(review('310000-cashier', 'as the ward’s book says')).toEqual({ state: 'done' });
  const said = { reading, reviewer: auditor, remark: 'as the ward’s book says' };
  expect(region.record(here, glassReview, reading)).toMatchObject(said);
  expect(review('310000-cashier', 'once more')).toMatchObject({ state: 'refused', code: 'already-reviewed' });
  expect(region.record(here, glassReview, reading)).toMatchObject(said);
});
