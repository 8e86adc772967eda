/**
 * Adds to package-lock.json the optional packages of other platforms that the registry at hand does not carry: npm leaves them out when it
 * writes the file, and `npm ci` then refuses it everywhere. They get no hash, for none is known here. Run after every `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));

/** The platform that a package's name ends with, such as `linux-arm64-musl`. */
function platformOf(name) {
  const [os, cpu, abi = ''] = (
    /-((?:android|darwin|freebsd|linux|openharmony|win32)-.+)$/.exec(name)?.[1] ?? ''
  ).split('-');
  if (cpu === undefined) throw new Error(`${name} names no platform: add its entry by hand`);
  const libc = abi.startsWith('musl') ? 'musl' : 'glibc';
  return { os, cpu, ...(os === 'linux' && abi !== '' && { libc }) };
}

function entryOf(name, version, parent) {
  const { os, cpu, libc } = platformOf(name);
  return {
    version,
    cpu: [cpu],
    ...(parent.dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    license: parent.license,
    optional: true,
    os: [os],
    ...(parent.engines && { engines: parent.engines }),
  };
}

const lock = JSON.parse(readFileSync(path, 'utf8'));
const { packages } = lock;
let added = 0;
for (const [at, parent] of Object.entries({ ...packages })) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] || packages[`${at}/node_modules/${name}`]) continue;
    packages[`node_modules/${name}`] = entryOf(name, version, parent);
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
if (added > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages of other platforms added`);
