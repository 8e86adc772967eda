import { type Line, linesOf } from '../../cli/json/lines.ts';
import { type Value, valuesOf } from '../../cli/json/values.ts';
import { problemOf } from '../../cli/problem.ts';
import { bill } from '../../node/bad-input/samples.ts';
import { parseStrictJson } from '../../node/http/strict-json.ts';
import { billsIntake } from '../../systems/health/medical-settlement/intake/bills.ts';
import { fhirIntake } from '../../systems/health/medical-settlement/intake/fhir.ts';
import { presentBill } from '../../systems/health/medical-settlement/visit.ts';
import { holds, kindOf, type Target } from '../target.ts';

const utf8 = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const lineMax = 4_096;
const context = {
  member: '340000',
  members: ['310000', '320000', '330000', '340000'],
  scale: 2_000,
  seed: 1,
} as const;

async function* parts(bytes: Uint8Array, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

async function valuesIn(bytes: Uint8Array, size: number): Promise<readonly Value[]> {
  const found: Value[] = [];
  for await (const value of valuesOf(linesOf(parts(bytes, size), lineMax), lineMax)) found.push(value);
  return found;
}

async function linesIn(bytes: Uint8Array): Promise<readonly Line[]> {
  const found: Line[] = [];
  for await (const line of linesOf(parts(bytes, 1_000), lineMax)) found.push(line);
  return found;
}

/** A file of values, one a line or each over several lines. */
const file: Target = {
  name: 'file',
  seeds: [
    '{"a":1}\n{"b":[1,\n2]}\r\n\n"x"\n',
    '\ufeff{\n  "a": {\n    "b": 1\n  }\n}\n{\n  "c": 2\n}',
    '{"a":\n{"b":1}\n{"c":2}\n',
  ].map(utf8),
  words: ['\n', '\r\n', '{', '}', '[', ']', '"', '\\"', '\0', '\ufeff', ' ', 'x'.repeat(300)],
  async run(bytes) {
    const found = await valuesIn(bytes, Math.max(1, bytes.length));
    const again = await valuesIn(bytes, 7);
    holds(JSON.stringify(found) === JSON.stringify(again), 'a file is read alike however it comes in parts');
    const lines = await linesIn(bytes);
    holds(found.length <= lines.length, 'there are no more values than lines');
    for (const value of found) {
      holds(value.line >= 1 && value.line <= lines.length, 'each value has the line it begins on');
      if (value.ok)
        holds(
          JSON.stringify(parseStrictJson(value.bytes)) === JSON.stringify(value.value),
          'a value is that of its bytes',
        );
      else holds(value.fault.reason !== '' && value.fault.remedy !== '', 'a fault has reason and remedy');
    }
    return [...new Set(found.map((value) => (value.ok ? 'ok' : kindOf(value.fault.reason))))]
      .sort()
      .join(' ');
  },
};

const parsed = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined; // another target's business
  }
};

/** A line of bills that was read is one that can be presented, or its fault is told by field, reason and remedy. */
function told(line: ReturnType<typeof billsIntake.read>): string {
  const said = [...line].map((one) => {
    if (!one.ok) {
      holds(one.reason !== '' && one.remedy !== '', 'a fault has reason and remedy');
      return `${one.field.replace(/[0-9]+/g, '')} ${kindOf(one.reason)}`;
    }
    holds(presentBill.input.safeParse(one.input).success, 'what an intake takes can be presented');
    return 'ok';
  });
  return said.join(', ').slice(0, 200);
}

/** `bills.ndjson`, a line. */
const bills: Target = {
  name: 'bills',
  seeds: [
    bill('019a0c1e-4b02-7000-8000-000000000002'),
    bill('019a0c1e-4b02-7000-8000-000000000003', { items: [], total: 5, disease: null }),
  ].map(utf8),
  words: [
    '"emergency":true',
    '"total":1',
    '"requested":"0"',
    '"items":[]',
    '"visit":"outpatient"',
    '"insuredPlace":"330100"',
    'null',
  ],
  run(bytes) {
    const value = parsed(bytes);
    return value === undefined ? 'not JSON' : told(billsIntake.read(value, context));
  },
};

const coding = (system: string, code: string) => ({ coding: [{ system, code }] });
const claim = {
  resourceType: 'Claim',
  id: 'a93b70f2-c9a6-4dbd-9ed6-8f7c350f85af',
  status: 'active',
  patient: { reference: 'urn:uuid:d78af07c' },
  provider: { reference: 'urn:uuid:6f122869' },
  billablePeriod: { start: '2012-02-29T15:29:24+00:00', end: '2012-02-29T15:44:24+00:00' },
  item: [
    { sequence: 1, productOrService: coding('http://snomed.info/sct', '185349003') },
    {
      sequence: 2,
      productOrService: coding('http://hl7.org/fhir/sid/cvx', '140'),
      net: { value: 140.52, currency: 'USD' },
    },
    { sequence: 3, productOrService: coding('http://snomed.info/sct', '38341003') },
  ],
  total: { value: 265.52, currency: 'USD' },
};

/** HL7 FHIR R4: a Claim, or a Bundle of them. */
const fhir: Target = {
  name: 'fhir',
  seeds: [
    claim,
    { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Patient' } }, { resource: claim }] },
  ].map(utf8),
  words: [
    '"soon"',
    '"9999-12-31"',
    '"0001-01-01T00:00:00Z"',
    '"CNY"',
    '1e300',
    '0.001',
    '-1',
    '"currency":"constructor"',
    '"code":"185349003"',
  ],
  run(bytes) {
    const value = parsed(bytes);
    if (value === undefined) return 'not JSON';
    try {
      return told(fhirIntake.read(value, context));
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      return (problem.errors ?? [])
        .map(({ pointer }) => pointer.replace(/[0-9]+/g, ''))
        .join(' ')
        .slice(0, 200);
    }
  },
};

/** What is read from files. */
export const targets: readonly Target[] = [file, bills, fhir];
