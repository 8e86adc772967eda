import { systems } from '@yitong/systems';
import { runProcess } from '../../node/process.ts';
import { mooring } from './mooring.ts';

// A node that runs every system of this checkout and the one of the tests.
await runProcess(process.argv[2] ?? '', async () => [...systems, mooring]);
