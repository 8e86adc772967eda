import { lending } from '../http/testing/lending.ts';
import { runProcess } from '../process.ts';

// A node that runs the small system of the tests.
await runProcess(process.argv[2] ?? '', async () => [lending]);
