import { expect, test } from 'vitest';
import { permilles } from './permille.ts';

test('shares of a bill add up to all of it', () => {
  expect(permilles([164_640n, 155_360n], 320_000n)).toEqual([515, 485]);
  expect(permilles([1n, 1n, 1n], 3n)).toEqual([334, 333, 333]);
  expect(permilles([1_344_485n, 187_211n, 80_000n, 169_804n], 1_781_500n)).toEqual([755, 105, 45, 95]);
});

test('shares of nothing are nothing', () => {
  expect(permilles([0n, 0n], 0n)).toEqual([0, 0]);
});
