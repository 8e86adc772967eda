import { plantedDefects } from './sabotage.suite.ts';

// In two files, so that two workers share the defects.
plantedDefects(2);
