import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lending } from '../http/testing/lending.ts';
import { runProcess } from '../process.ts';
import { ordering } from './ordering.ts';

// A node that runs the small systems of the tests; where a file says so, the next edition of one.
const config = process.argv[2] ?? '';
await runProcess(config, async () => {
  const isNext = existsSync(join(dirname(config), 'next-edition'));
  return [lending, ordering(isNext ? 2 : 1)];
});
