/** How strong signing in to the demonstration is when an account is picked. */
export const pickedAcr = 'urn:yitong:demonstration:picked';
/** The same once it is confirmed, in place of a second factor: what a node asks for before money moves. */
export const strongAcr = 'urn:yitong:demonstration:confirmed';
