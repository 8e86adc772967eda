import { fileURLToPath } from 'node:url';
import type { UpOptions } from '../options.ts';

/** A region of two members whose nodes are stand-ins; notices are gathered in `told`. */
export function testWish(dataDir: string, told: string[] = []): UpOptions {
  return {
    dataDir,
    region: 'test',
    members: [
      { code: '310000', name: { zh: '上海市', en: 'Shanghai' } },
      { code: '340000', name: { zh: '安徽省', en: 'Anhui' } },
    ],
    terms: { purposes: ['copy'], permissions: [] },
    fresh: false,
    demonstration: true,
    startIssuer: ({ host, port }) =>
      Promise.resolve({ url: `http://${host}:${port}`, close: () => Promise.resolve() }),
    entry: fileURLToPath(new URL('./stand-in.ts', import.meta.url)),
    report: { step: () => undefined, notice: (text) => told.push(text) },
  };
}
