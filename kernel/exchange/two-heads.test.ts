import { expect, test } from 'vitest';
import { directoryHash } from './directory-step.ts';
import { memberKey, testBatch, testDirectory } from './testing.ts';
import { twoHeads, verifyTwoHeads } from './two-heads.ts';

const directory = testDirectory();
const trusted = directoryHash(directory);
const first = testBatch();
const other = testBatch({ prev: '1'.repeat(64) });

function proof(one: typeof first, two: typeof first): string {
  const heads = [one, two].map(({ headBytes, signature }) => ({ head: headBytes, signature }));
  const [a = heads[0], b = a] = heads;
  if (!a || !b) throw new Error('two heads');
  return JSON.stringify(twoHeads([a, b], [{ directory, signatures: [] }]));
}

test('two heads that one member signed for one place name it, its receiver and the place', () => {
  const says = { from: '310000', to: '330000', stream: 'main.3', epoch: 1, seq: 1 };
  expect(verifyTwoHeads(proof(first, other), trusted)).toEqual({ ok: true, says });
});

test.each([
  ['the same head twice', proof(first, first), 'there are not two heads'],
  ['heads of two places', proof(first, testBatch({ seq: 2, prev: '1'.repeat(64) })), '"seq" is not the same'],
  [
    'a head signed by another',
    proof(first, testBatch({}, { ...memberKey('320000'), id: memberKey('310000').id })),
    'not signed with',
  ],
  ['no proof', '{}', 'format'],
])('%s prove nothing', (_, json, detail) => {
  expect(verifyTwoHeads(json, trusted)).toEqual({ ok: false, detail: expect.stringContaining(detail) });
});
