import type { RecordView } from '@yitong/kernel';
import type { Draws } from './chance.ts';
import type { Finding } from './finding.ts';
import type { Member } from './member.ts';
import type { World } from './world.ts';

/** What somebody wants to look at. */
export interface Look {
  /** Record type, `<system>/<record>`. */
  readonly type: string;
  readonly subject: string;
  /** Citizen number of whom it concerns. */
  readonly person: string;
  readonly purpose: string;
  readonly role: string;
  /** Whether that role may see it. */
  readonly allowed: boolean;
}

/** A look and what came of it. */
interface Reading extends Look {
  readonly member: Member;
  /** Nobody else reads under this name. */
  readonly reader: string;
  shown: boolean;
}

/** Everyone who looks at records: what they were shown must stand on the page of the person concerned (kernel rule 12.10). */
export class Readers {
  readonly #history: Reading[] = [];
  readonly #world: World;
  readonly #draws: Draws;
  readonly #report: (finding: Finding) => void;

  constructor(world: World, report: (finding: Finding) => void) {
    this.#world = world;
    this.#draws = world.draws('readers');
    this.#report = report;
  }

  /** Looks once: the node may be down, or break off. */
  look(member: Member, look: Look): void {
    const reader = `reader-${this.#history.length + 1}`;
    const reading: Reading = { ...look, member, reader, shown: false };
    this.#history.push(reading);
    const { type, subject, purpose, role } = look;
    const actor = { id: reader, roles: [role] };
    this.#world.after(this.#draws.spread(0.2, 30), () => {
      void member.node
        ?.read({ type, subject, id: '', actor, purpose })
        .catch(() => undefined)
        .then((view) => this.#answered(reading, view));
    });
  }

  #answered(reading: Reading, view: RecordView | undefined): void {
    this.#world.note('read', reading.reader, view?.at ?? null);
    if (!view) return;
    reading.shown = true;
    this.#world.count('read.shown');
    if (!reading.allowed) this.#wrong(reading, `shown to the role ${reading.role}, which may not see it`);
    // About the person itself: the row is committed with the reading. Else it is on its way to the person's subject.
    if (reading.subject === `person:${reading.person}`) this.#check(reading);
  }

  /** What must hold at rest. */
  checkAll(): void {
    for (const reading of this.#history) if (reading.shown) this.#check(reading);
  }

  #check(reading: Reading): void {
    const { member, person, reader, purpose, type } = reading;
    const rows = member.disk.tables.partitions.flatMap(({ records }) => [
      ...(records.get('access/read')?.get(`person:${person}`)?.values() ?? []),
    ]);
    const own = rows
      .map((row): Record<string, unknown> => JSON.parse(row.body ?? '{}'))
      .find((row) => row['reader'] === reader);
    if (!own) return this.#wrong(reading, 'was shown, and the person does not see who read it');
    if (own['purpose'] !== purpose || own['what'] !== type)
      this.#wrong(reading, `stands there as ${own['what']} for ${own['purpose']}`);
  }

  #wrong({ member, subject, type }: Reading, detail: string): void {
    this.#report({ rule: '12.10', at: `${member.code} ${subject}`, detail: `${type} ${detail}` });
  }
}
