import { afterEach, beforeEach, describe } from 'vitest';
import { bookTests } from './suite/books.suite.ts';
import { chainTests } from './suite/chain.suite.ts';
import { eraserTests } from './suite/eraser.suite.ts';
import { frameTests } from './suite/frames.suite.ts';
import { leaseTests } from './suite/leases.suite.ts';
import { listTests } from './suite/lists.suite.ts';
import { propertyTests } from './suite/property.suite.ts';
import { refusalTests } from './suite/refusals.suite.ts';
import { rowTests } from './suite/rows.suite.ts';
import { Chain, type StoreUnderTest } from './suite/samples.suite.ts';

/** Every store keeps these promises. */
export function storeSuite(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a store`, () => {
    let under: StoreUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(async () => {
      await under.close();
    });
    const take = async (partition: number) => Chain.take(under.store, partition);

    chainTests(() => under, take);
    refusalTests(() => under, take);
    rowTests(() => under, take);
    eraserTests(() => under, take);
    frameTests(() => under, take);
    leaseTests(() => under, take);
    listTests(() => under, take);
    bookTests(() => under, take);
    propertyTests(() => under, take);
  });
}
