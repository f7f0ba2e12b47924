const POSITION = /^[\dA-F]{1,8}\/[\dA-F]{1,8}$/i

/**
 * Reads a place in PostgreSQL's log as PostgreSQL writes it, such as `16/B374D848`.
 *
 * @returns bytes from the beginning of the log; undefined for other text
 */
export function parseWalPosition(text: string): bigint | undefined {
  if (!POSITION.test(text)) return undefined
  const [high, low] = text.split('/') as [string, string]
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}
