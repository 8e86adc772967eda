import { createInterface } from 'node:readline';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { bill, cashier, TestRegion } from '../../kernel/testing/region.ts';
import type { NodeConfig } from '../config.ts';
import { siblingDoor } from '../siblings/door.ts';
import { shareOf } from '../siblings/share.ts';
import { openPostgresStore } from '../store/postgres.ts';

// One of several processes of one member: says when it waits for the partitions and when it holds the partitions, presents the bills that
// it reads line by line. With a share it works beside the others, and a line has the command's id behind the bill's.

const connection = JSON.parse(process.argv[2] ?? '{}');
const holder = process.argv[3] ?? '';
const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
const store = await openPostgresStore({ connection, partitions: 4, records, writers: 2 });
const processes: NonNullable<NodeConfig['processes']> | undefined =
  JSON.parse(process.argv[4] ?? 'null') ?? undefined;
const tls = JSON.parse(process.argv[5] ?? '{}');
const door = siblingDoor({
  tls,
  keys: () => [],
  warn: (facts) => process.stderr.write(JSON.stringify(facts)),
});
const share = processes && { share: shareOf(processes, door) };
const region = new TestRegion({ only: '310000', storeOf: () => store, more: { holder, ...share } });
const sibling = {
  sibling: (what: string, asked: readonly unknown[]) => region.node('310000').sibling(what, asked),
};
if (processes) await door.listen(processes.host, processes.port, sibling);
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
input.on('line', (line) => {
  const node = region.node('310000');
  const [id = '', command] = line.split(' ');
  const wish = { type: 'clinic/present', input: bill(id, '777'), actor: cashier };
  void node
    .command({ ...wish, ...(command === undefined ? {} : { id: command }) }, 10_000)
    .then((answer) => tell({ event: 'answer', id, state: answer.state, ready: node.status().ready }));
});
