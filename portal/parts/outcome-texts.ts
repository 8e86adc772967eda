/** The text that says what became of a command, by its state. */
export const outcomeTexts = {
  done: 'outcome.done',
  open: 'outcome.open',
  held: 'outcome.held',
  refused: 'outcome.refused',
  invalid: 'outcome.refused',
  busy: 'outcome.open',
} as const;
