import { startPostgres } from '../postgres.ts';

// Starts the server of a data directory and stays, so that a test can kill it like a crash would.

const server = await startPostgres({ dataDir: process.argv[2] ?? '' });
process.send?.({ pid: server.pid });
setInterval(() => undefined, 1 << 30);
