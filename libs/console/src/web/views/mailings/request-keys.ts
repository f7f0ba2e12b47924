/** Gives a key per content: asking twice for the same makes it once, and what was changed in between is something else. */
export function createRequestKeys(): (content: string) => string {
  const keys = new Map<string, string>()
  return (content) => {
    const key = keys.get(content) ?? randomKey()
    keys.set(content, key)
    return key
  }
}

/** Not randomUUID, which is there on https and localhost alone. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
