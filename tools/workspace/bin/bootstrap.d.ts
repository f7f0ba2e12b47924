/** See bootstrap.js. */
export function findStaleness(root: string): string | undefined
