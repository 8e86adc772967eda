import type { Browser, Page } from 'playwright-core';
import type { RunnerTask } from 'vitest';
import { systems } from '../../systems/index.ts';
import { type Look, openBrowser, signIn, type Way } from './browser.ts';
import { mooring } from './mooring.ts';
import { type PortalRegion, portalRegion, type RegionWish } from './region.ts';
import { Witness } from './witness.ts';

/** On a phone in Chinese, and at a desk in English and the dark: between them they see each thing that a page may get wrong. */
export const looks: readonly Look[] = [
  { language: 'zh', width: 390 },
  { language: 'en', width: 1280, dark: true },
];

const everySystem: RegionWish = {
  members: ['310000', '340000'],
  systems: [...systems, mooring],
  entry: './mooring-node.ts',
};

/** Where all jobs of the tests are done: one region, one browser. */
export class Place {
  readonly witness = new Witness();
  #region: PortalRegion | undefined;
  #browser: Browser | undefined;

  /** Starts them; with the system that only the tests know unless `wish` says otherwise. */
  async open(wish: RegionWish = everySystem): Promise<void> {
    [this.#region, this.#browser] = await Promise.all([portalRegion(wish), openBrowser()]);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#region?.stop();
  }

  /** Called after each test; fails it for an error of a page of its own. */
  end(task: Pick<RunnerTask, 'name' | 'result'>): Promise<void> {
    return this.witness.end(task);
  }

  get region(): PortalRegion {
    if (this.#region === undefined) throw new Error('the region does not run');
    return this.#region;
  }

  /** Address of a page of a member's portal. */
  at(look: Look, member: string, path: string): string {
    return `${this.region.url(member)}/${look.language}${path}`;
  }

  /** Stops a member's node as if its machine hung: it answers nobody, until what is given back is called. */
  away(member: string): () => void {
    const pid = this.region.region.members.find(({ code }) => code === member)?.pid();
    if (pid === undefined) throw new Error(`the node of ${member} does not run`);
    process.kill(pid, 'SIGSTOP');
    return () => void process.kill(pid, 'SIGCONT');
  }

  /** Gives a command as an account, by the API. Throws unless it is done. */
  async command(member: string, account: string, type: string, input: object): Promise<void> {
    const { status, text } = await this.#give(member, account, type, input);
    if (status !== 200 && status !== 201) throw new Error(`${type}: ${status} ${text}`);
  }

  /** The same, done or refused: its number. */
  async given(member: string, account: string, type: string, input: object): Promise<string> {
    return String(JSON.parse((await this.#give(member, account, type, input)).text).id);
  }

  async #give(
    member: string,
    account: string,
    type: string,
    input: object,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const authorization = await this.region.token(`${member}-${account}`);
    const headers = { authorization, 'content-type': 'application/json', prefer: 'wait=20' };
    const url = `${this.region.url(member)}/${type}`;
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
    return { status: answer.status, text: await answer.text() };
  }

  /** A page in a window of its own, of somebody who is not signed in. */
  page(look: Look): Promise<Page> {
    if (this.#browser === undefined) throw new Error('the browser does not run');
    return this.witness.page(this.#browser, look);
  }

  /** The same, of somebody who signed in as an account of the demonstration. */
  async sit(look: Look, member: string, account: string, path: string, way?: Way): Promise<Page> {
    const page = await this.page(look);
    await signIn(page, this.region.url(member), `${member}-${account}`, `/${look.language}${path}`, way);
    return page;
  }
}
