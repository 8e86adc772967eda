/** Where a person's settlements are asked for, the newest first. */
export const billsPath = '/medical-settlement/settlement?sort=-decidingDate&limit=50';

/** Where a person's filings are asked for, the newest first. */
export const filingsPath = '/medical-settlement/filing?sort=-from&limit=50';
