import { createServer } from 'node:http';
import { Client } from 'pg';
import { readNodeConfig } from '../../config.ts';

// A node that knows the supervisor's side of a node's life and nothing else: configuration, database, ready, stop.

const config = readNodeConfig(process.argv[2] ?? '');
if (config.name.en === 'Broken') {
  process.send?.({ type: 'failed', reason: 'told to fail' }, () => process.exit(1));
} else {
  const { password, ...rest } = config.database;
  const client = new Client({ ...rest, password });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  let rests = 0;
  const server = createServer((request, answer) => {
    if (request.url === '/crash') process.exit(3);
    answer.end(JSON.stringify({ member: config.member, database: rows[0]?.name, pid: process.pid, rests }));
  });
  const end = () => {
    server.close();
    server.closeAllConnections();
    void client.end();
    if (process.connected) process.disconnect();
  };
  process.on('message', (message: unknown) => {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    if (message.type === 'stop') end();
    if (message.type !== 'rest') return;
    rests += 1;
    process.send?.({ type: 'rested', batches: 7 });
  });
  process.on('disconnect', () => process.exit(0));
  server.listen(config.http.port, config.http.host, () => {
    const { http, exchange } = config;
    process.send?.({
      type: 'ready',
      http: `http://${http.host}:${http.port}`,
      exchange: `https://${exchange.host}:${exchange.port}`,
    });
  });
}
