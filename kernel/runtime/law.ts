import type { Day, History, SystemType } from '@yitong/kit';
import { inForce } from '@yitong/kit';

/** Parameters in force on a day, for a system and a member; computed when first read, kept for the days in use. */
export class Laws {
  readonly #days = new Map<string, object>();

  /** The member's own history of a name goes before the region's. A parameter not in force throws when it is read. */
  of(system: SystemType, member: string, day: Day): object {
    const key = `${system.name}@${member}@${day}`;
    const known = this.#days.get(key);
    if (known) return known;
    if (this.#days.size > 2_000) this.#days.clear();
    const law = lawOf(system, member, day);
    this.#days.set(key, law);
    return law;
  }
}

function lawOf(system: SystemType, member: string, day: Day): object {
  const own = system.overlays[member] ?? {};
  const law = {};
  for (const name of Object.keys(system.parameters)) {
    const history = own[name] ?? system.parameters[name];
    if (history)
      Object.defineProperty(law, name, {
        enumerable: true,
        configurable: true,
        get: once(law, name, history, day),
      });
  }
  return law;
}

function once(law: object, name: string, history: History<unknown>, day: Day): () => unknown {
  return () => {
    const value = inForce(history, day);
    Object.defineProperty(law, name, { value });
    return value;
  };
}
