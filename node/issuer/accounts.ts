import { randomBytes } from 'node:crypto';
import { citizenIdCheckCharacter, type SystemType } from '@yitong/kit';
import { nodeRoles, nodeSystem } from '../access/signed-in.ts';

/** A made-up account of the demonstration: its id is also its OAuth client's. */
export interface DemonstrationAccount {
  readonly id: string;
  readonly secret: string;
  readonly member: string;
  /** As in tokens: `<member>:<system>/<role>`. */
  readonly roles: readonly string[];
  /** Citizen number of a resident's account. */
  readonly person?: string;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
}

/** A member as people call it. */
export interface NamedMember {
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
}

/** What the accounts are made of; `scale` and `seed` are those that the demonstration data are loaded with. */
export interface AccountPlan {
  readonly members: readonly NamedMember[];
  readonly systems: readonly SystemType[];
  readonly scale: number;
  readonly seed: number;
}

type Names = DemonstrationAccount['name'];

/** One account for each member and declared role, an operator, an auditor and a resident each. Secrets are kept from `before`. */
export function demonstrationAccounts(
  plan: AccountPlan,
  before: readonly DemonstrationAccount[] = [],
): readonly DemonstrationAccount[] {
  const secrets = new Map(before.map((account) => [account.id, account.secret]));
  return plan.members.flatMap((member) => {
    const make = (
      name: string,
      role: string | undefined,
      title: Names,
      person?: string,
    ): DemonstrationAccount => {
      const id = `${member.code}-${name}`;
      return {
        id,
        secret: secrets.get(id) ?? randomBytes(24).toString('base64url'),
        member: member.code,
        roles: role === undefined ? [] : [`${member.code}:${role}`],
        name: { 'zh-CN': `${member.name.zh}·${title['zh-CN']}`, en: `${member.name.en}: ${title.en}` },
        ...(person === undefined ? {} : { person }),
      };
    };
    const ofSystems = plan.systems.flatMap((system) =>
      system.roles.map((role) =>
        make(`${system.name}-${role}`, `${system.name}/${role}`, titleOf(system, role)),
      ),
    );
    const ofNode = nodeRoles.map((role) => make(role, `${nodeSystem}/${role}`, nodeTitles[role]));
    const resident = make(
      'resident',
      undefined,
      { 'zh-CN': '居民', en: 'Resident' },
      residentOf(member.code, plan),
    );
    return [...ofSystems, ...ofNode, resident];
  });
}

const nodeTitles: Readonly<Record<(typeof nodeRoles)[number], Names>> = {
  operator: { 'zh-CN': '运行人员', en: 'Operator' },
  auditor: { 'zh-CN': '审计人员', en: 'Auditor' },
  accountant: { 'zh-CN': '基金清算人员', en: 'Fund clerk' },
};

function titleOf(system: SystemType, role: string): Names {
  const key = `@${role}`;
  return { 'zh-CN': system.texts['zh-CN'][key] ?? role, en: system.texts.en[key] ?? role };
}

/** The first person that the demonstration data are about, so that the account has something to see; else a number of nobody's. */
function residentOf(member: string, { systems, scale, seed }: AccountPlan): string {
  for (const { demonstration } of systems) {
    if (demonstration === undefined) continue;
    let looked = 0;
    for (const { command, input } of demonstration.commands({ member, scale, seed })) {
      const parsed = command.about.person ? command.input.safeParse(input) : undefined;
      if (parsed?.success) return command.keyOf(parsed.data);
      if (++looked === 200) break;
    }
  }
  const body = `${member.slice(0, 2)}010119900307001`;
  return body + citizenIdCheckCharacter(body);
}
