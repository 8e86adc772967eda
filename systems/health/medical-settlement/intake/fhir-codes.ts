/** What a code of American practice is taken for. Demonstration table: it makes foreign claims readable, it is no medical translation. */
export type CodeMeaning =
  | { readonly item: string; readonly visit?: 'inpatient'; readonly emergency?: true }
  | { readonly diagnosis: string };

const OUTPATIENT = { item: '001102000010000' };
const EMERGENCY = { item: '001102000030000', emergency: true } as const;
const STAY = { item: '001102000050000', visit: 'inpatient' } as const;
/** No national item: outside every catalogue, so paid by the person. */
const SELF_PAID = { item: '000000000000000' };

/** SNOMED CT code to a national service item or an ICD-10 category. */
const snomed: Readonly<Record<string, CodeMeaning>> = {
  '185345009': OUTPATIENT, // encounter for symptom
  '185347001': OUTPATIENT, // encounter for problem
  '185349003': OUTPATIENT, // encounter for check up
  '371883000': OUTPATIENT, // outpatient procedure
  '698314001': OUTPATIENT, // consultation for treatment
  '428191000124101': OUTPATIENT, // documentation of current medications
  '50849002': EMERGENCY, // emergency room admission
  '183452005': STAY, // inpatient encounter
  '305408004': STAY, // admission to surgical department
  '23426006': { item: '003106010010000' }, // measurement of respiratory function
  '117015009': { item: '002505010090000' }, // throat culture
  '288086009': { item: '003315210080000' }, // suture of open wound
  '287664005': { item: '003313020010000' }, // bilateral tubal ligation
  '444814009': { diagnosis: 'J01' }, // viral sinusitis
  '195662009': { diagnosis: 'J02' }, // acute viral pharyngitis
  '162864005': { diagnosis: 'E66' }, // obesity
  '38341003': { diagnosis: 'I10' }, // hypertension
  '10509002': { diagnosis: 'J20' }, // acute bronchitis
  '40055000': { diagnosis: 'J32' }, // chronic sinusitis
  '75498004': { diagnosis: 'J01' }, // acute bacterial sinusitis
  '283385000': { diagnosis: 'S71' }, // laceration of thigh
  '284551006': { diagnosis: 'S91' }, // laceration of foot
  '44465007': { diagnosis: 'S93' }, // sprain of ankle
  '70704007': { diagnosis: 'S63' }, // sprain of wrist
  '410429000': { diagnosis: 'I46' }, // cardiac arrest
  '429007001': { diagnosis: 'Z86' }, // history of cardiac arrest
  '128613002': { diagnosis: 'G40' }, // seizure disorder
  '703151001': { diagnosis: 'R56' }, // history of single seizure
  '84757009': { diagnosis: 'G40' }, // epilepsy
  '62564004': { diagnosis: 'S06' }, // concussion
  '239873007': { diagnosis: 'M17' }, // osteoarthritis of knee
  '124171000119105': { diagnosis: 'G43' }, // migraine
  '74400008': { diagnosis: 'K37' }, // appendicitis
  '428251008': { diagnosis: 'Z90' }, // history of appendectomy
  '40275004': { diagnosis: 'L25' }, // contact dermatitis
};

/** What a coding is taken for; vaccines (CVX) and drugs (RxNorm) have no national item here. `undefined`: not in the table. */
export function meaningOf(system: string, code: string): CodeMeaning | undefined {
  if (system === 'http://snomed.info/sct') return Object.hasOwn(snomed, code) ? snomed[code] : undefined;
  if (system === 'http://hl7.org/fhir/sid/cvx') return SELF_PAID;
  return system === 'http://www.nlm.nih.gov/research/umls/rxnorm' ? SELF_PAID : undefined;
}

/** Fen for one hundredth of a unit of the currency; dollars at a rate of 7.00, a demonstration value. */
export const fenOfCent: Readonly<Record<string, bigint>> = { USD: 7n, CNY: 1n };
/** Claims are moved by whole years so that they begin in this one, in which the demonstration's policies are in force. */
export const CLAIM_YEAR = 2025;
