/** @returns a time of RFC 3339 in UTC with these decimals behind the second */
export function timestampOf(ms: number, decimals: string): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.${decimals}Z`
}
