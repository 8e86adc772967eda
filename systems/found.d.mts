/** The folders that hold a `system.ts`, two levels below the folder given: `<field>/<system>`, sorted. */
export function foundSystems(systems: string): readonly string[];
