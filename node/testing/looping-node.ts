import { runProcess } from '../process.ts';
import { looping } from './looping.ts';

// A node of which one command never comes back.
await runProcess(process.argv[2] ?? '', async () => [looping]);
