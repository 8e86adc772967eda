import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { declaredSystem } from './jobs/declared-system.suite.ts';
import { longList } from './jobs/long-list.suite.ts';
import { operator } from './jobs/operator.suite.ts';
import { outline } from './jobs/outline.suite.ts';
import { policyExpert } from './jobs/policy-expert.suite.ts';
import { signIn } from './jobs/sign-in.suite.ts';
import { visitor } from './jobs/visitor.suite.ts';
import { Place } from './testing/place.ts';

// The jobs that rely on nothing that another one left, in a region of their own beside that of `portal.process.test.ts`.

const place = new Place();
beforeAll(() => place.open(), 300_000);
afterEach(({ task }) => place.end(task));
afterAll(() => place.close());

policyExpert(place);
outline(place);
declaredSystem(place);
operator(place);
visitor(place);
longList(place);
signIn(place);

test('a page that is not there says so, with its status', async () => {
  const page = await place.page({ language: 'zh', width: 390 });
  place.witness.expect(/404/);
  const answer = await page.goto(`${place.region.url('310000')}/zh/nothing/here`);
  expect(answer?.status()).toBe(404);
});
