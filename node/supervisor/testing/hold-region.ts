import { up } from '../up.ts';
import { testWish } from './wish.ts';

// Brings a region up and stays, so that a test can kill it like a crash would.

const region = await up(testWish(process.argv[2] ?? ''));
process.send?.({ postgres: region.postgres.pid(), nodes: region.members.map((member) => member.pid()) });
setInterval(() => undefined, 1 << 30);
