import type { Registry } from 'prom-client';

/**
 * All figures of the node in the text form of Prometheus: those of the registry, then the kernel's own counters (`name` → value), each with
 * its HELP and TYPE. Two counters that would get one name become one, their sum.
 */
export async function figuresText(
  registry: Registry,
  kernel: Readonly<Record<string, number>>,
): Promise<string> {
  const sums = new Map<string, number>();
  for (const [name, value] of Object.entries(kernel)) {
    const known = `yitong_${name.replace(/[^a-zA-Z0-9_]/g, '_')}`;
    sums.set(known, (sums.get(known) ?? 0) + value);
  }
  const counters = [...sums].map(
    ([name, value]) =>
      `# HELP ${name} Counted by the kernel since this process began\n# TYPE ${name} counter\n${name} ${value}\n`,
  );
  const text = await registry.metrics();
  return `${text.trimEnd()}\n${counters.join('')}`;
}
