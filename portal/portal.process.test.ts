import { afterAll, afterEach, beforeAll } from 'vitest';
import { care } from './jobs/care.suite.ts';
import { consent } from './jobs/consent.suite.ts';
import { counter } from './jobs/counter.suite.ts';
import { fundClerk } from './jobs/fund-clerk.suite.ts';
import { policy } from './jobs/policy.suite.ts';
import { Place } from './testing/place.ts';

// Each job is done in a real browser, from start to end, as its people do it: those that rely on bills settled before, and then every page that there
// is, in one region, one after the other. The jobs that rely on no other stand in `portal-apart.process.test.ts`, so that two workers share them.

const place = new Place();
beforeAll(() => place.open(), 300_000);
afterEach(({ task }) => place.end(task));
afterAll(() => place.close());

care(place);
consent(place);
counter(place);
fundClerk(place);
policy(place);
