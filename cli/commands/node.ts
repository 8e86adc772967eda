import { resolve } from 'node:path';
import type { Run } from '../command.ts';

/** Runs one node in this process until it is told to stop. */
export const run: Run = async ({ args, stop }) => {
  const [config = ''] = args;
  const { runNode } = await import('../../node/main.ts');
  await runNode(resolve(config), stop);
  return 'done';
};
