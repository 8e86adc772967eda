/** What each exit code means; the numbers are a promise to scripts. */
export const exitCodes = {
  done: { code: 0, means: 'Everything that was asked is done.' },
  no: {
    code: 1,
    means:
      'It ran to its end and the answer is no: refused, bad lines, failed vectors, differences, something amiss.',
  },
  usage: { code: 2, means: 'The command line or its input file could not be used; nothing was sent.' },
  unreachable: {
    code: 3,
    means: 'No node answered, or it was too busy for too long. Nothing is lost: the same again is safe.',
  },
  forbidden: { code: 4, means: 'No valid token, role or purpose for this.' },
  missing: { code: 5, means: 'What was asked for does not exist, or not for this reader.' },
  open: { code: 6, means: 'Accepted and durable, but not ended within the time given by --wait.' },
  bug: { code: 70, means: 'A fault of the program itself; --debug shows where.' },
  interrupted: { code: 130, means: 'Stopped by Ctrl-C; the same command again goes on where it stopped.' },
} as const;

/** A way for a command to end. */
export type Exit = keyof typeof exitCodes;

/** The number for the operating system. */
export function exitNumber(exit: Exit): number {
  return exitCodes[exit].code;
}
