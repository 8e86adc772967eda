import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { SetupError } from '../postgres/setup-error.ts';

/** What a page can be made of: the portal, the systems' own pages, and what both take from the kit. */
const sources = ['portal', 'kit', 'systems'];

/**
 * The folder of the portal built from this checkout, in `into`; built in a process of its own when none is there for the source as it is
 * now. Throws `SetupError` `portal-build` with what the build said.
 */
export async function buildPortal(top: string, into: string, signal?: AbortSignal): Promise<string> {
  const folder = join(into, `portal-${sourceHash(top)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(into, { recursive: true, mode: 0o700 });
  const half = `${folder}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  await run(top, half, signal);
  for (const name of readdirSync(into))
    if (/^portal-[0-9a-f]{16}$/.test(name)) rmSync(join(into, name), { recursive: true, force: true });
  renameSync(half, folder);
  return folder;
}

function run(top: string, into: string, signal: AbortSignal | undefined): Promise<void> {
  const args = ['--import', 'tsx', join('portal', 'build.ts'), into];
  const child = spawn(process.execPath, args, {
    cwd: top,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => said.push(part));
  child.stderr.on('data', (part: Buffer) => said.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(failed(Buffer.concat(said).toString('utf8')));
    });
  });
}

function failed(said: string): SetupError {
  const reason = `the portal was not built: ${causeOf(said)}`;
  return new SetupError({ code: 'portal-build', reason, remedy: 'mend what it names' });
}

/** Lines of a cause that are told at most. */
const causeLines = 20;

/** Of what a process said before it failed what is wrong: without Node's own frame, the stack and colours. */
export function causeOf(said: string): string {
  const lines = stripVTControlCharacters(said).trim().split('\n');
  const named = lines.findIndex((line) => /^(?:Build failed|\w*Error\b|\[)/.test(line));
  const told = lines.slice(Math.max(0, named));
  const stack = told.findIndex((line) => /^\s+at /.test(line));
  return told
    .slice(0, stack < 0 ? undefined : stack)
    .slice(0, causeLines)
    .join('\n')
    .trim();
}

function sourceHash(top: string): string {
  const hash = createHash('sha256').update(process.version);
  const files = [join(top, 'package-lock.json')];
  for (const name of sources) collect(join(top, name), files);
  for (const path of files.sort()) hash.update(`\0${relative(top, path)}\0`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/** Of the systems only their pages: their rules and data never reach a browser. */
function collect(folder: string, files: string[], isUi = !folder.endsWith('systems')): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, files, isUi || entry.name === 'ui');
    else if (isUi && /\.(tsx?|css|html|json|svg)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
      files.push(path);
  }
}
