#!/usr/bin/env node
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// The command runs from one bundle of our own sources, made anew when they change: a loader would take
// twice the memory and twice the time to start.
const top = fileURLToPath(new URL('..', import.meta.url));
const { bundle, bundleFolder } = await import(new URL('../node/supervisor/bundle.mjs', import.meta.url).href);
const entries = { yitong: join(top, 'cli', 'main.ts') };
const folder = await bundle({ top, entries, into: bundleFolder(top) });
const { main } = await import(pathToFileURL(join(folder, 'yitong.mjs')).href);
await main(process.argv);
