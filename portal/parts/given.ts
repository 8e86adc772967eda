import { createContext } from 'react';
import type { Command } from '../api/types.ts';

/** The command that a form gives, and the key of whom or what it is about as it stands in the form: what its fields name may be told by it. */
export const Given = createContext<{ readonly command: Command; readonly subject: string } | undefined>(
  undefined,
);
