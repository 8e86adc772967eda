import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Directory,
  directoryHash,
  type EvidenceResult,
  readDirectory,
  verifyEvidence,
  verifyTwoHeads,
  verifyTwoPasts,
} from '@yitong/kernel';
import type { Invocation, Run } from '../command.ts';
import { Failure, fileFailure, usage } from '../failure.ts';
import { isObject } from '../json/difference.ts';
import { dataFolder, readJson } from '../region.ts';

/** Checks an evidence file, or the proof that a member contradicted itself, offline; or, without one, the journals of this machine's nodes. */
export const run: Run = async (invocation) => {
  const [file] = invocation.args;
  if (file !== undefined) return verifyFile(invocation, file);
  const { runs } = await import('./maintain.ts');
  return await runs.verify(invocation);
};

function verifyFile(invocation: Invocation, file: string) {
  const { output } = invocation;
  const content = contentOf(file);
  const contradiction = contradictions.find(({ format }) => content.includes(`"${format}"`));
  if (contradiction)
    return verifyContradiction(invocation, file, contradiction.verify(content, trusted(invocation)));
  const result = verifyEvidence(content, trusted(invocation));
  output.data({ file, ...result });
  for (const line of pretty(output, result)) output.say(line);
  return result.ok ? ('done' as const) : ('no' as const);
}

/** Proofs that a member contradicted itself, by their format. */
const contradictions = [
  { format: 'yitong-two-heads/1', verify: verifyTwoHeads },
  { format: 'yitong-two-pasts/1', verify: verifyTwoPasts },
] as const;

function verifyContradiction(
  { output }: Invocation,
  file: string,
  result: ReturnType<(typeof contradictions)[number]['verify']>,
) {
  const { paint } = output;
  output.data({ file, ...result });
  if (!result.ok) {
    output.say(paint.bad(`The proof does not stand: ${result.detail}.`));
    return 'no' as const;
  }
  const { says } = result;
  output.say(paint.good('The proof stands.'));
  output.say(
    'member' in says
      ? `  ${says.member} signed two states of its log, both of ${says.size} entries.`
      : `  ${says.from} signed two batches numbered ${says.seq} of stream ${says.stream} (epoch ${says.epoch}) to ${says.to}.`,
  );
  return 'done' as const;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileFailure(file, error);
  }
}

/** Hash of the directory to trust: as told, or that of the first one in the data folder (its genesis). */
function trusted({ options, env }: Invocation): string {
  const told = options.text('directoryHash')?.toLowerCase();
  if (told !== undefined && !/^[0-9a-f]{64}$/.test(told)) throw usage('--directory-hash: not 64 hex digits.');
  if (told !== undefined) return told;
  const path = options.text('directory') ?? join(dataFolder(options, env), 'directory.json');
  const genesis = firstDirectory(readJson(path));
  if (genesis !== undefined) return directoryHash(genesis);
  throw new Failure(
    'usage',
    `${path}: no directory to trust.`,
    'Name one with --directory-hash (from your own member) or --directory.',
  );
}

function firstDirectory(file: unknown): Directory | undefined {
  if (!isObject(file) || !Array.isArray(file['directories'])) return undefined;
  const [first]: readonly unknown[] = file['directories'];
  if (!isObject(first) || typeof first['canonical'] !== 'string') return undefined;
  const read = readDirectory(Buffer.from(first['canonical'], 'utf8'));
  return read.ok ? read.directory : undefined;
}

function pretty(
  { paint }: Invocation['output'],
  { ok, steps, says, notShown }: EvidenceResult,
): readonly string[] {
  const checked = steps.map(
    ({ step, ok: stands, detail }) =>
      `${stands ? paint.good('✓') : paint.bad('✗')} ${step.padEnd(12)} ${detail}`,
  );
  if (!ok || says === undefined) return [...checked, '', paint.bad('The evidence does not stand.')];
  const { message, from, to, place, sentAt, receivedAt } = says;
  return [
    ...checked,
    '',
    paint.good('The evidence stands.'),
    `  ${from} sent ${message.type} (${message.id}) to ${to},`,
    `  number ${place.number} of stream ${place.stream}, at ${sentAt};`,
    `  ${to} took it at ${receivedAt}.`,
    '',
    'It does not show:',
    ...notShown.map((line) => `  - ${line}`),
  ];
}
