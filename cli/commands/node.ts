import { resolve } from 'node:path';
import { runNode } from '../../node/main.ts';
import type { Run } from '../command.ts';

/** Runs one node in this process until it is told to stop. */
export const run: Run = async ({ args, stop, output }) => {
  const [config = ''] = args;
  await runNode(resolve(config), stop, ({ http, exchange }) => {
    output.data({ ready: true, http, exchange });
    output.say(`Ready: ${http} for people and programs, ${exchange} for the other members. Ctrl-C stops it.`);
  });
  return 'done';
};
