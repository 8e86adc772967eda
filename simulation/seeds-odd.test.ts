import { smallSeeds } from './seeds.suite.ts';

// In two files, odd and even seeds, so that two workers share them.
smallSeeds(1);
