import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signingKey, suites } from '@yitong/kernel';
import { systems } from '@yitong/systems';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemChance } from './chance.ts';
import { systemClock } from './clock.ts';
import { readPem, readSigningKey } from './key-files.ts';
import { systemsOf } from './systems.ts';

const folder = mkdtempSync(join(tmpdir(), 'seams-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the machine’s clock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('runs once when the time is over, and not when it was taken back', () => {
    const ran: string[] = [];
    systemClock.after(50, () => ran.push('first'));
    systemClock.after(50, () => ran.push('second'))();
    vi.advanceTimersByTime(49);
    expect(ran).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(ran).toEqual(['first']);
  });

  test('waits for a day two months away, which one timer of Node cannot', () => {
    const ran: string[] = [];
    const days = 86_400_000;
    systemClock.after(60 * days, () => ran.push('due'));
    vi.advanceTimersByTime(59 * days);
    expect(ran).toEqual([]);
    vi.advanceTimersByTime(2 * days);
    expect(ran).toEqual(['due']);
  });
});

test('chance gives as many bytes as asked for, never the same again, and fractions below one', () => {
  const chance = systemChance();
  const seen = new Set(Array.from({ length: 5_000 }, () => Buffer.from(chance.bytes(10)).toString('hex')));
  expect(seen.size).toBe(5_000);
  expect(chance.bytes(100_000)).toHaveLength(100_000);
  const units = Array.from({ length: 1_000 }, () => chance.unit());
  expect(units.every((unit) => unit >= 0 && unit < 1)).toBe(true);
  expect(Math.max(...units) - Math.min(...units)).toBeGreaterThan(0.9);
});

describe('key files', () => {
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  test('are read as they were written', () => {
    const key = signingKey({
      id: '310000-2026a',
      suite: suites['ed25519-sha256'].name,
      random: new Uint8Array(32).fill(7),
    });
    expect(readSigningKey(write('key.json', JSON.stringify(key)))).toEqual(key);
  });

  test.each([
    ['a torn file', '{"id":"310000-2026a","secret":"5eC4e7'],
    ['another file', '{"secret":"5eC4e7"}'],
    ['an unknown suite', '{"id":"a","suite":"rot13","public":"00","secret":"5eC4e7"}'],
  ])('%s is refused without telling of its content', (_what, text) => {
    const read = () => readSigningKey(write('bad.json', text));
    expect(read).toThrow('put the file back from a backup');
    expect(read).not.toThrow('5eC4e7');
  });

  test('that are missing or no PEM are named', () => {
    expect(() => readSigningKey(join(folder, 'none.json'))).toThrow('none.json');
    expect(() => readPem(write('x.pem', 'hello'))).toThrow('it is not PEM');
  });
});

test('a member runs the systems that it names, or all', () => {
  expect(systemsOf('all')).toBe(systems);
  const [first] = systems;
  expect(systemsOf([String(first?.name)])).toEqual([first]);
  expect(() => systemsOf(['alchemy'])).toThrow("there is no system 'alchemy'");
});
