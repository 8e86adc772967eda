/**
 * Which messages of a batch hold data that the database refuses: `keys` in order of handling, `isRefused` tries the batch with those
 * given held back. The part of the batch that is handled is halved until it is refused with one message and taken without it (K20);
 * the one is held back and the rest looked at again. Undefined: it is refused with all of them held back, so none is at fault.
 */
export async function culpritsOf(
  keys: readonly string[],
  isRefused: (held: ReadonlySet<string>) => Promise<boolean>,
): Promise<ReadonlySet<string> | undefined> {
  if (await isRefused(new Set(keys))) return undefined;
  const held = new Set<string>();
  do {
    let [passes, fails] = [0, keys.length];
    while (fails - passes > 1) {
      const middle = Math.floor((passes + fails) / 2);
      if (await isRefused(new Set([...held, ...keys.slice(middle)]))) fails = middle;
      else passes = middle;
    }
    held.add(keys[passes] ?? '');
  } while (await isRefused(held));
  return held;
}
