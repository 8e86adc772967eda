/** States of a bill at the place of care. */
export const billStates = [
  'presented',
  'waiting',
  'priced',
  'confirming',
  'settled',
  'refused',
  'cancelling',
  'void',
  'reversing',
  'reversed',
] as const;

/** Every state of a bill but one, each with the refusal of what can be done in that one only. */
export function billStatesBut<F extends string>(
  open: (typeof billStates)[number],
  codeOf: (state: (typeof billStates)[number]) => F,
): Readonly<Partial<Record<string, F>>> {
  return Object.fromEntries(
    billStates.filter((state) => state !== open).map((state) => [state, codeOf(state)]),
  );
}
