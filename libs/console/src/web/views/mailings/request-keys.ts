import { randomKey } from '../../data/random-key.ts'

/** Gives a key per content: asking twice for the same makes it once, and what was changed in between is something else. */
export function createRequestKeys(): (content: string) => string {
  const keys = new Map<string, string>()
  return (content) => {
    const key = keys.get(content) ?? randomKey()
    keys.set(content, key)
    return key
  }
}
