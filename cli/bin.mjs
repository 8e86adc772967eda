#!/usr/bin/env node
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle, bundleFolder } from '../node/supervisor/bundle.mjs.mts';

// The command runs from one bundle of our own sources, made anew when they change: half the memory and half the start-up time of a loader.
const top = fileURLToPath(new URL('..', import.meta.url));
const entries = { yitong: join(top, 'cli', 'main.ts') };
const folder = await bundle({ top, entries, into: bundleFolder(top) });
const { main } = await import(pathToFileURL(join(folder, 'yitong.mjs')).href);
await main(process.argv);
