const NAME = /^[a-z0-9][a-z0-9._@-]{0,62}$/

export const NAME_FORM = '1 to 63 of a-z, 0-9 and . _ @ -, beginning with a letter or digit'

/** @returns the name as it is kept; undefined where no account can have it */
export function parseAccountName(text: string): string | undefined {
  const name = text.trim().toLowerCase()
  return NAME.test(name) ? name : undefined
}
