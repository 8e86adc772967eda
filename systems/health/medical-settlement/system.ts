import './eligibility.ts';
import './invariants.ts';
import './settled-bills.ts';
import { decisions } from './contract/decide.ts';
import { readMedicalVectors } from './contract/medical-vectors.ts';
import { chronicDiseaseCodes } from './data/chronic-diseases.ts';
import { diagnosisCategories } from './data/code-lists.ts';
import { demonstration } from './demo/demonstration.ts';
import { medical } from './head.ts';
import { billsIntake } from './intake/bills.ts';
import { fhirIntake } from './intake/fhir.ts';
import { tryBill } from './trial.ts';

for (const [name, { about, decide }] of Object.entries(decisions)) medical.rule(name, { about, decide });
medical.rule('try-bill', tryBill);
medical.codes(
  'diagnosis',
  diagnosisCategories.map(({ code, name }) => ({ code, name })),
);
medical.codes('chronic-disease', chronicDiseaseCodes);
medical.readVectors(readMedicalVectors);
medical.intake('bills', billsIntake);
medical.intake('fhir-claims', fhirIntake);
medical.demonstrate(demonstration);

/** 异地就医直接结算, with all that is declared in this folder. */
export const medicalSettlement = medical;
