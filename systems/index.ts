import { System, type SystemType } from '@yitong/kit';
import { modules } from './modules.ts';

/** Every system of this build: one for each folder `<field>/<system>` with a `system.ts`. A node runs those that its configuration names. */
export const systems: readonly SystemType[] = Object.entries(modules).map(([folder, module]) =>
  systemIn(folder, module),
);

/** The one system that a folder's `system.ts` exports, called like the folder. Errors: none, several, or another name. */
function systemIn(folder: string, module: object): SystemType {
  const [found, ...more] = Object.values(module).filter((value) => value instanceof System);
  const file = `systems/${folder}/system.ts`;
  if (!(found instanceof System) || more.length > 0)
    throw new Error(`${file} exports ${found ? 'several systems' : 'no system'}: export the one it declares`);
  const name = folder.slice(folder.indexOf('/') + 1);
  if (found.name !== name)
    throw new Error(`${file} declares '${found.name}': a system is called like its folder`);
  return found;
}
