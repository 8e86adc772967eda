export { medical } from './head.ts';

import './insured.ts';
import './filing.ts';
import './institution.ts';
import './eligibility.ts';
import './visit.ts';
