import { createInterface } from 'node:readline';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { bill, cashier, TestRegion } from '../../kernel/testing/region.ts';
import { openPostgresStore } from '../store/postgres.ts';

// One of several processes of one member: says when it waits for the partitions and when it holds the partitions, presents the bills that it reads line by line.

const connection = JSON.parse(process.argv[2] ?? '{}');
const holder = process.argv[3] ?? '';
const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
const store = await openPostgresStore({ connection, partitions: 4, records, writers: 2 });
const region = new TestRegion({ only: '310000', storeOf: () => store, more: { holder } });
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const input = createInterface({ input: process.stdin });
tell({ event: 'waits' });
await region.start();
tell({
  event: 'holds',
  epoch: region
    .node('310000')
    .status()
    .partitions.map((one) => one.epoch),
});
input.on('line', (id) => {
  const node = region.node('310000');
  void node
    .command({ type: 'clinic/present', input: bill(id, '777'), actor: cashier }, 10_000)
    .then((answer) => tell({ event: 'answer', id, state: answer.state, ready: node.status().ready }));
});
