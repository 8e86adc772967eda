import type { Demonstration, DemonstrationCommand, Member } from '@yitong/kit';
import { declareFiling } from '../filing.ts';
import { registerInstitution } from '../institution.ts';
import { registerCoverage } from '../insured.ts';
import { hospitalsOf } from './hospitals.ts';
import { filingsAmong, residentOf } from './residents.ts';

/** Hospitals, insured residents and their filings of a member, made up from one seed. */
export const demonstration: Demonstration = {
  title: { 'zh-CN': '定点医疗机构、参保人与备案', en: 'Hospitals, insured people and filings' },
  tries: (member) => [
    'sample medical-settlement bills.ndjson',
    `import medical-settlement bills.ndjson --at ${member}`,
  ],
  count: ({ member, scale }) => hospitalsOf(asMember(member)).length + scale + filingsAmong(scale),
  commands: ({ member, scale, seed }) => commandsOf(asMember(member), scale, seed),
};

function* commandsOf(member: Member, scale: number, seed: number): Generator<DemonstrationCommand> {
  for (const hospital of hospitalsOf(member))
    yield { command: registerInstitution, input: hospital, role: 'clerk' };
  for (let index = 0; index < scale; index += 1) {
    const { filing, opening, ...resident } = residentOf({ member, index, seed });
    const input = { ...resident, opening: String(opening) };
    yield { command: registerCoverage, input, role: 'clerk' };
    const declared = filing && { person: resident.person, ...filing };
    if (declared) yield { command: declareFiling, input: declared, role: 'clerk' };
  }
}

function asMember(code: string): Member {
  return `${Number(code)}`;
}
