/**
 * `npm test`: everything that must hold, in one run — formatting and lint, types, dead code, then every test.
 * `npm test -- kit/money` runs only the tests whose path contains the words given.
 * The last line is `N passed, N failed`; the exit code is 1 on any failure and when nothing was tested.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { Reporter } from './reporter.mjs';
import { useTestFolder } from './test-folder.mjs';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const words = process.argv.slice(2);

const colours = `--colors=${process.stdout.isTTY ? 'force' : 'off'}`;

/** The static checks: each counts as one test. */
const checks = [
  {
    name: 'format, lint and boundaries (biome)',
    command: bin('@biomejs/biome', 'bin/biome'),
    args: ['ci', colours, '--error-on-warnings', '--max-diagnostics=60', '.'],
  },
  { name: 'types (tsc)', command: bin('typescript', 'bin/tsc'), args: ['-p', '.'] },
  { name: 'types of the portal (tsc)', command: bin('typescript', 'bin/tsc'), args: ['-p', 'portal'] },
  {
    name: 'unused files, exports and dependencies (knip)',
    command: bin('knip', 'bin/knip.js'),
    args: ['--no-progress', '--no-config-hints'],
  },
];

function bin(name, path) {
  return join(top, 'node_modules', name, path);
}

/** Runs one check to its end; what it says is kept for the case that it fails. */
function run({ command, args }) {
  return new Promise((resolve) => {
    const said = [];
    const env = { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' };
    const child = spawn(process.execPath, [command, ...args], {
      cwd: top,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', (error) => resolve({ ok: false, said: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, said: Buffer.concat(said).toString() }));
  });
}

async function runChecks(reporter) {
  for (const check of checks) {
    const begun = performance.now();
    const { ok, said } = await run(check);
    reporter.check(check.name, ok, performance.now() - begun, said);
  }
}

process.chdir(top);
useTestFolder();
const reporter = new Reporter();
if (words.length === 0) await runChecks(reporter);
const vitest = await startVitest('test', words, {
  run: true,
  watch: false,
  reporters: [reporter],
  passWithNoTests: true,
});
await vitest.close();
const { passed, failed, files } = reporter;
if (files === 0) process.stdout.write('No test was found: that is a failure too.\n');
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 || files === 0 ? 1 : 0);
