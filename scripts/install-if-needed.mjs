/**
 * Installs the dependencies when, and only when, what is installed is not what package-lock.json asks for.
 * Runs before `npm start` and `npm test`; needs nothing but Node itself.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(top, 'node_modules');
const stamp = join(modules, '.yitong-lock');

const nodeMinimum = [20, 19];

function fail(...lines) {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > nodeMinimum[0] || (major === nodeMinimum[0] && minor >= nodeMinimum[1])) return;
  fail(
    `Yitong needs Node ${nodeMinimum.join('.')} or newer; this is Node ${process.versions.node}.`,
    'Install a newer one (https://nodejs.org), open a new terminal and try again.',
  );
}

/** What must be installed: the lock file, and the platform its native packages were chosen for. */
function wanted(lock) {
  return createHash('sha256').update(`${process.platform}-${process.arch}\n`).update(lock).digest('hex');
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/**
 * True when npm's own record of what it installed has every package of the lock file, so that a hand-made
 * `npm ci` is not repeated. Packages for other platforms are optional and may be missing.
 */
function matchesHiddenLock(lock) {
  const hidden = read(join(modules, '.package-lock.json'));
  if (hidden === undefined) return false;
  const installed = JSON.parse(hidden).packages ?? {};
  const here = (at) => existsSync(join(top, at));
  return Object.entries(JSON.parse(lock).packages).every(([at, entry]) => {
    if (at === '' || entry.link || !at.includes('node_modules/')) return true;
    const found = installed[at];
    if (found === undefined) return entry.optional === true && !fits(entry);
    return found.version === entry.version && found.integrity === entry.integrity && here(at);
  });
}

/** Whether an optional package is meant for this machine: only then is its absence a reason to install. */
function fits(entry) {
  const allows = (list, value) => list === undefined || list.includes(value);
  const libc = entry.libc === undefined || entry.libc.includes(isMusl() ? 'musl' : 'glibc');
  const named = entry.os !== undefined || entry.cpu !== undefined;
  return named && allows(entry.os, process.platform) && allows(entry.cpu, process.arch) && libc;
}

function isMusl() {
  return process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
}

function writable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function mark(hash) {
  if (writable(modules)) writeFileSync(stamp, `${hash}\n`);
}

function npm(args) {
  const cli = process.env.npm_execpath;
  const quiet = { cwd: top, encoding: 'utf8', maxBuffer: 1 << 26 };
  if (cli?.endsWith('.js') || cli?.endsWith('.cjs'))
    return spawnSync(process.execPath, [cli, ...args], quiet);
  return spawnSync('npm', args, { ...quiet, shell: process.platform === 'win32' });
}

/** What npm said, less its page on how to be used. */
function said({ error, stdout, stderr }) {
  const lines = [error?.message, stdout, stderr].filter(Boolean).join('\n').trim().split('\n');
  const usage = lines.findIndex((line) => /^npm error (Clean install a project|Usage:)/.test(line));
  return usage < 0 ? lines : lines.slice(0, usage);
}

function install(hash) {
  if (!writable(existsSync(modules) ? modules : top)) {
    const owner = statSync(existsSync(modules) ? modules : top).uid;
    fail(
      `The dependencies must be installed, but user ${process.getuid?.()} may not write to this folder (it belongs to user ${owner}).`,
      'Run `npm ci` here once as that user, or work in a checkout of your own.',
    );
  }
  const begun = Date.now();
  process.stdout.write('Installing dependencies (now, and again only when package-lock.json changes) … ');
  const flags = [
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const run = npm(['ci', ...flags]);
  if (run.error || run.status !== 0) {
    process.stdout.write('failed\n');
    fail(
      ...said(run),
      '',
      'npm ci did not succeed. Is the package registry reachable, and is there room on the disk?',
    );
  }
  process.stdout.write(`${Math.round((Date.now() - begun) / 1000)} s\n`);
  mark(hash);
}

checkNode();
const lock = read(join(top, 'package-lock.json'));
if (lock === undefined) fail('package-lock.json is missing: this is not a whole checkout of Yitong.');
const hash = wanted(lock);
if (read(stamp)?.trim() !== hash) {
  if (matchesHiddenLock(lock)) mark(hash);
  else install(hash);
}
