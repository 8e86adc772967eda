/** Where a person asks who read their data. */
export const accessesPath = '/me/accesses?limit=100';
