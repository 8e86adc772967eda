/** Shares of a whole in thousandths that add up as the parts do: what rounding leaves goes to those that lost most by it. */
export function permilles(parts: readonly bigint[], whole: bigint): readonly number[] {
  if (whole === 0n) return parts.map(() => 0);
  const floors = parts.map((part) => (part * 1_000n) / whole);
  const all = (parts.reduce((sum, part) => sum + part, 0n) * 1_000n) / whole;
  let left = all - floors.reduce((sum, one) => sum + one, 0n);
  const lost = parts.map((part, at) => ({ at, by: (part * 1_000n) % whole }));
  for (const { at } of lost.sort((a, b) => Number(b.by - a.by))) {
    if (left-- <= 0n) break;
    floors[at] = (floors[at] ?? 0n) + 1n;
  }
  return floors.map(Number);
}
